import { chmod, copyFile, mkdtemp } from 'node:fs/promises';
import { join } from 'node:path';

import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest';

import { openApplication } from '../lab/application.ts';
import { Belongings } from '../lab/belongings.ts';
import { startDesktop, type Desktop } from '../lab/desktop.ts';
import { eventually } from '../lab/eventually.ts';
import { startFixture, type Fixture, type FixtureWindow } from '../lab/fixture-window.ts';
import { openProgramTree, type ProgramLook, type ProgramTree, type TreeNode } from '../lab/program-tree.ts';
import { connectServer, type ToolClient } from '../lab/tool-client.ts';
import { windowsOf } from '../lab/windows.ts';
import { codeOf, failureOf } from './answers.ts';
import { treeOf } from './element-lines.ts';
import { makeExecutables } from './executables.ts';
import { rowFor, writeGrants } from './grant-rows.ts';

const PLACE = { x: 200, y: 150, width: 500, height: 400 };
const AT_EDGE = [680, 530];
const FLAGS = { clipboardWrite: true };
const FREE = { click: 'ok', type: 'ok' };
const CLICK_ONLY = { click: 'ok', type: 'tier_too_low' };

let desktop: Desktop;
let server: ToolClient;
let myeditor: string;
let editor: Fixture;
let page: FixtureWindow;

const opened = new Belongings();

beforeAll(async () => {
  desktop = await startDesktop({ wm: 'openbox', accessibility: true });
  ({ myeditor } = await makeExecutables(desktop, ['myeditor']));
  server = await connectServer(desktop);
});
afterAll(() => desktop.close());
beforeEach(async () => {
  writeGrants(desktop, [rowFor(myeditor, { flags: FLAGS })]);
  editor = opened.own(startFixture(desktop, { executable: myeditor }));
  page = await editor.open({ place: PLACE });
  await page.activate();
});
afterEach(() => opened.close());

const use = async (coordinate: readonly number[] = AT_EDGE) => ({
  click: codeOf(await server.call('left_click', { coordinate })),
  type: codeOf(await server.call('type', { text: 'a' })),
});

/** Waits until typing comes to this, because a program needs a moment to make its terminal. */
const typingComesTo = (code: string): Promise<unknown> =>
  eventually(
    `typing to come to ${code}`,
    async () => codeOf(await server.call('type', { text: 'a' })) === code,
  );

/** The same program under a name that says nothing. */
async function renamed(command: string, name: string): Promise<string> {
  const path = join(await mkdtemp(join(desktop.folder, 'renamed-')), name);
  await copyFile(command, path);
  await chmod(path, 0o755);
  return path;
}

describe('an application with a terminal inside', () => {
  test.each([
    ['xterm', '/usr/bin/xterm', ['-e', 'cat']],
    ['VTE', '/usr/bin/xfce4-terminal', ['--disable-server', '--command=cat']],
  ])('gets clicks and no keys, whatever it is called: %s', async (_, command, args) => {
    const notes = await renamed(command, 'notes');
    writeGrants(desktop, [rowFor(notes)]);
    const app = await openApplication(desktop, { command: notes, args });
    opened.own(app);
    await app.place(PLACE);
    await app.activate();
    await typingComesTo('tier_too_low');
    expect(await use([400, 300])).toEqual(CLICK_ONLY);
    const { message } = failureOf(await server.call('type', { text: 'a' }));
    expect(message).toContain('a shell runs in it, which holds it at tier click');
  });

  test('and its twin without one gets both', async () => {
    const notes = await renamed('/usr/bin/mousepad', 'notes');
    writeGrants(desktop, [rowFor(notes)]);
    const app = await openApplication(desktop, { command: notes, args: ['--disable-server'] });
    opened.own(app);
    await app.place(PLACE);
    await app.activate();
    expect(await use([400, 300])).toEqual(FREE);
  });

  test('that a helper without a window holds gets no keys until the helper ends', async () => {
    expect(await use()).toEqual(FREE);
    const helper = await editor.run('script', '-qec', 'cat', '/dev/null');
    await typingComesTo('tier_too_low');
    expect(await use()).toEqual(CLICK_ONLY);
    process.kill(helper);
    await typingComesTo('ok');
    expect(await use()).toEqual(FREE);
  });

  test('that is a window of another program put into its own gets no keys, wherever the pointer is', async () => {
    await editor.run('xterm', '-into', String(page.window), '-e', 'cat');
    await typingComesTo('tier_too_low');
    expect(await use()).toEqual(CLICK_ONLY);
  });

  test('does not get the text that an agent offers for pasting', async () => {
    expect(codeOf(await server.call('write_clipboard', { text: 'rm -rf ~' }))).toBe('ok');
    expect(await page.paste('UTF8_STRING')).toEqual(['rm -rf ~']);
    await editor.run('script', '-qec', 'cat', '/dev/null');
    await typingComesTo('tier_too_low');
    expect(await page.paste('UTF8_STRING')).toEqual([null]);
  });
});

