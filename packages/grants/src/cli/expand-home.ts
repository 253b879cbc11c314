/** `~` at the start, which a shell leaves as it is behind `folder:`. */
export const expandHome = (path: string, { homedir }: { readonly homedir: string }): string =>
  path === '~' || path.startsWith('~/') ? homedir + path.slice(1) : path;
