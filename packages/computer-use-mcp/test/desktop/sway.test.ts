import { describe, expect, test } from 'vitest';
import { bindingsOf, isBound } from '../../src/desktop/wayland/sway/bindings.ts';
import { layersOver } from '../../src/desktop/wayland/sway/layer-surfaces.ts';
import { fromPpm, hiddenParts, shownWindows } from '../../src/desktop/wayland/picture.ts';
import { readTree as treeOf } from '../../src/desktop/wayland/sway/tree.ts';
import { windowAt, type Layout } from '../../src/desktop/wayland/compositor.ts';
import { Processes } from '../../src/desktop/linux/process.ts';
import { SymbolKeymap } from '../../src/desktop/wayland/keymap.ts';
import { decode, encode, stringAt } from '../../src/desktop/wayland/wire.ts';

const NOTHING = { x: 0, y: 0, width: 0, height: 0 };
const SCREEN = { x: 0, y: 0, width: 100, height: 80 };

function node(about: Readonly<Record<string, unknown>>) {
  return {
    id: 1,
    type: 'con',
    focused: false,
    rect: SCREEN,
    window_rect: NOTHING,
    deco_rect: NOTHING,
    geometry: NOTHING,
    nodes: [],
    floating_nodes: [],
    ...about,
  };
}

function view(id: number, rect: typeof SCREEN, about: Readonly<Record<string, unknown>> = {}) {
  const window_rect = { ...rect, x: 0, y: 0 };
  return node({ id, rect, window_rect, shell: 'xdg_shell', pid: process.pid, visible: true, ...about });
}

const readTree = (answer: unknown): Layout => ({
  ...treeOf(answer),
  over: [],
  settleMs: 0,
  turn: 0,
});

const left = view(5, { x: 0, y: 0, width: 50, height: 80 });
const right = view(6, { x: 50, y: 0, width: 50, height: 80 }, { focused: true });
const small = view(7, { x: 40, y: 20, width: 20, height: 20 });

describe('the tree', () => {
  test('floating windows are over the tiled ones', () => {
    const tree = readTree(node({ type: 'root', nodes: [left, right], floating_nodes: [small] }));
    expect(tree.windows.map(({ id }) => id)).toEqual([7, 6, 5]);
    expect(windowAt(tree, { x: 45, y: 25 })?.id).toBe(7);
    expect(windowAt(tree, { x: 45, y: 50 })?.id).toBe(5);
  });

  test('a window that fills the screen is over all of them', () => {
    const full = view(8, SCREEN, { fullscreen_mode: 1 });
    const tree = readTree(node({ type: 'root', nodes: [full, left], floating_nodes: [small] }));
    expect(windowAt(tree, { x: 45, y: 25 })?.id).toBe(8);
  });

  test('windows of X11 have no owner, because they say it themselves', () => {
    const old = view(9, SCREEN, { shell: 'xwayland' });
    expect(readTree(node({ type: 'root', nodes: [old] })).windows[0]?.pid).toBeNull();
  });

  test('the title of a window behind others in tabs is in its place', () => {
    const tab = { x: 50, y: 0, width: 50, height: 10 };
    const behind = view(10, { x: 0, y: 10, width: 100, height: 70 }, { visible: false, deco_rect: tab });
    const shown = view(11, { x: 0, y: 10, width: 100, height: 70 });
    const tree = readTree(node({ type: 'root', nodes: [node({ nodes: [behind, shown] })] }));
    expect(windowAt(tree, { x: 60, y: 5 })?.id).toBe(10);
    expect(windowAt(tree, { x: 60, y: 50 })?.id).toBe(11);
    expect(windowAt(tree, { x: 10, y: 5 })).toBeNull();
  });

  test('titles on a workspace that is not shown are nowhere', () => {
    const tab = { x: 0, y: 0, width: 50, height: 10 };
    const tabbed = { ...left, deco_rect: tab, visible: false };
    const workspaces = (shown: string) =>
      node({
        type: 'root',
        nodes: [
          node({
            type: 'output',
            current_workspace: shown,
            nodes: [node({ type: 'workspace', name: '2', nodes: [tabbed] })],
          }),
        ],
      });
    expect(windowAt(readTree(workspaces('1')), { x: 5, y: 5 })).toBeNull();
    expect(windowAt(readTree(workspaces('2')), { x: 5, y: 5 })?.id).toBe(5);
  });
});

describe('what is hidden', () => {
  const sources = { processes: new Processes(), isOwnDialog: () => false };
  const tree = readTree(node({ type: 'root', nodes: [left, right], floating_nodes: [small] }));
  const area = (rects: readonly { width: number; height: number }[]) =>
    rects.reduce((sum, { width, height }) => sum + width * height, 0);

  test('nothing, when all may be shown and cover the screen', () => {
    expect(hiddenParts(tree, { sources, mayShow: () => true })).toEqual([]);
  });

  test('all, when the window in front may not be shown: its menus can be anywhere', () => {
    expect(hiddenParts(tree, { sources, mayShow: () => false })).toEqual([SCREEN]);
  });

  test('a window of X11, and a panel', () => {
    const old = { ...small, shell: 'xwayland' };
    const mixed = readTree(node({ type: 'root', nodes: [left, right], floating_nodes: [old] }));
    const mayShow = ({ kind }: { kind: string }) => kind === 'app';
    expect(area(hiddenParts(mixed, { sources, mayShow }))).toBe(400);
    const panel = { x: 0, y: 0, width: 100, height: 5 };
    expect(area(hiddenParts({ ...mixed, over: [panel] }, { sources, mayShow }))).toBe(900);
  });

  test('the background', () => {
    const alone = readTree(node({ type: 'root', nodes: [right] }));
    expect(hiddenParts(alone, { sources, mayShow: () => true })).toEqual([
      { x: 0, y: 0, width: 50, height: 80 },
    ]);
  });
});