describe('an application that says itself that it shows a terminal', () => {
  const [FRAME, PANEL, TERMINAL] = [23, 39, 60];
  const { x, y, width, height } = PLACE;

  const lookWith = (role: number, isSilent = false): ProgramLook => {
    const children: TreeNode[] = [{ role, rect: [x, y, width, height - 40], isSilent }];
    return {
      name: 'editor',
      tops: [{ role: FRAME, name: 'tree', rect: [x, y, width, height], isSilent, children }],
    };
  };

  /** Its terminal is of a process that nothing leads to. */
  async function openHiding(role: number): Promise<ProgramTree> {
    const program = await openProgramTree(
      desktop,
      { look: lookWith(role), opening: { place: PLACE, title: 'tree' } },
      { executable: myeditor },
    );
    opened.own(program.window);
    await program.window.fixture.run('setsid', '--fork', 'script', '-qec', 'cat', '/dev/null');
    await program.window.activate();
    return program;
  }

  /** The first question opens the bus, for which keys do not wait long. */
  const untilHeard = ({ window }: FixtureWindow): Promise<unknown> => treeOf(server, window);

  const fullUse = async () => ({
    ...(await use()),
    right: codeOf(await server.call('right_click', { coordinate: AT_EDGE })),
    drag: codeOf(await server.call('left_click_drag', { start_coordinate: AT_EDGE, coordinate: [670, 500] })),
    offer: codeOf(await server.call('write_clipboard', { text: 'rm -rf ~' })),
  });
  const REFUSED = {
    ...CLICK_ONLY,
    ...{ right: 'tier_too_low', drag: 'tier_too_low', offer: 'tier_too_low' },
  };
  const ALLOWED = { ...FREE, right: 'ok', drag: 'ok', offer: 'ok' };

  test('gets clicks and no keys, also when the process behind it is hidden', async () => {
    const { window } = await openHiding(TERMINAL);
    await untilHeard(window);
    expect(await fullUse()).toEqual(REFUSED);
  });

  test('and the same without it gets everything', async () => {
    await openHiding(PANEL);
    expect(await fullUse()).toEqual(ALLOWED);
  });

  test('later than it was used gets none from then on, until it shows it no more', async () => {
    const program = await openHiding(PANEL);
    await untilHeard(program.window);
    expect(await use()).toEqual(FREE);
    program.change(lookWith(TERMINAL));
    expect(await use()).toEqual(CLICK_ONLY);
    // it tells nothing more: what it said last counts
    program.change(lookWith(PANEL, true));
    expect(await use()).toEqual(CLICK_ONLY);
    program.change(lookWith(PANEL));
    expect(await use()).toEqual(FREE);
  });

  test('is not known while it has never told anything', async () => {
    const program = await openHiding(TERMINAL);
    program.change(lookWith(TERMINAL, true));
    expect(await use()).toEqual(FREE);
  });
});

describe('an application gets keys although', () => {
  test('it has started a terminal with a window of its own', async () => {
    const terminal = await editor.run('xterm', '-e', 'cat');
    await eventually('the window of the terminal', async () => (await windowsOf(desktop.x, terminal))[0]);
    await page.activate();
    expect(await use()).toEqual(FREE);
  });

  test('it has helpers without a terminal', async () => {
    await editor.run('sleep', '60');
    await editor.run('setsid', 'sleep', '60');
    expect(await use()).toEqual(FREE);
  });
});
