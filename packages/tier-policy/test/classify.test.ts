import { describe, expect, it, test } from 'vitest';
import { CATALOGUE, catalogueOf, classify, tierOf, type AppClass, type AppIdentity } from '../src/index.ts';
import { linux, macos, mousepad, python, windows } from './apps.ts';

const flatpak = (flatpakId: string): AppIdentity => linux('/app/bin/main', { flatpakId });
const java = (...argv: string[]): AppIdentity => linux('/usr/lib/jvm/bin/java', { argv: ['java', ...argv] });

const LINUX: readonly (readonly [AppClass, AppIdentity])[] = [
  ['browser', linux('/usr/lib/chromium/chromium')],
  ['browser', linux('/usr/lib/firefox-esr/firefox-esr')],
  ['browser', linux('/opt/google/chrome/chrome')],
  ['browser', linux('/opt/microsoft/msedge/msedge')],
  ['browser', linux('/usr/bin/epiphany-browser')],
  ['browser', flatpak('org.mozilla.firefox')],
  ['browser', linux('/snap/firefox/4000/usr/lib/firefox/firefox', { snapId: 'firefox' })],
  ['browser', python('/usr/bin/qutebrowser')],
  ['terminal', linux('/usr/bin/xterm')],
  ['terminal', linux('/usr/bin/xfce4-terminal')],
  ['terminal', linux('/usr/libexec/gnome-terminal-server')],
  ['terminal', linux('/usr/bin/urxvt')],
  ['terminal', linux('/usr/bin/kgx')],
  ['terminal', python('/usr/bin/terminator')],
  ['terminal', python('-Es', '/usr/bin/terminator', '--new-tab')],
  ['ide', linux('/usr/bin/geany')],
  ['ide', linux('/usr/bin/vim.gtk3')],
  ['ide', linux('/usr/bin/emacs-gtk')],
  ['ide', linux('/usr/share/code/code')],
  ['ide', linux('/opt/idea/bin/idea')],
  ['ide', java('-classpath', '/opt/idea/lib/a.jar', '-Xmx2g', 'com.intellij.idea.Main')],
  ['ide', java('-jar', '/usr/share/netbeans/netbeans.jar')],
  [
    'ide',
    linux('/usr/lib/electron/electron', { argv: ['electron', '--no-sandbox', '/usr/lib/code/main.js'] }),
  ],
  ['ide', flatpak('com.jetbrains.PyCharm-Community')],
  ['ide', python('-m', 'idlelib')],
  ['remote', linux('/usr/bin/remmina')],
  ['remote', linux('/usr/bin/qemu-system-x86_64')],
  ['remote', linux('/usr/lib/virtualbox/VirtualBoxVM')],
  ['remote', python('/usr/share/virt-manager/virt-manager')],
  ['trading', linux('/usr/lib/wine/wine64-preloader', { argv: ['C:\\MT5\\terminal64.exe'] })],
  ['trading', python('/usr/bin/electrum')],
  ['trading', java('-cp', '/opt/tws/jts.jar', 'jclient.LoginFrame')],
  ['password', linux('/usr/bin/keepassxc')],
  ['authPrompt', linux('/usr/bin/pinentry-gtk-2')],
  ['authPrompt', linux('/usr/libexec/gcr-prompter')],
  ['password', linux('/usr/bin/mono-sgen', { argv: ['cli', '/usr/lib/keepass2/KeePass.exe'] })],
  ['authPrompt', linux('/usr/lib/policykit-1-gnome/polkit-gnome-authentication-agent-1')],
  ['authPrompt', linux('/usr/bin/lxpolkit')],
  ['authPrompt', linux('/usr/bin/pkexec')],
  ['lockScreen', linux('/usr/bin/i3lock')],
  ['lockScreen', linux('/usr/bin/xscreensaver')],
  ['lockScreen', linux('/usr/sbin/lightdm-gtk-greeter')],
  ['shellUi', linux('/usr/bin/xfce4-panel')],
  ['shellUi', linux('/usr/lib/x86_64-linux-gnu/xfce4/panel/wrapper-2.0')],
  ['shellUi', linux('/usr/bin/gnome-shell')],
  ['runBox', linux('/usr/bin/rofi')],
  ['runBox', linux('/usr/bin/xfce4-appfinder')],
  ['runBox', python('/usr/bin/ulauncher')],
  ['inputSource', linux('/usr/bin/florence')],
  ['inputSource', python('/usr/bin/onboard')],
  ['fileManager', linux('/usr/bin/thunar')],
  ['settings', linux('/usr/bin/xfce4-settings-manager')],
  ['dialogHost', linux('/usr/libexec/xdg-desktop-portal-gtk')],
  ['agentHost', linux('/usr/bin/claude-desktop')],
  ['self', linux('/usr/bin/zenity', { isSelf: true })],
  ['app', linux('/usr/bin/zenity')],
  ['app', linux('/usr/bin/mousepad')],
  ['app', linux('/usr/bin/galculator')],
  ['app', flatpak('org.gnome.Maps')],
  ['app', linux('/usr/bin/python3.11', { flatpakId: 'org.gnome.Gramps', argv: ['python3', 'x.py'] })],
  ['interpreter', python('/home/ann/notes.py')],
  ['interpreter', linux('/usr/bin/gjs-console', { argv: ['gjs', '/usr/share/x/window.js'] })],
  ['interpreter', linux('/usr/bin/wine64', { argv: ['wine64', 'C:\\tool\\paint.exe'] })],
];

