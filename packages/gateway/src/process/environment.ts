import type { Environment } from '../servers/expand.ts';

/** Nothing among them is a secret. */
const PASSED_ON = ['HOME', 'LANG', 'LANGUAGE', 'LOGNAME', 'PATH', 'SHELL', 'TERM', 'TMPDIR', 'TZ', 'USER'];
const PASSED_ON_WINDOWS = [
  'APPDATA',
  'COMSPEC',
  'HOMEDRIVE',
  'HOMEPATH',
  'LOCALAPPDATA',
  'PATHEXT',
  'PROGRAMDATA',
  'PROGRAMFILES',
  'SYSTEMDRIVE',
  'SYSTEMROOT',
  'TEMP',
  'TMP',
  'USERNAME',
  'USERPROFILE',
  'WINDIR',
];

/** What a server sees: a few plain variables, and those that its entry names. */
export function scrubbed(env: Environment, named: Readonly<Record<string, string>>): Record<string, string> {
  const kept = Object.entries(env).flatMap(([name, value]) => {
    const isPassedOn =
      [...PASSED_ON, ...PASSED_ON_WINDOWS].includes(name.toUpperCase()) || /^LC_[A-Z]+$/.test(name);
    return isPassedOn && value !== undefined ? [[name, value] as const] : [];
  });
  return { ...Object.fromEntries(kept), ...named };
}
