import { chmodSync, lstatSync, mkdirSync, rmSync } from 'node:fs';
import { dirname } from 'node:path';
import { shellWord } from '../shell-word.ts';
import { DaemonError } from './daemon-error.ts';

/** Bytes of a socket's path that every Unix takes. */
const PATH_MAX = 103;

/**
 * Makes room for a socket of ours, by the one process that may: creates its folder, mode 0700, and removes the socket
 * of a dead daemon.
 *
 * @throws DaemonError when the folder or what lies at the path is not ours
 */
export function makeRoomForSocket(path: string): void {
  refuseLongPath(path);
  makeOwnFolder(dirname(path));
  const stat = lstatSync(path, { throwIfNoEntry: false });
  if (stat === undefined) return;
  if (!stat.isSocket() || stat.uid !== ownUid()) throw foreign(path, 'is not a socket of yours');
  rmSync(path);
}

/** @throws DaemonError when no socket can have this path */
export function refuseLongPath(path: string): void {
  const bytes = Buffer.byteLength(path);
  if (process.platform === 'win32' || bytes <= PATH_MAX) return;
  throw new DaemonError(
    `${path} is too long for a socket: ${bytes} bytes, and ${PATH_MAX} are possible`,
    'Set DESKHAND_HOME to a shorter folder.',
  );
}

/** Lets nobody else connect. */
export const closeToOthers = (path: string): void => chmodSync(path, 0o600);

/**
 * Checks a socket before something is said to it.
 *
 * @throws DaemonError when somebody else could have put it there or could listen
 */
export function checkSocket(path: string): void {
  const folder = lstatSync(dirname(path));
  if (!folder.isDirectory() || folder.uid !== ownUid())
    throw foreign(dirname(path), 'is not a folder of yours');
  if ((folder.mode & 0o022) !== 0)
    throw new DaemonError(
      `other users may write to ${dirname(path)}`,
      `Find out what they left there, then run: chmod 700 ${shellWord(dirname(path))}`,
    );
  const socket = lstatSync(path);
  if (!socket.isSocket() || socket.uid !== ownUid()) throw foreign(path, 'is not a socket of yours');
  if ((socket.mode & 0o077) !== 0)
    throw new DaemonError(
      `${path} can be used by other users`,
      `Find out why, then run: chmod 600 ${shellWord(path)}`,
    );
}

/** @throws DaemonError when it is a link, not a folder, or another user's */
export function makeOwnFolder(path: string): void {
  mkdirSync(path, { recursive: true, mode: 0o700 });
  const stat = lstatSync(path);
  if (!stat.isDirectory() || stat.uid !== ownUid()) throw foreign(path, 'is not a folder of yours');
  if (process.platform !== 'win32' && (stat.mode & 0o077) !== 0) chmodSync(path, 0o700);
}

const foreign = (path: string, what: string): DaemonError =>
  new DaemonError(`${path} ${what}`, `Find out who made it, then remove it: rm -r ${shellWord(path)}`);

/** On Windows stat says 0 for everything. */
const ownUid = (): number => process.geteuid?.() ?? 0;
