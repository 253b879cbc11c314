import { KINDS, type Kind } from '@deskhand/computer-use-mcp/drill';
import { copyFile, mkdtemp } from 'node:fs/promises';
import { join } from 'node:path';

import { afterAll, beforeAll, describe, expect, test } from 'vitest';

import type { Application } from '../lab/application.ts';
import { openChromium, type Chromium } from '../lab/chromium.ts';
import { startDesktop, type Desktop } from '../lab/desktop.ts';
import { openGalculator, type Galculator } from '../lab/galculator.ts';
import { openMousepad, type Mousepad } from '../lab/mousepad.ts';
import { startSentinel, type Sentinel } from '../lab/sentinel.ts';
import { settled } from '../lab/settled.ts';
import { connectServer, type ToolClient } from '../lab/tool-client.ts';
import { xdotool } from '../lab/xdotool.ts';
import { openXterm, type Xterm } from '../lab/xterm.ts';
import { openZenity, type Zenity } from '../lab/zenity.ts';
import { codeOf } from './answers.ts';
import { rowFor, writeGrants } from './grant-rows.ts';

const LOW = 'tier_too_low';

// prettier-ignore
const EXPECTED: readonly (readonly [tool: string, ...cells: readonly string[]])[] = [
  //               chromium  xterm  mousepad  galculator     zenity              keepassxc
  ['left_click',   LOW,      'ok',  'ok',     'not_granted', 'denied_by_person', 'protected_app'],
  ['mouse_move',   LOW,      'ok',  'ok',     'not_granted', 'denied_by_person', 'protected_app'],
  ['scroll',       LOW,      'ok',  'ok',     'not_granted', 'denied_by_person', 'protected_app'],
  ['middle_click', LOW,      LOW,   'ok',     'not_granted', 'denied_by_person', 'protected_app'],
  ['right_click',  LOW,      LOW,   'ok',     'not_granted', 'denied_by_person', 'protected_app'],
  ['type',         LOW,      LOW,   'ok',     'not_granted', 'denied_by_person', 'protected_app'],
  ['key',          LOW,      LOW,   'ok',     'not_granted', 'denied_by_person', 'protected_app'],
];

const BUTTONS: Readonly<Record<string, readonly number[]>> = {
  left_click: [1],
  mouse_move: [],
  scroll: [5],
  middle_click: [2],
  right_click: [3],
  type: [],
  key: [],
};

/** Real programs of each kind; the password manager is a terminal by content and keepassxc by name. */
interface Programs extends Readonly<Record<Kind, Application>> {
  readonly read: Chromium;
  readonly click: Xterm;
  readonly full: Mousepad;
  readonly ungranted: Galculator;
  readonly denied: Zenity;
  readonly none: Xterm;
}

/** The browser's windows are never narrower. */
const COLUMNS = [
  { x: 20, width: 520 },
  { x: 570, width: 320 },
  { x: 930, width: 320 },
] as const;

async function openPrograms(desktop: Desktop): Promise<Programs> {
  const keepassxc = join(await mkdtemp(join(desktop.folder, 'bin-')), 'keepassxc');
  await copyFile('/usr/bin/xterm', keepassxc);
  const programs: Programs = {
    read: await openChromium(desktop),
    click: await openXterm(desktop),
    full: await openMousepad(desktop),
    ungranted: await openGalculator(desktop),
    denied: await openZenity(desktop, ['--entry', '--text=Name']),
    none: await openXterm(desktop, { command: keepassxc }),
  };
  for (const [index, kind] of KINDS.entries()) {
    const line = Math.floor(index / 3);
    await programs[kind].place({ y: 40 + 380 * line, height: 320, ...(COLUMNS[index % 3] ?? COLUMNS[0]) });
  }
  return programs;
}

