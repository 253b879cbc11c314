import { createHash } from 'node:crypto';
import { join } from 'node:path';

/** Where the daemon of one server is found: by user, state folder and name. */
export interface DaemonPlace {
  readonly name: string;
  /** Holds the socket and the info file; mode 0700. */
  readonly folder: string;
  /** The local socket, or the named pipe on Windows. */
  readonly socket: string;
  /** What only one process can bind: an abstract socket on Linux, the pipe on Windows; undefined elsewhere. */
  readonly exclusive: string | undefined;
  /** For people and `status`; nothing depends on it. */
  readonly infoFile: string;
  readonly logFile: string;
}

/** What the place depends on. */
export interface DaemonSurroundings {
  readonly home: string;
  readonly name: string;
  readonly platform: NodeJS.Platform;
  readonly uid: number;
}

export function daemonPlace({ home, name, platform, uid }: DaemonSurroundings): DaemonPlace {
  const folder = join(home, 'daemons');
  const digest = createHash('sha256')
    .update(JSON.stringify([uid, home, name]))
    .digest('hex')
    .slice(0, 32);
  const pipe = `\\\\.\\pipe\\deskhand-${digest}`;
  return {
    name,
    folder,
    socket: platform === 'win32' ? pipe : join(folder, `${name}.sock`),
    exclusive: exclusiveName(platform, { digest, pipe }),
    infoFile: join(folder, `${name}.json`),
    logFile: join(home, 'logs', `${name}.log`),
  };
}

function exclusiveName(
  platform: NodeJS.Platform,
  { digest, pipe }: { readonly digest: string; readonly pipe: string },
): string | undefined {
  if (platform === 'linux') return `\0deskhand-${digest}`;
  return platform === 'win32' ? pipe : undefined;
}
