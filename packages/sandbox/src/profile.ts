import { join, posix } from 'node:path';

/** A file or folder of the host that is shown read-only. */
export interface Shown {
  readonly source: string;
  /** Where it is inside. */
  readonly at: string;
}

export interface ProfileOptions {
  /** Name of the session; folders are at `/sessions/<session>/mnt`. */
  readonly session: string;
  /** Where mounts appear on the host's side: the folder that the broker shares. */
  readonly shared: string;
  readonly shown: readonly Shown[];
  /** Bytes of each of the folders that are lost at the end: the home folder, /tmp, and those of `scratch`. */
  readonly scratchBytes: number;
  readonly scratch: readonly string[];
  readonly env: Readonly<Record<string, string>>;
  /** Descriptors of what is read when it starts. */
  readonly files: readonly SyntheticFile[];
}

/** A file that is made for the sandbox. */
interface SyntheticFile {
  readonly fd: number;
  readonly at: string;
}

const USER = 'agent';
const HOME = `/home/${USER}`;
const ID = 1000;

/** Folders that are lost at the end. */
export const SCRATCH = ['/tmp', HOME];

/** Of /etc only what programs need to run at all, and nothing that is about this machine or its users. */
const ETC = [
  'alternatives',
  'ld.so.cache',
  'localtime',
  'mime.types',
  'ssl/certs',
  'ssl/openssl.cnf',
  'fonts',
];

const USR_MERGED = ['bin', 'sbin', 'lib', 'lib32', 'lib64', 'libx32'];

/** What takes the place of this machine's own. */
export const SYNTHETIC = {
  '/etc/passwd': `root:x:0:0:root:/root:/usr/sbin/nologin\n${USER}:x:${ID}:${ID}:${USER}:${HOME}:/bin/bash\n`,
  '/etc/group': `root:x:0:\n${USER}:x:${ID}:\n`,
  '/etc/hosts': '127.0.0.1 localhost sandbox\n::1 localhost sandbox\n',
  '/etc/nsswitch.conf': 'passwd: files\ngroup: files\nhosts: files dns\n',
} as const;

/** Where a session's folders are, inside. */
export const mountsOf = (session: string): string => `/sessions/${session}/mnt`;

/** Where programs of the system are, inside. */
export const SYSTEM_PATH = '/usr/local/bin:/usr/bin:/bin:/usr/sbin:/sbin';

const ENV = {
  PATH: SYSTEM_PATH,
  HOME,
  USER,
  LOGNAME: USER,
  SHELL: '/bin/bash',
  LANG: 'C.UTF-8',
  TMPDIR: '/tmp',
};

/**
 * Arguments of bubblewrap: a system that is read-only, scratch that is lost, namespaces of its own for everything, no
 * capabilities and no way to get them.
 */
export function bwrapArguments(options: ProfileOptions): readonly string[] {
  const { session, shared, shown, scratchBytes, env, files } = options;
  const tmpfs = (at: string): string[] => ['--perms', '0700', '--size', `${scratchBytes}`, '--tmpfs', at];
  return [
    ...['--ro-bind', '/usr', '/usr'],
    ...USR_MERGED.flatMap((name) => ['--symlink', `usr/${name}`, `/${name}`]),
    ...ETC.flatMap((name) => ['--ro-bind-try', join('/etc', name), posix.join('/etc', name)]),
    ...files.flatMap(({ fd, at }) => ['--perms', '0644', '--ro-bind-data', `${fd}`, at]),
    ...['--proc', '/proc', '--dev', '/dev'],
    ...[...SCRATCH, ...options.scratch].flatMap(tmpfs),
    ...shown.flatMap(({ source, at }) => ['--ro-bind', source, at]),
    ...['--ro-bind', shared, mountsOf(session)],
    ...['--remount-ro', '/', '--chdir', HOME],
    ...['--unshare-user', '--uid', `${ID}`, '--gid', `${ID}`, '--disable-userns'],
    ...['--unshare-pid', '--unshare-ipc', '--unshare-cgroup-try', '--unshare-net'],
    ...['--unshare-uts', '--hostname', 'sandbox'],
    ...['--cap-drop', 'ALL', '--die-with-parent', '--clearenv'],
    ...Object.entries({ ...ENV, ...env }).flatMap(([name, value]) => ['--setenv', name, value]),
  ];
}
