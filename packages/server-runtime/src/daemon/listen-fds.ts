import { readFileSync, readlinkSync } from 'node:fs';
import { ConfigError } from '../config/config-error.ts';

const FIRST = 3;

/** Listening sockets that the service manager opened for us. */
export interface InheritedSockets {
  /** For local clients. */
  readonly local?: number;
  /** For HTTP. */
  readonly http?: number;
}

/**
 * The sockets that systemd hands over: from descriptor 3 on, `LISTEN_FDS` of them, when `LISTEN_PID` names this
 * process. The first Unix socket is the local door, the first other one is HTTP's.
 *
 * Source: sd_listen_fds(3).
 *
 * @throws ConfigError when one is not there or no socket
 */
export function inheritedSockets(
  env: Readonly<Record<string, string | undefined>>,
  pid: number,
): InheritedSockets {
  if (env['LISTEN_PID'] !== String(pid)) return {};
  const count = Number(env['LISTEN_FDS'] ?? '0');
  const found: { local?: number; http?: number } = {};
  for (let fd = FIRST; fd < FIRST + count; fd++) {
    if (isUnixSocket(fd)) found.local ??= fd;
    else found.http ??= fd;
  }
  return found;
}

function isUnixSocket(fd: number): boolean {
  const [, inode] = /^socket:\[(\d+)\]$/.exec(targetOf(fd)) ?? [];
  if (inode === undefined) {
    throw new ConfigError('LISTEN_FDS', `counts descriptor ${fd}, which is not a socket. Unset it`);
  }
  return readFileSync('/proc/net/unix', 'utf8')
    .split('\n')
    .some((line) => line.split(/\s+/)[6] === inode);
}

function targetOf(fd: number): string {
  try {
    return readlinkSync(`/proc/self/fd/${fd}`);
  } catch {
    return ''; // not open
  }
}
