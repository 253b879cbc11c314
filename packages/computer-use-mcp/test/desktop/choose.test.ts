import { describe, expect, test } from 'vitest';
import { chooseBackend, type Backend } from '../../src/desktop/choose.ts';

const SWAY = { WAYLAND_DISPLAY: 'wayland-1', SWAYSOCK: '/run/user/1000/sway-ipc.sock' };
const sway: Backend = { kind: 'sway', socket: SWAY.SWAYSOCK, waylandDisplay: 'wayland-1' };
const HYPRLAND = {
  WAYLAND_DISPLAY: 'wayland-1',
  HYPRLAND_INSTANCE_SIGNATURE: 'a_1',
  XDG_RUNTIME_DIR: '/run/user/1000',
};
const hyprland: Backend = {
  kind: 'hyprland',
  folder: '/run/user/1000/hypr/a_1',
  waylandDisplay: 'wayland-1',
};
const KDE = { WAYLAND_DISPLAY: 'wayland-0', XDG_CURRENT_DESKTOP: 'KDE', DISPLAY: ':0' };
const containing = (text: string): unknown => expect.stringContaining(text);
const NONE = { kind: 'none', reason: containing(''), hint: containing('X11') };

describe('the surroundings decide', () => {
  test.each<[string, string, Record<string, string>, unknown]>([
    ['an X session', 'linux', { DISPLAY: ':0' }, { kind: 'x11', display: ':0' }],
    ['no session at all', 'linux', {}, { kind: 'x11', display: '' }],
    ['sway', 'linux', SWAY, sway],
    ['sway with programs of X11 in it', 'linux', { ...SWAY, DISPLAY: ':0' }, sway],
    [
      'an X session with variables of sway left over',
      'linux',
      { DISPLAY: ':0', SWAYSOCK: SWAY.SWAYSOCK },
      { kind: 'x11', display: ':0' },
    ],
    ['Hyprland', 'linux', HYPRLAND, hyprland],
    ['Hyprland with programs of X11 in it', 'linux', { ...HYPRLAND, DISPLAY: ':0' }, hyprland],
    ['KDE', 'linux', KDE, { kind: 'kwin' }],
    ['KDE on X11', 'linux', { XDG_CURRENT_DESKTOP: 'KDE', DISPLAY: ':0' }, { kind: 'x11', display: ':0' }],
    ['GNOME', 'linux', { WAYLAND_DISPLAY: 'wayland-0', XDG_CURRENT_DESKTOP: 'GNOME', DISPLAY: ':0' }, NONE],
    ['another compositor', 'linux', { WAYLAND_DISPLAY: 'wayland-0' }, NONE],
    ['macOS', 'darwin', {}, { kind: 'nut', platform: 'macos', display: '' }],
    ['Windows', 'win32', {}, { kind: 'nut', platform: 'windows', display: '' }],
  ])('%s', (_name, platform, env, backend) => {
    expect(chooseBackend({ platform, env })).toEqual(backend);
  });

  test('why a Wayland session is refused names it', () => {
    const env = { WAYLAND_DISPLAY: 'wayland-0', XDG_CURRENT_DESKTOP: 'ubuntu:GNOME' };
    expect(chooseBackend({ platform: 'linux', env })).toMatchObject({
      reason: containing('ubuntu:GNOME does not tell other programs who owns a window'),
    });
  });
});

describe('a person decides', () => {
  test('a display that is named is used, also in a Wayland session', () => {
    expect(chooseBackend({ platform: 'linux', env: SWAY, display: ':7' })).toEqual({
      kind: 'x11',
      display: ':7',
    });
  });

  test.each<['x11' | 'sway' | 'hyprland' | 'kwin' | 'nut', Record<string, string>, unknown]>([
    ['x11', { ...SWAY, DISPLAY: ':0' }, { kind: 'x11', display: ':0' }],
    ['nut', { DISPLAY: ':0' }, { kind: 'nut', platform: 'linux', display: ':0' }],
    ['sway', { ...SWAY, XDG_CURRENT_DESKTOP: 'GNOME' }, sway],
    ['hyprland', { ...SWAY, ...HYPRLAND }, hyprland],
    ['kwin', { DISPLAY: ':0' }, { kind: 'kwin' }],
  ])('--backend %s', (backend, env, expected) => {
    expect(chooseBackend({ platform: 'linux', env, backend })).toEqual(expected);
  });

  test('sway without its socket says which variables are missing', () => {
    expect(chooseBackend({ platform: 'linux', env: { DISPLAY: ':0' }, backend: 'sway' })).toEqual({
      kind: 'none',
      reason: 'SWAYSOCK and WAYLAND_DISPLAY are not both set, so sway cannot be reached',
      hint: containing('swaymsg'),
    });
  });

  test('Hyprland without its instance says which variables are missing', () => {
    const env = { WAYLAND_DISPLAY: 'wayland-1', XDG_RUNTIME_DIR: '/run/user/1000' };
    expect(chooseBackend({ platform: 'linux', env, backend: 'hyprland' })).toEqual({
      kind: 'none',
      reason: containing('HYPRLAND_INSTANCE_SIGNATURE'),
      hint: containing('hyprctl version'),
    });
  });

  test('the libraries for other desktops do not run everywhere', () => {
    expect(chooseBackend({ platform: 'freebsd', env: {}, backend: 'nut' })).toEqual(NONE);
  });
});
