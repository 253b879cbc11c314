import { relative } from 'node:path';
import { protectionOf } from '../protection/names.ts';

/** Never an agent's, whoever says so: with them it could take any right. */
const SYSTEM = [
  '/',
  '/bin',
  '/boot',
  '/dev',
  '/etc',
  '/lib',
  '/proc',
  '/root',
  '/run',
  '/sbin',
  '/sys',
  '/usr',
  '/var',
];

/** Never asked for, and neither is anything below. */
const SYSTEM_TREES = [
  '/var/lib',
  '/var/spool',
  '/var/log',
  '/var/cache',
  '/bin',
  '/boot',
  '/dev',
  '/etc',
  '/lib',
  '/lib64',
  '/proc',
  '/sbin',
  '/sys',
  '/usr',
];
/** Never asked for; what is below may be. */
const SHARED = [
  '/home',
  '/Users',
  '/tmp',
  '/var/tmp',
  '/srv',
  '/opt',
  '/mnt',
  '/media',
  '/run/user',
  '/run/media',
];
const HOMES = /^\/(?:home|Users)\/[^/]+$/;

/** Why a folder is never mounted, whoever asks; `null` when it may be. */
export function refusalOf(folder: string, home: string): string | null {
  if (SYSTEM.includes(folder)) return `${folder} is the system's, and never mounted`;
  return isWithin(home, folder) || isWithin(folder, home)
    ? `${folder} has the grants and the record in ${home}, and is never mounted`
    : null;
}

/** Why an agent may not even ask for a folder; `null` when it may. */
export function requestRefusalOf(
  folder: string,
  { home, homedir }: { readonly home: string; readonly homedir: string | undefined },
): string | null {
  const refusal = refusalOf(folder, home);
  if (refusal !== null) return refusal;
  if (SYSTEM_TREES.some((tree) => isWithin(folder, tree)) || SHARED.includes(folder))
    return `${folder} is the system's, or everybody's, and not given to agents`;
  if (HOMES.test(folder) || (homedir !== undefined && isWithin(homedir, folder)))
    return `${folder} is somebody's whole home, and not given to agents`;
  return protectionOf(folder.slice(1)) === null
    ? null
    : `${folder} has secrets, or what programs run by themselves, and is not given to agents`;
}

export function isWithin(path: string, folder: string): boolean {
  const way = relative(folder, path);
  return way === '' || (way !== '..' && !way.startsWith('../'));
}
