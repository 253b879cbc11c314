/** Last part of a path in either style. */
export const baseName = (path: string): string => path.split(/[\\/]/).at(-1) ?? path;

/** Last part of a path without the ending of a program file. */
export const programName = (path: string): string =>
  baseName(path).replace(/\.(exe|py[cow]?|pl|rb|sh|[cm]?js|jar|asar|dll|tcl|lua|php)$/i, '');

export const isAbsolutePath = (path: string): boolean => /^(\/|[a-z]:[\\/]|\\\\)/i.test(path);

/** `path` without `.` and `..`, under `folder` when it is relative; `null` when there is no such folder. */
export const resolvePath = (path: string, folder: string | undefined): string | null => {
  if (!isAbsolutePath(path)) {
    return folder !== undefined && isAbsolutePath(folder)
      ? resolvePath(`${folder}/${path}`, undefined)
      : null;
  }
  if (!path.startsWith('/')) return path.toLowerCase();
  const parts: string[] = [];
  for (const part of path.split('/')) {
    if (part === '..') parts.pop();
    else if (part !== '.' && part !== '') parts.push(part);
  }
  return `/${parts.join('/')}`;
};
