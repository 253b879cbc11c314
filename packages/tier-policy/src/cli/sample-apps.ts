import { APP_CLASSES, type AppClass } from '../app-class.ts';
import type { AppIdentity } from '../identity.ts';
import type { Subject } from '../subject.ts';

const linux = (executable: string | null, more: Partial<AppIdentity> = {}): AppIdentity => ({
  platform: 'linux',
  executable,
  pid: 1,
  ownerUid: 1000,
  ...more,
});

const SAMPLES: Readonly<Record<AppClass, AppIdentity>> = {
  app: linux('/usr/bin/mousepad'),
  fileManager: linux('/usr/bin/thunar'),
  settings: linux('/usr/bin/gnome-control-center'),
  dialogHost: linux('/usr/libexec/xdg-desktop-portal-gtk'),
  interpreter: linux('/usr/bin/python3.11', { argv: ['python3', '/opt/tool/window.py'] }),
  terminal: linux('/usr/bin/xterm'),
  ide: linux('/usr/share/code/code'),
  remote: linux('/usr/bin/remmina'),
  runBox: linux('/usr/bin/rofi'),
  shellUi: linux('/usr/bin/xfce4-panel'),
  browser: linux('/usr/lib/chromium/chromium'),
  trading: linux('/opt/exodus/exodus'),
  inputSource: linux('/usr/bin/florence'),
  password: linux('/usr/bin/keepassxc'),
  authPrompt: linux('/usr/bin/pkexec'),
  lockScreen: linux('/usr/bin/i3lock'),
  agentHost: linux('/usr/bin/claude-desktop'),
  self: linux('/usr/bin/zenity', { isSelf: true }),
  unknown: linux(null),
};

/** An ordinary application, which every class is put beside. */
const ORDINARY: Subject = { kind: 'app', app: SAMPLES.app };

export interface SampleApp {
  readonly class: AppClass;
  readonly subject: Subject;
}

/** A typical member of every class; a dialog is shown for the ordinary application. */
export const SAMPLE_APPS: readonly SampleApp[] = APP_CLASSES.map((appClass) => {
  const app = SAMPLES[appClass];
  const subject: Subject =
    appClass === 'dialogHost' ? { kind: 'app', app, parent: ORDINARY } : { kind: 'app', app };
  return { class: appClass, subject };
});
