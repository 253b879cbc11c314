import { constants } from 'node:fs';
import { copyFile, link, mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import { ANY_SUBJECT, openGrantStore, statIdentity } from '@deskhand/grants';
import type { Part } from './cast.ts';

/**
 * A copy of node for each part, under the name of what it plays: an application is known by its file. They are links
 * to one copy in the drill's own folder, because a link touches the file that it leads to.
 */
export async function makeExecutables(
  folder: string,
  execPath: string,
  parts: readonly Part[],
): Promise<ReadonlyMap<Part, string>> {
  const original = join(folder, 'original');
  await copyFile(execPath, original, constants.COPYFILE_FICLONE);
  const made = parts.map(async (part) => {
    const own = join(folder, 'apps', part.name.replaceAll(' ', '-'));
    await mkdir(own, { recursive: true });
    const path = join(own, part.executable);
    await link(original, path);
    return [part, path] as const;
  });
  return new Map(await Promise.all(made));
}

const FLAGS = { clipboardRead: true, clipboardWrite: true };

/** Writes what the person of the drill allowed into a state folder of the drill's own. */
export async function writeGrants(home: string, executables: ReadonlyMap<Part, string>): Promise<void> {
  const store = await openGrantStore({ home });
  try {
    for (const [{ granted }, executable] of executables) {
      const decisions = granted === 'yes' ? (['allow'] as const) : (['allow', 'deny'] as const);
      for (const decision of granted === 'never' ? [] : decisions) {
        await store.add({
          subject: ANY_SUBJECT,
          resource: { kind: 'app', app: `linux:${executable}` },
          decision,
          scope: 'always',
          origin: 'person',
          identity: statIdentity({ executable }),
          ...(decision === 'allow' && { flags: FLAGS }),
        });
      }
    }
  } finally {
    store.close();
  }
}