describe('with real applications', () => {
  let desktop: Desktop;
  let sentinel: Sentinel;
  let programs: Programs;
  let server: ToolClient;
  let cells = 0;

  beforeAll(async () => {
    desktop = await startDesktop({ wm: 'openbox' });
    sentinel = await startSentinel(desktop);
    programs = await openPrograms(desktop);
    writeGrants(desktop, [
      ...['/usr/lib/chromium/chromium', '/usr/bin/xterm', '/usr/bin/mousepad'].map((path) => rowFor(path)),
      rowFor('/usr/bin/zenity', { decision: 'deny' }),
    ]);
    server = await connectServer(desktop);
  });
  afterAll(() => desktop.close());

  async function middleOf(kind: Kind): Promise<readonly number[]> {
    const { x, y, width, height } = await programs[kind].geometry();
    return [x + Math.floor(width / 2), y + Math.floor(height / 2)];
  }

  async function attempt(tool: string, kind: Kind) {
    const coordinate = await middleOf(kind);
    const more = tool === 'scroll' ? { scroll_direction: 'down', scroll_amount: 1 } : {};
    const text = { type: 'hi', key: 'Return' }[tool];
    await sentinel.forget();
    const answer = await server.call(tool, text === undefined ? { coordinate, ...more } : { text });
    const input = await sentinel.events();
    const presses = (event: string) =>
      input.filter((made) => made.event === event).map(({ detail }) => detail);
    return {
      outcome: codeOf(answer),
      buttons: presses('ButtonPress'),
      keys: presses('KeyPress').length,
      moved: input.some(({ event }) => event === 'MotionNotify'),
    };
  }

  async function closeMenu(): Promise<void> {
    await xdotool(desktop, 'key', 'Escape');
    await settled(desktop, programs.full.window);
  }

  const refused = (outcome: string) => ({ outcome, buttons: [], keys: 0, moved: false });

  test.each(EXPECTED)('%s in front does what the table says', async (tool, ...row) => {
    for (const [index, kind] of KINDS.entries()) {
      await programs[kind].activate();
      await xdotool(desktop, 'mousemove', '1270', '790');
      const expected = row[index] ?? '';
      const keys = { type: 2, key: 1 }[tool] ?? 0;
      const done = { outcome: 'ok', buttons: BUTTONS[tool], keys, moved: keys === 0 };
      expect({ kind, ...(await attempt(tool, kind)) }).toEqual({
        kind,
        ...(expected === 'ok' ? done : refused(expected)),
      });
      if (tool === 'right_click' && kind === 'full') await closeMenu();
      cells += 1;
    }
  });

  const pointing = EXPECTED.filter(([tool]) => tool !== 'type' && tool !== 'key');
  test.each(pointing)('%s under the pointer, with mousepad in front, does so too', async (tool, ...row) => {
    for (const [index, kind] of KINDS.entries()) {
      await programs.full.activate();
      await xdotool(desktop, 'mousemove', '1270', '790');
      const expected = row[index] ?? '';
      const done = { outcome: 'ok', buttons: BUTTONS[tool], keys: 0, moved: true };
      expect({ kind, ...(await attempt(tool, kind)) }).toEqual({
        kind,
        ...(expected === 'ok' ? done : refused(expected)),
      });
      if (tool === 'right_click' && kind === 'full') await closeMenu();
      cells += 1;
    }
  });

  test('what the applications say of themselves agrees', async () => {
    const { read, click, full, ungranted, denied, none } = programs;
    const acted = ['keydown', 'mousedown', 'click', 'wheel', 'input', 'paste'];
    expect(read.page.events().filter(({ type }) => acted.includes(type))).toEqual([]);
    expect(await click.received()).toBe('');
    expect(await none.received()).toBe('');
    expect(await full.savedText()).toBe('hi\n');
    expect(await ungranted.lastValue()).toBe('0');
    await denied.activate();
    await xdotool(desktop, 'key', 'Return');
    expect(await denied.answer()).toEqual({ accepted: true, text: '' });
    console.log(`${cells} cells on real applications right`);
  });
});
