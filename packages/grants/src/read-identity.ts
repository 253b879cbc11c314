import { createHash } from 'node:crypto';
import { statSync, type BigIntStats } from 'node:fs';
import { open } from 'node:fs/promises';
import { dirname } from 'node:path';
import { identityHolds, type ExecutableIdentity, type IdentityVerdict } from './executable-identity.ts';

const READ_BYTES = 1 << 20;

/** Where to find an executable: its resolved path, and where to open it when not there. */
export interface ExecutablePlace {
  readonly executable: string;
  /** Such as `/proc/4711/exe`, which stays the running file when the path has another one. */
  readonly via?: string;
}

/** What the file system says of an executable, without its content: microseconds. @throws when it is not there */
export function statIdentity({ executable, via = executable }: ExecutablePlace): ExecutableIdentity {
  return identityFrom(executable, statSync(via, { bigint: true }));
}

/** Like `statIdentity`, with the SHA-256 of the content: milliseconds. @throws when it is not there or unreadable */
export async function readIdentity(
  place: ExecutablePlace,
  signal?: AbortSignal,
): Promise<ExecutableIdentity> {
  const file = await open(place.via ?? place.executable, 'r');
  try {
    const hash = createHash('sha256');
    const before = await file.stat({ bigint: true });
    const buffer = Buffer.allocUnsafe(READ_BYTES);
    for (;;) {
      signal?.throwIfAborted();
      const { bytesRead } = await file.read(buffer);
      if (bytesRead === 0) break;
      hash.update(buffer.subarray(0, bytesRead));
    }
    const after = await file.stat({ bigint: true });
    if (after.ctimeNs !== before.ctimeNs) throw new Error(`${place.executable} changed while it was read`);
    return { ...identityFrom(place.executable, after), sha256: hash.digest('hex') };
  } finally {
    await file.close();
  }
}

/** Judges an approval against the file that is there now, and reads the content only when that decides. */
export async function checkIdentity(
  recorded: ExecutableIdentity | undefined,
  place: ExecutablePlace,
  signal?: AbortSignal,
): Promise<IdentityVerdict> {
  const verdict = identityHolds(recorded, statIdentity(place));
  if (verdict.holds || verdict.code !== 'content_unread') return verdict;
  return identityHolds(recorded, await readIdentity(place, signal));
}

function identityFrom(executable: string, stat: BigIntStats): ExecutableIdentity {
  return {
    executable,
    device: String(stat.dev),
    inode: String(stat.ino),
    size: Number(stat.size),
    changedNs: String(stat.ctimeNs),
    ownerUid: Number(stat.uid),
    rootOnly:
      isRootOnly(stat) &&
      leadsTo(executable, stat) &&
      foldersAbove(executable).every((folder) => isRootOnly(statSync(folder, { bigint: true }))),
  };
}

// Windows reports uid 0 for everything, so nothing counts there.
const isRootOnly = (stat: BigIntStats): boolean =>
  process.platform !== 'win32' && stat.uid === 0n && (stat.mode & 0o022n) === 0n;

/** A process can see another file at the path than we do; then what root guards at the path says nothing of it. */
function leadsTo(path: string, stat: BigIntStats): boolean {
  const here = statSync(path, { bigint: true, throwIfNoEntry: false });
  return here !== undefined && here.dev === stat.dev && here.ino === stat.ino;
}

function foldersAbove(path: string): readonly string[] {
  const folder = dirname(path);
  return folder === path ? [] : [folder, ...foldersAbove(folder)];
}
