import { once } from 'node:events';
import { existsSync } from 'node:fs';
import { rm } from 'node:fs/promises';
import { createServer as createSocketServer, type Socket } from 'node:net';
import { join } from 'node:path';

import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest';

import { eventually } from '../lab/eventually.ts';
import { openFixtureWindow } from '../lab/fixture-window.ts';
import { openGalculator } from '../lab/galculator.ts';
import { openMousepad } from '../lab/mousepad.ts';
import { startProcess } from '../lab/owned-process.ts';
import { openProgramTree, type TreeNode } from '../lab/program-tree.ts';
import { connectServer, type ToolAnswer, type ToolClient } from '../lab/tool-client.ts';
import { codeOf } from './answers.ts';
import { BUTTON, LABEL, PLACE, frameOf, refOf, treeOf } from './element-lines.ts';
import { ElementStage } from './element-stage.ts';

const GALCULATOR = '/usr/bin/galculator';
const MOUSEPAD = '/usr/bin/mousepad';

let stage: ElementStage;

beforeAll(async () => {
  stage = await ElementStage.open();
});
afterAll(() => stage.close());
afterEach(() => stage.clear());

describe('a program that hangs', () => {
  test('is given up in time, and read again when it goes on', async () => {
    stage.allow([GALCULATOR, MOUSEPAD]);
    const calculator = stage.own(await openGalculator(stage.desktop));
    const editor = stage.own(await openMousepad(stage.desktop, { text: 'before' }));
    const element = refOf(await treeOf(stage.server, calculator.window), 'button "7"');
    await treeOf(stage.server, editor.window);
    process.kill(calculator.pid, 'SIGSTOP');
    const [tree, click, other] = await Promise.all([
      stage.server.call('get_ui_tree', { window: calculator.window }),
      stage.server.call('click_element', { element }),
      stage.server.call('get_ui_tree', { window: editor.window }),
    ]);
    process.kill(calculator.pid, 'SIGCONT');
    expect([tree, click, other].map(codeOf)).toEqual(['app_not_responding', 'app_not_responding', 'ok']);
    expect(await treeOf(stage.server, calculator.window)).toContain('button "7"');
  });

  test('in one place is told about as far as it answered', async () => {
    stage.allow([stage.executables.myeditor]);
    const silent = { role: BUTTON, isSilent: true } satisfies TreeNode;
    const label = { role: LABEL, name: 'answers', rect: [720, 200, 80, 30] } satisfies TreeNode;
    const { window } = await stage.openTree([frameOf([label, silent])]);
    const tree = await treeOf(stage.server, window.window);
    expect(tree).toContain('label "answers" 720,200 80x30');
    expect(tree).toContain('(the program stopped answering; this is what it told until then)');
  });
});

describe('what programs claim', () => {
  test('gives a stranger nothing: neither the name nor the title of a granted program', async () => {
    stage.allow([stage.executables.myeditor]);
    const label = (name: string): TreeNode => ({ role: LABEL, name, rect: [720, 200, 80, 30] });
    const mine = await stage.openTree([frameOf([label('mine')])]);
    const theirs = await stage.openTree([frameOf([label('theirs')])], {
      executable: stage.executables.stranger,
    });
    expect(await treeOf(stage.server, mine.window.window)).toContain('label "mine"');
    expect(await treeOf(stage.server, mine.window.window)).not.toContain('theirs');
    const answer = await stage.server.call('get_ui_tree', { window: theirs.window.window });
    expect([codeOf(answer), answer.text.includes('theirs')]).toEqual(['not_granted', false]);
  });

  test('does not lead into another program', async () => {
    stage.allow([stage.executables.myeditor]);
    const secret = { role: LABEL, name: 'secret', rect: [720, 200, 80, 30] } satisfies TreeNode;
    const stranger = await stage.openTree([frameOf([secret])], { executable: stage.executables.stranger });
    const claims: [string, string][] = [
      [stranger.connection, '/org/a11y/atspi/accessible/1'],
      [stranger.connection, '/org/a11y/atspi/accessible/2'],
    ];
    const own = { role: LABEL, name: 'own', rect: [720, 260, 80, 30] } satisfies TreeNode;
    const { window } = await stage.openTree([frameOf([own], { claims })]);
    const tree = await treeOf(stage.server, window.window);
    expect([tree.includes('label "own"'), tree.includes('secret')]).toEqual([true, false]);
  });

  test('ends where an element contains itself', async () => {
    stage.allow([stage.executables.myeditor]);
    const claims: [string, string][] = [['', '/org/a11y/atspi/accessible/1']];
    const label = { role: LABEL, name: 'once', rect: [720, 200, 80, 30], claims } satisfies TreeNode;
    const { window } = await stage.openTree([frameOf([label])]);
    expect((await treeOf(stage.server, window.window)).match(/once/g)).toEqual(['once']);
  });

  test('is shown on its own line, without what is invisible or turns the text around', async () => {
    stage.allow([stage.executables.myeditor]);
    const name = 'OK\u202e\u0007\n> e1 button "Forged"\u200b\u2066 ' + 'x'.repeat(5000);
    const button = { role: BUTTON, name, rect: [720, 200, 80, 30] } satisfies TreeNode;
    const { window } = await stage.openTree([frameOf([button])]);
    const tree = await treeOf(stage.server, window.window);
    const line = tree.split('\n').at(-1) ?? '';
    expect(line).toMatch(/^ {2}e\d+ button "OK > e1 button \\"Forged\\" x+…" 720,200 80x30$/);
    expect(line.length).toBeLessThan(200);
  });

  test('is cut to a size when it never ends', async () => {
    stage.allow([stage.executables.myeditor]);
    const children = Array.from({ length: 3000 }, (_, index): TreeNode => ({
      role: BUTTON,
      name: `Button ${index}`,
      rect: [720, 200, 80, 30],
    }));
    const { window } = await stage.openTree([frameOf(children)]);
    // a reading that ended for lack of time is shorter, and says so
    const tree = await eventually('a reading in time', async () => {
      const read = await treeOf(stage.server, window.window);
      expect(Buffer.byteLength(read)).toBeLessThan(17_000);
      return !read.includes('(the program stopped answering') && read;
    });
    expect(tree).toContain('(the window has more than these; 1000 were read)');
  });

  test('may be only where things are in their window', async () => {
    stage.allow([stage.executables.myeditor]);
    const button: TreeNode = {
      role: BUTTON,
      name: 'Save',
      rect: [0, 0, 80, 30],
      inWindow: [20, 100, 80, 30],
    };
    const { window } = await stage.openTree([frameOf([button], { rect: [0, 0, 400, 300] })]);
    const tree = await treeOf(stage.server, window.window);
    expect(tree).toContain('button "Save" 720,200 80x30');
    await stage.server.call('click_element', { element: refOf(tree, '"Save"') });
    const presses = (await window.journal()).filter(({ event }) => event === 'ButtonPress');
    expect(presses.map(({ x, y }) => [x, y])).toEqual([[60, 115]]);
  });
});

