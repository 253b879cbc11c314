import { cellsOf, elementCells } from '@deskhand/computer-use-mcp/drill';
import { mkdirSync, readFileSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, onTestFinished, test } from 'vitest';
import { z } from 'zod';

import { startDesktop, type Desktop } from '../lab/desktop.ts';
import { eventually } from '../lab/eventually.ts';
import { openFixtureWindow } from '../lab/fixture-window.ts';
import { startProcess } from '../lab/owned-process.ts';
import { connectServer } from '../lab/tool-client.ts';
import type { WindowManagerName } from '../lab/window-manager.ts';
import { inRepository } from '../lab/workspace.ts';

const BIN = inRepository('packages/computer-use-mcp/dist/cli.js');
const DRILL_MS = 600_000;
/** Every cell under one window manager, and under the others what their focus and their raising decide. */
const UNDER_OTHERS = [
  ...['left_click', 'type', 'focus_window', 'open_application', 'left_click_drag'],
  'click_element',
];
/** `DRILL_IN_FULL=1` tries every cell under each of them. */
const isInFull = process.env['DRILL_IN_FULL'] !== undefined;
const TRIES: readonly (readonly [WindowManagerName, readonly string[] | undefined])[] = [
  // it goes on naming a window as active when another one took the focus, so that the two can be told apart
  ['icewm', undefined],
  ['openbox', isInFull ? undefined : UNDER_OTHERS],
  ['xfwm4', isInFull ? undefined : UNDER_OTHERS],
];

const Report = z.object({
  ok: z.boolean(),
  seconds: z.number(),
  wrong: z.array(z.string()),
  cells: z.array(z.object({ name: z.string(), outcome: z.string(), expected: z.string() })),
});

async function desktopOf(wm: WindowManagerName, accessibility = false): Promise<Desktop> {
  const desktop = await startDesktop({ wm, accessibility });
  onTestFinished(() => desktop.close());
  mkdirSync(join(desktop.folder, 'work'));
  return desktop;
}

/** Starts the command as a person does, in a folder of its own. */
function start({ env, folder }: Desktop, args: readonly string[], more: Desktop['env'] = {}) {
  const cwd = join(folder, 'work');
  return startProcess({
    command: process.execPath,
    args: [BIN, 'drill', ...args],
    env: { ...env, ...more },
    cwd,
  });
}

const foldersIn = ({ env }: Desktop): readonly string[] =>
  readdirSync(env['TMPDIR'] ?? '').filter((name) => name.startsWith('deskhand-drill-'));

const windowsOn = ({ x }: Desktop): Promise<readonly number[]> => x.numbers(x.root, '_NET_CLIENT_LIST');

/** The window manager hears of the end of a program later than whoever started it. */
const untilWindows = (desktop: Desktop, count: number): Promise<true> =>
  eventually(`${count} windows`, async () => (await windowsOn(desktop)).length === count);

describe('on a desktop without windows', () => {
  test.each(TRIES)(
    'every tool is allowed and refused as it must be, under %s',
    async (wm, tools) => {
      const desktop = await desktopOf(wm, true);
      const only = tools === undefined ? [] : ['--only', tools.join(',')];
      const drill = start(desktop, ['--json', '--junit', 'drill.xml', '--html', 'drill.html', ...only]);
      let out = '';
      drill.onLine((line) => (out = line));
      const { code } = await drill.exited;
      const report = Report.parse(JSON.parse(out));
      expect({ code, wrong: report.wrong, stderr: drill.stderr() }).toEqual({
        code: 0,
        wrong: [],
        stderr: '',
      });
      expect(report.cells).toHaveLength([...cellsOf(tools), ...elementCells(tools)].length);
      console.log(`${wm}: ${report.cells.length} cells in ${report.seconds.toFixed(0)} s`);
      const [xml, html] = ['drill.xml', 'drill.html'].map((name) =>
        readFileSync(join(desktop.folder, 'work', name), 'utf8'),
      );
      expect(xml).toContain(`tests="${report.cells.length}" failures="0"`);
      expect(html).toContain('src="data:image/');
      expect(html).not.toMatch(/(?:src|href)="(?!data:)/);
      expect(foldersIn(desktop)).toEqual([]);
      await untilWindows(desktop, 0);
    },
    DRILL_MS,
  );

  test('one tool can be tried alone, and a tool that is not known is said', async () => {
    const desktop = await desktopOf('openbox');
    const one = start(desktop, ['--only', 'mouse_move']);
    expect((await one.exited).code, one.stdout()).toBe(0);
    expect(one.stdout()).toMatch(/mouse_move +in front +no +ok +ok +ok +no +no +no +no/);
    const none = start(desktop, ['--only', 'mouse_mve']);
    expect((await none.exited).code).toBe(1);
    expect(none.stderr()).toContain('the drill does not know the tool mouse_mve');
  });

  test('what is left behind when it is interrupted is nothing', async () => {
    const desktop = await desktopOf('openbox');
    const drill = start(desktop, []);
    await eventually('the windows of the drill', async () => (await windowsOn(desktop)).length > 5);
    process.kill(drill.pid, 'SIGINT');
    expect((await drill.exited).code).toBe(130);
    expect(foldersIn(desktop)).toEqual([]);
    await untilWindows(desktop, 0);
  });
});

test('where a person has windows open it asks for --yes, and with it goes ahead', async () => {
  const desktop = await desktopOf('openbox');
  await openFixtureWindow(desktop, { place: { x: 900, y: 640, width: 100, height: 80 } });
  const refused = start(desktop, ['--only', 'wait']);
  expect((await refused.exited).code).toBe(1);
  expect(refused.stderr()).toMatch(
    /1 windows are open on :\d+, and the drill takes over pointer and keyboard/,
  );
  const allowed = start(desktop, ['--only', 'wait', '--yes']);
  expect((await allowed.exited).code, allowed.stdout()).toBe(0);
  await untilWindows(desktop, 1);
});

test('where another server acts it says so, and tries nothing', async () => {
  const desktop = await desktopOf('openbox');
  const server = await connectServer(desktop);
  await server.call('left_click', { coordinate: [10, 10] });
  const refused = start(desktop, ['--only', 'mouse_move']);
  expect((await refused.exited).code).toBe(1);
  expect(refused.stderr()).toMatch(/The desktop is controlled by .+ \(process \d+/);
  await server.close();
  const allowed = start(desktop, ['--only', 'mouse_move']);
  expect((await allowed.exited).code, allowed.stdout()).toBe(0);
});

test('without a display it makes one that nobody sees', async () => {
  const desktop = await desktopOf('openbox');
  const drill = start(desktop, ['--only', 'left_click'], { DISPLAY: '', XAUTHORITY: '' });
  expect((await drill.exited).code, drill.stdout()).toBe(0);
  expect(drill.stderr()).toMatch(/^On :\d+, with openbox, which nobody sees\.$/m);
  expect(drill.stdout()).toContain('all as they must be');
});

test('without an X server and without a display it says what to install', async () => {
  const desktop = await desktopOf('openbox');
  const empty = `PATH=${join(desktop.folder, 'work')}`;
  const drill = startProcess({
    command: 'env',
    args: [empty, process.execPath, BIN, 'drill', '--private'],
    env: desktop.env,
    cwd: join(desktop.folder, 'work'),
  });
  expect((await drill.exited).code).toBe(1);
  expect(drill.stderr()).toContain('Run: sudo apt install xvfb openbox');
});
