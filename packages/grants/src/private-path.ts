import { chmodSync, lstatSync, mkdirSync, type BigIntStats } from 'node:fs';
import { GrantsError, type GrantsErrorCode } from './grants-error.ts';

const GROUP_OR_OTHERS_WRITE = 0o022n;

/** @throws GrantsError when someone else than this user could have written to what `stat` describes */
export function refuseForeign(path: string, stat: BigIntStats, code: GrantsErrorCode): void {
  const uid = process.geteuid?.();
  if (uid === undefined) return;
  if (stat.uid !== BigInt(uid))
    throw new GrantsError(code, `${path} belongs to uid ${String(stat.uid)}, and this runs as uid ${uid}`, {
      hint: `Run as the owner, or have the owner or root run: chown ${uid} '${path}'`,
    });
  if ((stat.mode & GROUP_OR_OTHERS_WRITE) !== 0n)
    throw new GrantsError(code, `${path} can be written by other users`, {
      hint: `Check what it holds, then run: chmod go-w '${path}'`,
    });
}

/** @throws GrantsError */
export function makePrivateFolder(path: string): void {
  mkdirIfMissing(path);
  const stat = lstatSync(path, { bigint: true });
  if (!stat.isDirectory())
    throw new GrantsError(
      'state_home_unsafe',
      `${path} is ${stat.isSymbolicLink() ? 'a link' : 'not a folder'}`,
      {
        hint: 'Remove it, or set DESKHAND_HOME to a folder.',
      },
    );
  refuseForeign(path, stat, 'state_home_unsafe');
  if (process.platform !== 'win32' && (stat.mode & 0o077n) !== 0n) chmodSync(path, 0o700);
}

function mkdirIfMissing(path: string): void {
  if (lstatSync(path, { throwIfNoEntry: false }) === undefined)
    mkdirSync(path, { recursive: true, mode: 0o700 });
}
