import {
  appKey,
  type AppGrant,
  type AppIdentity,
  type KeyCombo,
  parseCombo,
  type Subject,
} from '../src/index.ts';

export const linux = (executable: string | null, more: Partial<AppIdentity> = {}): AppIdentity => ({
  platform: 'linux',
  executable,
  pid: 100,
  ownerUid: 1000,
  ...more,
});

export const python = (...argv: string[]): AppIdentity =>
  linux('/usr/bin/python3.11', { argv: ['python3', ...argv] });

export const macos = (executable: string, bundleId?: string): AppIdentity => ({
  ...linux(executable, bundleId === undefined ? {} : { bundleId }),
  platform: 'macos',
});

export const windows = (executable: string): AppIdentity => ({ ...linux(executable), platform: 'windows' });

export const subject = (app: AppIdentity): Subject => ({ kind: 'app', app });

export const key = (app: AppIdentity): string => {
  const text = appKey(app);
  if (text === null) throw new Error('this application has no key');
  return text;
};

export const allow = (app: AppIdentity, more: Partial<AppGrant> = {}): AppGrant => ({
  app: key(app),
  decision: 'allow',
  ...more,
});

export const combo = (text: string): KeyCombo => {
  const result = parseCombo(text);
  if (!result.ok) throw new Error(result.problem.message);
  return result.combo;
};

export const mousepad = linux('/usr/bin/mousepad');
export const galculator = linux('/usr/bin/galculator');
export const xterm = linux('/usr/bin/xterm');
export const firefox = linux('/usr/lib/firefox-esr/firefox-esr');
export const keepassxc = linux('/usr/bin/keepassxc');
export const portal = linux('/usr/libexec/xdg-desktop-portal-gtk');