const ELSEWHERE: readonly (readonly [AppClass, AppIdentity])[] = [
  ['browser', macos('/Applications/Safari.app/Contents/MacOS/Safari', 'com.apple.Safari')],
  [
    'browser',
    macos('/Users/a/Applications/Mail.app/Contents/MacOS/app_mode_loader', 'com.google.Chrome.app.abc'),
  ],
  ['browser', macos('/Applications/Renamed.app/Contents/MacOS/firefox')],
  ['browser', macos('/Applications/ChatGPT Atlas.app/Contents/MacOS/x', 'com.openai.atlas')],
  ['agentHost', macos('/Applications/ChatGPT.app/Contents/MacOS/ChatGPT', 'com.openai.chat')],
  [
    'terminal',
    macos('/System/Applications/Utilities/Terminal.app/Contents/MacOS/Terminal', 'com.apple.Terminal'),
  ],
  ['ide', macos('/Applications/Visual Studio Code.app/Contents/MacOS/Electron', 'com.microsoft.VSCode')],
  ['ide', macos('/Applications/GoLand.app/Contents/MacOS/goland', 'com.jetbrains.goland')],
  ['password', macos('/System/Applications/Passwords.app/Contents/MacOS/Passwords', 'com.apple.Passwords')],
  ['authPrompt', macos('/System/Library/Frameworks/SecurityAgent.bundle/Contents/MacOS/SecurityAgent')],
  [
    'runBox',
    macos('/System/Library/CoreServices/Spotlight.app/Contents/MacOS/Spotlight', 'com.apple.Spotlight'),
  ],
  ['fileManager', macos('/System/Library/CoreServices/Finder.app/Contents/MacOS/Finder', 'com.apple.finder')],
  ['app', macos('/System/Applications/TextEdit.app/Contents/MacOS/TextEdit', 'com.apple.TextEdit')],
  ['app', macos('/Applications/Notes Two.app/Contents/MacOS/Electron', 'com.example.notes')],
  ['unknown', macos('/Library/Python.app/Contents/MacOS/Python', 'org.python.python')],
  ['browser', windows('C:\\Program Files\\Google\\Chrome\\Application\\CHROME.EXE')],
  ['terminal', windows('C:\\Windows\\System32\\cmd.exe')],
  ['ide', windows('C:\\Program Files\\Notepad++\\notepad++.exe')],
  ['authPrompt', windows('C:\\Windows\\System32\\consent.exe')],
  ['shellUi', windows('C:\\Windows\\explorer.exe')],
  ['app', windows('C:\\Windows\\System32\\notepad.exe')],
  ['unknown', windows('C:\\Windows\\System32\\ApplicationFrameHost.exe')],
];

const label = ({ executable, argv = [], flatpakId = '' }: AppIdentity): string =>
  `${executable ?? 'no executable'} ${argv.slice(1).join(' ')}${flatpakId}`.trim();

describe('classify', () => {
  for (const [expected, app] of [...LINUX, ...ELSEWHERE]) {
    test(`${label(app)} is ${expected}`, () => expect(classify(app).class).toBe(expected));
  }

  it('takes an unreadable or deleted executable for unknown', () => {
    expect(classify(linux(null)).class).toBe('unknown');
    expect(classify({ ...mousepad, executableDeleted: true }).class).toBe('unknown');
    expect(classify(linux(null, { flatpakId: 'org.gnome.Maps' })).class).toBe('unknown');
  });

  it('takes an interpreter for unknown when its program cannot be told', () => {
    for (const app of [
      python(),
      python('notes.py'),
      linux('/usr/bin/python3.11'),
      python('-c', 'print(1)'),
    ]) {
      expect(classify(app).class).toBe('unknown');
    }
    expect(classify({ ...python('notes.py'), cwd: '/home/ann' }).class).toBe('interpreter');
  });

  it('gives an application that several entries fit the lowest tier', () => {
    const app = linux('/app/bin/keepassxc', { flatpakId: 'org.mozilla.firefox' });
    expect(classify(app).class).toBe('password');
  });

  it('names an application for people and warns of what it can do', () => {
    expect(classify(linux('/usr/bin/thunar'))).toEqual({
      class: 'fileManager',
      name: 'Thunar',
      sentinels: ['anyFile', 'launcher'],
      warnings: ['It can open, move and delete any of your files.', 'It can start any program.'],
      aliases: ['thunar', 'Thunar'],
    });
    expect(classify(python('/opt/x/draw.py'))).toMatchObject({
      name: 'draw',
      sentinels: ['shell', 'hostedCode'],
    });
    expect(classify(mousepad).warnings).toEqual([]);
  });

  it('reads a catalogue of the caller', () => {
    const own = catalogueOf([{ class: 'trading', name: 'Till', exe: ['till', 'till-*'] }]);
    expect(classify(linux('/opt/till-2'), own)).toMatchObject({ class: 'trading', name: 'Till' });
    expect(classify(linux('/usr/bin/xterm'), own).class).toBe('app');
  });
});

describe('the catalogue', () => {
  it('holds entries of every class that needs them, with at least one name each', () => {
    const classes = new Set(CATALOGUE.entries.map((entry) => entry.class));
    expect(classes.size).toBe(15);
    for (const { exe = [], flatpak: ids = [], snap = [], bundle = [], script = [] } of CATALOGUE.entries) {
      expect([...exe, ...ids, ...snap, ...bundle, ...script].length).toBeGreaterThan(0);
    }
  });

  it('never raises a tier: what it does not know is full', () => {
    expect(tierOf(linux('/opt/never/heard-of-it'))).toBe('full');
  });
});
