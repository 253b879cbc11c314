import {
  chmodSync,
  closeSync,
  constants,
  fstatSync,
  lstatSync,
  mkdirSync,
  openSync,
  readFileSync,
  type BigIntStats,
} from 'node:fs';
import { GrantsError, type GrantsErrorCode } from './grants-error.ts';

const GROUP_OR_OTHERS_WRITE = 0o022n;

/** @throws GrantsError when someone else than this user could have written to what `stat` describes */
function refuseForeign(path: string, stat: BigIntStats, code: GrantsErrorCode): void {
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

/** @throws GrantsError when it is not a file of one name that only this user could have written */
function refuseUnlikeOwnFile(path: string, stat: BigIntStats, code: GrantsErrorCode): void {
  const hint = `Check what it holds, then replace it by a plain file of your own: cp '${path}' '${path}.copy' && mv '${path}.copy' '${path}'`;
  if (!stat.isFile()) throw new GrantsError(code, `${path} is not a plain file`, { hint });
  refuseForeign(path, stat, code);
  if (stat.nlink > 1n)
    throw new GrantsError(code, `${path} has another name as well (a hard link)`, { hint });
}

/**
 * The content of a file that only this user could have written, with its attributes as they were before reading.
 * @throws GrantsError `code`, also when it is a link or not there
 */
export function readOwnFile(
  path: string,
  code: GrantsErrorCode,
): { readonly stat: BigIntStats; readonly bytes: Buffer } {
  const fd = openOwn(path, code);
  try {
    const stat = fstatSync(fd, { bigint: true });
    refuseUnlikeOwnFile(path, stat, code);
    return { stat, bytes: readFileSync(fd) };
  } finally {
    closeSync(fd);
  }
}

function openOwn(path: string, code: GrantsErrorCode): number {
  try {
    return openSync(path, constants.O_RDONLY | constants.O_NOFOLLOW | constants.O_NONBLOCK);
  } catch (cause) {
    throw new GrantsError(code, `${path} is a link or cannot be read`, {
      hint: `Replace it by a plain file of your own, or remove it, which drops what it holds.`,
      cause,
    });
  }
}

/** @throws GrantsError */
export function makePrivateFolder(path: string): void {
  mkdirIfMissing(path);
  refuseForeignFolder(path);
  if (process.platform !== 'win32' && (lstatSync(path).mode & 0o077) !== 0) chmodSync(path, 0o700);
}

/** @throws GrantsError `state_home_unsafe` when it is a link, or someone else could have written to it */
export function refuseForeignFolder(path: string): void {
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
}

function mkdirIfMissing(path: string): void {
  if (lstatSync(path, { throwIfNoEntry: false }) === undefined)
    mkdirSync(path, { recursive: true, mode: 0o700 });
}