describe('what shows of a window', () => {
  const sources = { processes: new Processes(), isOwnDialog: () => false };
  const mayShow = ({ kind }: { kind: string }) => kind === 'app';
  const tree = readTree(node({ type: 'root', nodes: [left, right], floating_nodes: [small] }));
  const of = (masked: readonly (typeof SCREEN)[]) =>
    shownWindows(tree, { sources, mayShow }, masked).map(({ window, visible }) => [
      window,
      visible.reduce((sum, { width, height }) => sum + width * height, 0),
    ]);

  test('is its inside without the windows over it', () => {
    expect(of([])).toEqual([
      [7, 400],
      [6, 3800],
      [5, 3800],
    ]);
  });

  test('and without what is black; nothing of one that is all black', () => {
    expect(of([{ x: 0, y: 0, width: 50, height: 80 }])).toEqual([
      [7, 200],
      [6, 3800],
    ]);
  });

  test('and never of one whose owner is not known', () => {
    const none = shownWindows(tree, { sources, mayShow: () => false }, []);
    expect(none).toEqual([]);
  });
});

test('only layers over the windows count', () => {
  const extent = { x: 0, y: 0, width: 100, height: 20 };
  const outputs = [
    {
      rect: { ...SCREEN, x: 100 },
      layer_shell_surfaces: [
        { layer: 'top', extent },
        { layer: 'background', extent: SCREEN },
      ],
    },
    { rect: SCREEN },
  ];
  expect(layersOver(outputs)).toEqual([{ ...extent, x: 100 }]);
});

describe('keys that sway keeps', () => {
  const config = [
    'set $mod Mod4',
    'set $term foot',
    'bindsym $mod+Return exec $term',
    'bindsym --locked Control+Shift+p exec x',
    'bindsym XF86AudioMute exec mute',
    'mode "resize" {',
    '  bindsym h resize shrink width 10px',
    '}',
  ].join('\n');
  const press = (...modifiers: string[]) => ({ modifiers, key: 'p' });

  test.each([
    ['a binding', press('shift', 'ctrl'), true],
    ['the same key without it', press('ctrl'), false],
    ['anything with the logo key', press('super'), true],
    ['a key of a mode that is not active', { modifiers: [], key: 'h' }, false],
  ])('%s', (_name, stroke, expected) => {
    expect(isBound(stroke, bindingsOf(config))).toBe(expected);
  });

  test('with a part that cannot be read, alt and several modifiers count too', () => {
    const partial = bindingsOf(`include conf.d/*\n${config}`);
    expect(isBound(press('alt'), partial)).toBe(true);
    expect(isBound(press('ctrl'), partial)).toBe(false);
    expect(isBound(press('alt'), bindingsOf(config))).toBe(false);
  });
});

test('a picture of grim is turned into blue, green and red', () => {
  const file = Buffer.concat([Buffer.from('P6\n2 1\n255\n'), Buffer.from([1, 2, 3, 4, 5, 6])]);
  const { pixels, width, height } = fromPpm(file);
  expect({ pixels: [...pixels], width, height }).toEqual({
    pixels: [3, 2, 1, 0, 6, 5, 4, 0],
    width: 2,
    height: 1,
  });
  expect(() => fromPpm(file.subarray(0, -1))).toThrow('cut off');
  expect(() => fromPpm(Buffer.from('GIF89a'))).toThrow('not a PPM');
});

test('a symbol that no ordinary key has gets one of its own', () => {
  const keymap = new SymbolKeymap([0x1000416]);
  expect([keymap.keyOf(0xff09), keymap.keyOf(0x1000416)]).toEqual([15, 248]);
  expect([keymap.has([0x61, 0x1000416]), keymap.has([0x41])]).toEqual([true, false]);
});

test('messages of Wayland come in any pieces', () => {
  const bytes = Buffer.concat([encode(2, 0, [7, 'wl_seat', 9]), encode(1, 1, [3])]);
  const { messages, rest } = decode(bytes.subarray(0, -1));
  expect(messages.map(({ object, opcode }) => [object, opcode])).toEqual([[2, 0]]);
  const [first] = messages;
  expect(first && stringAt(first.body, 4)).toEqual({ text: 'wl_seat', next: 16 });
  expect(decode(Buffer.concat([rest, bytes.subarray(-1)])).messages).toHaveLength(1);
  expect(() => decode(Buffer.alloc(8))).toThrow('a message of 0 bytes');
});