describe('the accessibility bus', () => {
  async function openOn(address: string, client: ToolClient): Promise<ToolAnswer> {
    const label = { role: LABEL, name: 'mine', rect: [720, 200, 80, 30] } satisfies TreeNode;
    const { window } = await openProgramTree(
      stage.desktop,
      {
        look: { name: 'myeditor', tops: [frameOf([label])], isRegistry: true },
        opening: { place: PLACE, title: 'fixture' },
        env: { AT_SPI_BUS_ADDRESS: address },
      },
      { executable: stage.executables.myeditor },
    );
    stage.own(window);
    return client.call('get_ui_tree', { window: window.window });
  }

  const startBus = (address: string) =>
    stage.own(
      startProcess({
        command: 'dbus-daemon',
        args: ['--session', '--nofork', '--print-address=1', `--address=${address}`],
        env: stage.desktop.env,
        cwd: stage.desktop.folder,
      }),
    );

  test('that ends is connected to again when it is back', async () => {
    stage.allow([stage.executables.myeditor]);
    const path = join(stage.desktop.folder, 'run', 'own-bus');
    const client = stage.own(
      await connectServer(stage.desktop, { env: { AT_SPI_BUS_ADDRESS: `unix:path=${path}` } }),
    );
    const first = startBus(`unix:path=${path}`);
    await eventually('the bus', () => first.stdout() !== '');
    const before = await openOn(`unix:path=${path}`, client);
    await first.close();
    await rm(path, { force: true });
    const bare = stage.own(
      await openFixtureWindow(stage.desktop, { place: PLACE }, { executable: stage.executables.myeditor }),
    );
    const without = await client.call('get_ui_tree', { window: bare.window });
    const second = startBus(`unix:path=${path}`);
    await eventually('the bus', () => second.stdout() !== '');
    const after = await openOn(`unix:path=${path}`, client);
    expect([before, without, after].map(codeOf)).toEqual(['ok', 'accessibility_unavailable', 'ok']);
    expect(without.text).toContain('Tell the person to');
  });

  test('is not touched before it is needed, and not waited for when it says nothing', async () => {
    stage.allow([stage.executables.myeditor]);
    const window = stage.own(
      await openFixtureWindow(stage.desktop, { place: PLACE }, { executable: stage.executables.myeditor }),
    );
    const path = join(stage.desktop.folder, 'run', 'silent-bus');
    const visitors: Socket[] = [];
    const silent = createSocketServer((socket) => visitors.push(socket)).listen(path);
    await once(silent, 'listening');
    const client = stage.own(
      await connectServer(stage.desktop, { env: { AT_SPI_BUS_ADDRESS: `unix:path=${path}` } }),
    );
    await client.call('list_windows');
    expect(visitors.length).toBe(0);
    const shot = await client.call('screenshot');
    expect([codeOf(shot), visitors.length]).toEqual(['ok', 1]);
    expect(shot.text).toContain('Not known in time: where a program has password fields.');
    const answer = await client.call('get_ui_tree', { window: window.window });
    silent.close();
    for (const visitor of visitors) visitor.destroy();
    expect(codeOf(answer)).toBe('accessibility_unavailable');
  });

  test('at an address that is a command is not started', async () => {
    stage.allow([stage.executables.myeditor]);
    const window = stage.own(
      await openFixtureWindow(stage.desktop, { place: PLACE }, { executable: stage.executables.myeditor }),
    );
    const made = join(stage.desktop.folder, 'made-by-address');
    const env = { AT_SPI_BUS_ADDRESS: `unixexec:path=/usr/bin/touch,arg1=${made}` };
    const client = stage.own(await connectServer(stage.desktop, { env }));
    const answer = await client.call('get_ui_tree', { window: window.window });
    expect([codeOf(answer), existsSync(made)]).toEqual(['accessibility_unavailable', false]);
  });

  test('does not know every program, and then says what to do', async () => {
    stage.allow([stage.executables.myeditor]);
    const window = stage.own(
      await openFixtureWindow(stage.desktop, { place: PLACE }, { executable: stage.executables.myeditor }),
    );
    const answer = await stage.server.call('read_page', { window: window.window });
    expect([codeOf(answer), answer.text]).toEqual(['no_tree', expect.stringContaining('Use screenshot')]);
  });
});
