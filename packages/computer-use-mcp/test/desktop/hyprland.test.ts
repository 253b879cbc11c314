import { mkdtemp, rm } from 'node:fs/promises';
import { createServer, type Server, type Socket } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { layoutAnswers, LAYOUT_REQUESTS } from '../../src/desktop/wayland/hyprland/answers.ts';
import { shortcutsOf } from '../../src/desktop/wayland/hyprland/bindings.ts';
import { layoutOf } from '../../src/desktop/wayland/hyprland/layout.ts';
import { HyprlandEvents, askTogether } from '../../src/desktop/wayland/hyprland/socket.ts';
import { windowAt, type Layout } from '../../src/desktop/wayland/compositor.ts';

/** As `hyprctl -j clients` of version 0.52 has it. */
const client = (number: number, about: Readonly<Record<string, unknown>> = {}) => ({
  address: `0x${number}`,
  mapped: true,
  hidden: false,
  at: [0, 0],
  size: [50, 80],
  workspace: { id: 1, name: '1' },
  floating: false,
  pseudo: false,
  monitor: 0,
  class: 'foot',
  title: 'a "title"',
  initialClass: 'foot',
  initialTitle: 'foot',
  pid: 100 + number,
  xwayland: false,
  pinned: false,
  fullscreen: 0,
  fullscreenClient: 0,
  grouped: [],
  tags: [],
  swallowing: '0x0',
  focusHistoryID: 0,
  inhibitingIdle: false,
  ...about,
});

const MONITOR = {
  id: 0,
  name: 'DP-1',
  width: 100,
  height: 80,
  x: 0,
  y: 0,
  activeWorkspace: { id: 1, name: '1' },
  specialWorkspace: { id: 0, name: '' },
  reserved: [0, 0, 0, 0],
  scale: 1,
  transform: 0,
  focused: true,
  disabled: false,
};

interface Session {
  readonly clients: readonly unknown[];
  readonly active?: string;
  readonly monitors?: readonly unknown[];
  readonly panels?: readonly unknown[];
  readonly locked?: boolean;
}

function layout({ clients, active, monitors = [MONITOR], panels = [], locked = false }: Session): Layout {
  const layer = { address: '0x9', namespace: 'bar', x: 0, y: 0, w: 100, h: 5 };
  const levels = { 0: [{ ...layer, h: 80 }], 1: [], 2: panels, 3: [] };
  const animations = [
    { name: 'windows', overridden: true, bezier: 'default', enabled: true, speed: 7, style: '' },
    { name: 'borderangle', overridden: true, bezier: 'default', enabled: true, speed: 90, style: '' },
    { name: 'fade', overridden: true, bezier: 'default', enabled: false, speed: 20, style: '' },
  ];
  const answers = layoutAnswers.parse([
    ...[clients, active === undefined ? {} : client(0, { address: active }), monitors],
    ...[{ 'DP-1': { levels } }, { locked }, [animations, []]],
  ]);
  return { ...layoutOf(answers, ({ address }) => Number(address)), turn: 0 };
}

const beside = { at: [50, 0] };
const small = { floating: true, at: [40, 40], size: [20, 20] };
const ids = ({ windows }: Layout) => windows.map(({ id }) => id);
const pidAt = (about: Session, x: number, y: number) => windowAt(layout(about), { x, y })?.pid;

