import { posix, win32 } from 'node:path';

const isWindows = (path: string): boolean => /^(?:[a-zA-Z]:[\\/]|\\\\)/.test(path);

/** Absolute by its own look, whatever this platform is, and without parts that lead elsewhere. */
export const isAbsolutePath = (path: string): boolean =>
  (path.startsWith('/') || isWindows(path)) &&
  !path.includes('\0') &&
  !path.split(isWindows(path) ? /[\\/]/ : '/').some((part) => part === '.' || part === '..');

/** The same for all spellings of a path: one separator, none at the end, and no letter case on Windows. */
export function pathKey(path: string): string {
  const key = isWindows(path)
    ? win32.normalize(path).replaceAll('\\', '/').toLowerCase()
    : posix.normalize(path);
  return key.endsWith('/') ? key.slice(0, -1) : key;
}

/** Whether `path` is `folder` or lies below it. Both are absolute; links are not followed. */
export function isWithin(path: string, folder: string): boolean {
  const [inner, outer] = [pathKey(path), pathKey(folder)];
  return inner === outer || inner.startsWith(`${outer}/`);
}

/** The same, also where a file system does not tell letter case and forms of Unicode apart. */
export const mayBeWithin = (path: string, folder: string): boolean => isWithin(folded(path), folded(folder));

const folded = (path: string): string => path.normalize('NFKC').toLowerCase().normalize('NFKC');
