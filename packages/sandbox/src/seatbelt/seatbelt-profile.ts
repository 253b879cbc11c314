import { dirname } from 'node:path';
import { hasProxy, type Network } from '../network/network.ts';
import type { Mount } from '../sandbox.ts';

/** What a profile is made from; paths are absolute and without symlinks. */
export interface SeatbeltOptions {
  readonly mounts: readonly Mount[];
  /** Files and folders that are shown read-only. */
  readonly shown: readonly string[];
  /** Folders that are its own. */
  readonly scratch: readonly string[];
  readonly network: Network;
  /** Where the proxy of the domains is, on the loopback; `null` for none. */
  readonly proxyPort: number | null;
}

/** A profile names paths by parameters alone, so that no name of a folder is read as a rule. */
export interface SeatbeltProfile {
  readonly text: string;
  readonly parameters: readonly (readonly [name: string, value: string])[];
}

/** What programs need to run at all; nothing here is the person's. */
const SYSTEM = [
  ...['/bin', '/sbin', '/usr/bin', '/usr/sbin', '/usr/lib', '/usr/libexec', '/usr/share'],
  ...['bin', 'lib', 'opt', 'Cellar', 'share'].flatMap((name) => [
    `/usr/local/${name}`,
    `/opt/homebrew/${name}`,
  ]),
  ...['/System/Library', '/System/Cryptexes', '/System/Volumes/Preboot/Cryptexes'],
  ...['/Library/Apple', '/Library/Developer/CommandLineTools', '/Library/Fonts'],
  ...['/private/etc/ssl', '/private/etc/localtime', '/private/etc/services', '/private/etc/protocols'],
  ...['/private/var/db/dyld', '/private/var/db/timezone', '/private/var/select'],
  ...['/dev/fd', '/dev/null', '/dev/zero', '/dev/random', '/dev/urandom'],
];

const LINKS = [
  '/',
  '/etc',
  '/tmp',
  '/var',
  '/private',
  '/private/etc',
  '/private/var',
  '/dev',
  '/usr',
  '/opt',
];

/** Nothing of other processes can be asked for by these. */
const SYSCTL = [
  ...['kern.argmax', 'kern.hostname', 'kern.maxfilesperproc', 'kern.ngroups', 'kern.osproductversion'],
  ...[
    'kern.osrelease',
    'kern.ostype',
    'kern.osversion',
    'kern.secure_kernel',
    'kern.usrstack64',
    'kern.version',
  ],
  ...['sysctl.proc_cputype', 'vm.loadavg'],
];

const SERVICES = ['com.apple.system.opendirectoryd.libinfo', 'com.apple.system.logger'];

/** The profile of `sandbox-exec`: of several rules about the same, the last one holds. */
export function seatbeltProfile(options: SeatbeltOptions): SeatbeltProfile {
  const parameters = new Map<string, string>();
  const named = (path: string): string => {
    if (!parameters.has(path)) parameters.set(path, `PATH_${parameters.size}`);
    return `(param "${parameters.get(path) ?? ''}")`;
  };
  const below = (path: string): string => `(subpath ${named(path)})`;
  const itself = (path: string): string => `(literal ${named(path)})`;
  const { mounts, shown, scratch } = options;
  const folders = mounts.map(({ folder }) => folder);
  const writable = mounts.filter(({ access }) => access === 'rw').map(({ folder }) => folder);
  const text = [
    ...PROCESSES,
    rule('allow file-read* file-map-executable', [...SYSTEM.map(quotedBelow), quoted('/')]),
    rule('allow file-read-metadata', [
      ...LINKS.map(quoted),
      ...above([...folders, ...shown, ...scratch]).map(itself),
    ]),
    rule('allow file-write-data', [quoted('/dev/null')]),
    rule('allow file-read* file-map-executable', [...shown, ...scratch, ...folders].map(below)),
    rule('allow file-write*', [...scratch, ...writable].map(below)),
    ...mounts.flatMap((mount) => coverRules(mount, { below, itself })),
    ...networkRules(options),
  ];
  return {
    text: `${text.filter((line) => line !== '').join('\n')}\n`,
    parameters: [...parameters].map(([path, name]) => [name, path] as const),
  };
}

const rule = (deed: string, filters: readonly string[]): string =>
  filters.length === 0 ? '' : `(${deed} ${filters.join(' ')})`;

const quoted = (path: string): string => `(literal "${path}")`;
const quotedBelow = (path: string): string => `(subpath "${path}")`;

const PROCESSES = [
  ...['(version 1)', '(deny default)', '(allow process-exec process-fork)'],
  ...['(allow signal (target same-sandbox))', '(allow process-info* (target same-sandbox))'],
  rule('allow sysctl-read', [
    ...['hw.', 'machdep.cpu.'].map((name) => `(sysctl-name-prefix "${name}")`),
    ...SYSCTL.map((name) => `(sysctl-name "${name}")`),
  ]),
  rule(
    'allow mach-lookup',
    SERVICES.map((name) => `(global-name "${name}")`),
  ),
];

const above = (paths: readonly string[]): readonly string[] => [...new Set(paths.flatMap(foldersAbove))];

function foldersAbove(path: string): readonly string[] {
  const folder = dirname(path);
  return folder === path || folder === '/' ? [] : [folder, ...foldersAbove(folder)];
}

interface Filters {
  readonly below: (path: string) => string;
  readonly itself: (path: string) => string;
}

/** What is covered cannot be moved out from under its rule, nor with a folder that it is in. */
function coverRules({ folder, covers = [] }: Mount, { below, itself }: Filters): readonly string[] {
  const paths = (...kinds: readonly string[]): readonly string[] =>
    covers.filter(({ kind }) => kinds.includes(kind)).map(({ path }) => `${folder}/${path}`);
  const hidden = paths('file', 'folder');
  const moved = above(covers.map(({ path }) => `${folder}/${path}`)).filter((path) =>
    path.startsWith(`${folder}/`),
  );
  return [
    rule('deny file-write*', paths('kept').map(below)),
    rule('deny file-write-unlink', [...new Set([...paths('pinned'), ...moved])].map(itself)),
    rule('deny file-read* file-write* file-map-executable', hidden.map(below)),
    rule('allow file-read-metadata', hidden.map(itself)),
  ];
}

function networkRules({ network, proxyPort }: SeatbeltOptions): readonly string[] {
  if (network.mode === 'none') return [];
  const { hostPorts = [], sharedPorts = [] } = network;
  const proxy = hasProxy(network) && proxyPort !== null ? [proxyPort] : [];
  const at = (side: 'local' | 'remote', ports: readonly number[]): readonly string[] =>
    ports.map((port) => `(${side} ip "localhost:${port}")`);
  return [
    rule('allow network-outbound', at('remote', [...proxy, ...hostPorts, ...sharedPorts])),
    rule('allow network-bind network-inbound', at('local', sharedPorts)),
  ];
}