describe('what Hyprland tells', () => {
  test('floating windows are over the tiled ones, the last one highest, pinned ones over all', () => {
    const clients = [client(4, { ...small, pinned: true }), client(3, small), client(1), client(2, small)];
    expect(ids(layout({ clients }))).toEqual([4, 2, 3, 1]);
  });

  test('the one with the focus is named by Hyprland', () => {
    const { windows } = layout({ clients: [client(1), client(2, beside)], active: '0x2' });
    expect(windows.filter(({ focused }) => focused).map(({ id }) => id)).toEqual([2]);
  });

  test('nothing shows or has the focus while the session is locked', () => {
    const { windows } = layout({ clients: [client(1)], active: '0x1', locked: true });
    expect(windows.map(({ visible, focused, whole }) => ({ visible, focused, whole }))).toEqual([
      { visible: false, focused: false, whole: [] },
    ]);
  });

  test('windows of other workspaces and behind tabs do not show', () => {
    const away = { workspace: { id: 2, name: '2' } };
    const { windows } = layout({ clients: [client(1), client(2, away), client(3, { hidden: true })] });
    expect(windows.filter(({ visible }) => visible).map(({ id }) => id)).toEqual([1]);
  });

  test('a special workspace is over the one below', () => {
    const special = { workspace: { id: -98, name: 'special' }, at: [10, 10], size: [80, 60] };
    const monitors = [{ ...MONITOR, specialWorkspace: { id: -98, name: 'special' } }];
    const about = { clients: [client(5, special), client(1), client(2, small)], monitors };
    expect(pidAt(about, 45, 45)).toBe(105);
    expect(pidAt(about, 5, 5)).toBe(101);
  });

  test('windows of X11 have no owner, because they say it themselves', () => {
    expect(pidAt({ clients: [client(1, { xwayland: true })] }, 5, 5)).toBeNull();
  });

  test('who is under a floating window and one that fills the screen is not told by old versions', () => {
    const full = { size: [100, 80], fullscreen: 2 };
    expect(pidAt({ clients: [client(1, full), client(2, small)] }, 45, 45)).toBeNull();
    const [under, over] = [false, true].map((overFullscreen) => [
      client(1, full),
      client(2, { ...small, overFullscreen }),
    ]);
    expect(pidAt({ clients: under ?? [] }, 45, 45)).toBe(101);
    expect(pidAt({ clients: over ?? [] }, 45, 45)).toBe(102);
  });

  test('tiled windows that lie over each other belong to nobody', () => {
    const about = {
      clients: [client(1), client(2, { at: [40, 0] }), client(3, { at: [90, 0], size: [10, 80] })],
    };
    expect([pidAt(about, 5, 5), pidAt(about, 45, 5), pidAt(about, 95, 5)]).toEqual([null, null, 103]);
  });

  test('what is around a floating window is nobody’s, but where another one lies over it', () => {
    const about = { floating: true, at: [200, 200], size: [100, 100] };
    const over = { floating: true, at: [290, 200], size: [100, 100] };
    const of = (clients: readonly unknown[]) => layout({ clients }).over;
    const isOver = (rects: Layout['over'], x: number, y: number) =>
      rects.some((rect) => x >= rect.x && y >= rect.y && x < rect.x + rect.width && y < rect.y + rect.height);
    const [alone, both] = [of([client(1, about)]), of([client(1, about), client(2, over)])];
    expect([isOver(alone, 190, 250), isOver(alone, 250, 250), isOver(alone, 310, 250)]).toEqual([
      true,
      false,
      true,
    ]);
    expect([isOver(both, 310, 250), isOver(both, 280, 250)]).toEqual([false, true]);
  });

  test('panels over the windows count, the background does not', () => {
    const panel = { address: '0x8', namespace: 'bar', x: 0, y: 0, w: 100, h: 5 };
    expect(layout({ clients: [client(1)], panels: [panel] }).over).toEqual([
      { x: 0, y: 0, width: 100, height: 5 },
    ]);
  });

  test.each([
    ['as it is', { width: 1920, height: 1080, scale: 1 }, { width: 1920, height: 1080 }],
    [
      'of a third, told with two digits',
      { width: 2560, height: 1440, scale: 1.33 },
      { width: 1920, height: 1080 },
    ],
    ['that rounds to a wrong one', { width: 3840, height: 2160, scale: 1.88 }, { width: 2048, height: 1152 }],
    ['on its side', { width: 1920, height: 1080, scale: 1.5, transform: 1 }, { width: 720, height: 1280 }],
  ])('a screen with a scale %s', (_name, about, { width, height }) => {
    const { screen } = layout({ clients: [], monitors: [{ ...MONITOR, ...about }] });
    expect(screen).toEqual({ x: 0, y: 0, width, height });
  });

  test('pictures wait for the longest animation of windows', () => {
    expect(layout({ clients: [] }).settleMs).toBe(950);
  });
});

