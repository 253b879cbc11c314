import type { Started } from '@deskhand/agent-host';
import { realpathSync, statSync } from 'node:fs';
import { resolve } from 'node:path';
import { EXIT, Refusal, type Context } from './context.ts';

/** `NAME=PATH` or `NAME=PATH:ro`. @throws Refusal where it is no folder */
export function mountOf(text: string, { cwd }: Pick<Context, 'cwd'>): Started['mounts'][number] {
  const [, name, given = '', readOnly] = /^([A-Za-z0-9][\w.-]*)=(.+?)(:ro)?$/.exec(text) ?? [];
  const hint = 'Use --mount NAME=PATH, or NAME=PATH:ro to only read.';
  if (name === undefined) throw new Refusal(`${text} is no folder to share.`, hint, EXIT.usage);
  const path = resolve(cwd, given);
  if (!statSync(path, { throwIfNoEntry: false })?.isDirectory())
    throw new Refusal(`${path} is no folder.`, hint, EXIT.usage);
  return { name, path: realpathSync(path), isReadOnly: readOnly !== undefined };
}
