import { ToolError, type CallContext } from '@deskhand/server-runtime';
import type { FileHandle } from 'node:fs/promises';
import { createWriteStream } from 'node:fs';
import { join } from 'node:path';
import { pipeline } from 'node:stream/promises';
import type { BrowserSession } from '../../session.ts';

/** The most that all files of one upload may have, in bytes. */
const MOST_BYTES = 500_000_000;

/**
 * Copies files to a folder of the session and gives the paths of the copies: the browser reads by path, and later, so
 * that what was judged could be another file by then.
 */
export async function stage(
  session: BrowserSession,
  paths: readonly string[],
  call: Pick<CallContext, 'roots' | 'signal'>,
): Promise<readonly string[]> {
  const opened: { readonly handle: FileHandle; readonly name: string }[] = [];
  try {
    for (const path of paths) opened.push(await session.fileAccess.read(path, call));
    const sizes = await Promise.all(opened.map(async ({ handle }) => (await handle.stat()).size));
    const bytes = sizes.reduce((sum, size) => sum + size, 0);
    if (bytes > MOST_BYTES) throw tooLarge(bytes);
    const staged: string[] = [];
    for (const { handle, name } of opened) {
      const copy = join(await session.files.folder('upload'), name);
      const to = createWriteStream(copy, { mode: 0o600, flags: 'wx' });
      await pipeline(handle.createReadStream({ autoClose: false, start: 0, end: MOST_BYTES }), to, {
        signal: call.signal,
      });
      staged.push(copy);
    }
    return staged;
  } finally {
    for (const { handle } of opened) await handle.close();
  }
}

const tooLarge = (bytes: number): ToolError =>
  new ToolError('file_too_large', `The files have ${bytes} bytes, and at most ${MOST_BYTES} are uploaded`, {
    hint: 'Give smaller files.',
  });