describe('keys that Hyprland keeps', () => {
  const bind = { modmask: 0, submap: '', key: '', keycode: 0, catch_all: false };
  const press = (...modifiers: string[]) => ({ modifiers, key: 'p' });

  test.each([
    ['a binding', { ...bind, modmask: 12, key: 'P' }, press('alt', 'ctrl'), true],
    ['the same key without it', { ...bind, modmask: 12, key: 'P' }, press('ctrl'), false],
    ['anything with the logo key', bind, press('super'), true],
    ['a key of a submap that is not active', { ...bind, submap: 'resize', key: 'p' }, press(), false],
    ['what could be a key by its number', { ...bind, modmask: 4, keycode: 33 }, press('ctrl'), true],
    ['everything', { ...bind, catch_all: true }, press(), true],
  ])('%s', (_name, told, stroke, expected) => {
    expect(shortcutsOf([told], 'default').isBound(stroke)).toBe(expected);
  });

  test('all of them, in a submap', () => {
    expect([shortcutsOf([], 'default').mode, shortcutsOf([], 'resize').mode]).toEqual([null, 'resize']);
  });
});

describe('the sockets', () => {
  let folder: string;
  let server: Server;
  const open: Socket[] = [];
  beforeEach(async () => {
    folder = await mkdtemp(join(tmpdir(), 'deskhand-hyprland-'));
  });
  afterEach(async () => {
    open.splice(0).forEach((socket) => socket.destroy());
    await new Promise((resolve) => server.close(resolve));
    await rm(folder, { recursive: true });
  });

  async function listen(onClient: (socket: Socket) => void): Promise<string> {
    server = createServer((socket) => {
      open.push(socket);
      onClient(socket);
    });
    const path = join(folder, 'socket');
    await new Promise<void>((resolve) => server.listen(path, resolve));
    return path;
  }

  test('several questions are one request', async () => {
    const asked: string[] = [];
    const path = await listen((socket) =>
      socket.once('data', (bytes: Buffer) => {
        asked.push(bytes.toString());
        socket.end('[]\n\n\n\n{\n    "locked": true\n}\n');
      }),
    );
    expect(await askTogether(path, ['j/clients', 'j/locked'])).toEqual([[], { locked: true }]);
    expect(asked).toEqual(['[[BATCH]]j/clients;j/locked']);
  });

  test('a question that an old version does not know, or that has no answer, is an error', async () => {
    const answers = ['"a"\n\n\nunknown request', '[]'];
    const path = await listen((socket) => socket.once('data', () => socket.end(answers.shift() ?? '')));
    await expect(askTogether(path, ['j/binds', 'j/submap'])).rejects.toThrow('does not answer j/submap');
    await expect(askTogether(path, LAYOUT_REQUESTS)).rejects.toThrow('did not answer everything');
  });

  test('events come in any pieces, and those of pictures do not count', async () => {
    const path = await listen((socket) => {
      socket.write('activewindowv2>>55');
      setImmediate(() => socket.end('aa\nscreencast>>1,0\nopenwindow>>1,2,3,a>>b\nwindowtitle>>55aa\n'));
    });
    const events = await HyprlandEvents.open(path);
    await expect.poll(() => events.isLost).toBe(true);
    const { count, changes, moves, focused } = events;
    expect({ count, changes, moves, focused }).toEqual({
      ...{ count: 4, changes: 2, moves: 1 },
      focused: { address: '55aa', at: 1 },
    });
  });
});
