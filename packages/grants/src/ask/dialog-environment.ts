/** Environment of a dialog program. */
export type Environment = Readonly<Record<string, string | undefined>>;

export const hasDisplay = (env: Environment): boolean =>
  Boolean(env['DISPLAY']) || Boolean(env['WAYLAND_DISPLAY']);

/** What makes a dialog program show text of any script. */
export function unicodeLocale(env: Environment): Environment {
  const locale = env['LC_ALL'] || env['LC_CTYPE'] || env['LANG'] || '';
  return /utf-?8/i.test(locale) ? {} : { LC_ALL: 'C.UTF-8' };
}
