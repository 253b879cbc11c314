import { once } from 'node:events';
import { createServer } from 'node:http';

import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest';

import type { Closable } from '../lab/belongings.ts';
import { openChromium } from '../lab/chromium.ts';
import { startDesktop, type Desktop } from '../lab/desktop.ts';
import { eventually } from '../lab/eventually.ts';
import { openFixtureWindow } from '../lab/fixture-window.ts';
import { openGalculator } from '../lab/galculator.ts';
import { openMousepad } from '../lab/mousepad.ts';
import { openProgramTree, type TreeNode } from '../lab/program-tree.ts';
import { startSentinel, type Sentinel } from '../lab/sentinel.ts';
import { connectServer, type ToolAnswer, type ToolClient } from '../lab/tool-client.ts';
import { xdotool } from '../lab/xdotool.ts';
import { openZenity } from '../lab/zenity.ts';
import { codeOf } from './answers.ts';
import { BUTTON, LABEL, PLACE, frameOf, refOf, treeOf } from './element-lines.ts';
import { makeExecutables } from './executables.ts';
import { rowFor, writeGrants, type RowOptions } from './grant-rows.ts';

const GALCULATOR = '/usr/bin/galculator';
const MOUSEPAD = '/usr/bin/mousepad';
const ZENITY = '/usr/bin/zenity';
const CHROMIUM = '/usr/lib/chromium/chromium';

const NAMES = ['myeditor', 'stranger'] as const;

let desktop: Desktop;
let sentinel: Sentinel;
let server: ToolClient;
let executables: Readonly<Record<(typeof NAMES)[number], string>>;
let opened: Closable[] = [];

beforeAll(async () => {
  desktop = await startDesktop({ wm: 'openbox', accessibility: true });
  sentinel = await startSentinel(desktop);
  executables = await makeExecutables(desktop, NAMES);
  server = await connectServer(desktop);
});
afterAll(() => desktop.close());
afterEach(async () => {
  await Promise.all(opened.map((thing) => thing.close()));
  opened = [];
});

function own<T extends Closable>(thing: T): T {
  opened.push(thing);
  return thing;
}

const allow = (paths: readonly string[], options: RowOptions = {}): void =>
  writeGrants(
    desktop,
    paths.map((path) => rowFor(path, options)),
  );

async function openTree(
  tops: TreeNode[],
  { executable = executables.myeditor, title = 'fixture', name = 'myeditor', place = PLACE } = {},
) {
  const tree = await openProgramTree(
    desktop,
    { look: { name, tops }, opening: { place, title } },
    { executable },
  );
  own(tree.window);
  return tree;
}

const madeInput = async (): Promise<boolean> => (await sentinel.events()).length > 0;

describe('what a window shows', () => {
  test('is listed, and used by its references: a sum on the calculator', async () => {
    allow([GALCULATOR]);
    const calculator = own(await openGalculator(desktop));
    const tree = await treeOf(server, calculator.window);
    for (const key of ['6', '*', '7', '=']) {
      const answer = await server.call('click_element', { element: refOf(tree, `button "${key}"`) });
      expect(answer.text).toMatch(
        /^Clicked toggle button ".*" \(e\d+\) in galculator\. The screen changed in \[/,
      );
    }
    expect(await calculator.lastValue()).toBe('42');
  });

  test('keeps its references while it stays the same', async () => {
    allow([GALCULATOR]);
    const calculator = own(await openGalculator(desktop));
    const tree = await treeOf(server, calculator.window);
    expect(await treeOf(server, calculator.window)).toBe(tree);
    const found = await server.call('find_element', { query: 'sqrt button', window: calculator.window });
    expect(refOf(found.text, 'sqrt')).toBe(refOf(tree, 'sqrt'));
  });

  test('has the entries of an open menu, which reach over its edge', async () => {
    allow([MOUSEPAD]);
    const editor = own(await openMousepad(desktop));
    await editor.place({ x: 320, y: 170, width: 640, height: 200 });
    const closed = await treeOf(server, editor.window);
    expect(closed).not.toContain('menu item');
    await server.call('click_element', { element: refOf(closed, 'menu "File"') });
    const open = await eventually('the menu to open', async () => {
      const tree = await treeOf(server, editor.window);
      return tree.includes('menu item "Quit"') ? tree : undefined;
    });
    expect(codeOf(await server.call('click_element', { element: refOf(open, '"Quit"') }))).toBe('ok');
    expect(await editor.process.exited).toEqual({ code: 0, signal: null });
  });

  test('is only the part that shows of a list of thousands', async () => {
    allow([ZENITY]);
    const rows = Array.from({ length: 3000 }, (_, index) => `row ${index}`);
    const dialog = own(await openZenity(desktop, ['--list', '--column=A', '--height=400', ...rows]));
    const tree = await treeOf(server, dialog.window);
    expect([tree.includes('"row 9"'), tree.includes('"row 100"')]).toEqual([true, false]);
    await server.call('click_element', { element: refOf(tree, '"row 9"') });
    await server.call('click_element', { element: refOf(tree, 'button "OK"') });
    expect(await dialog.answer()).toEqual({ accepted: true, text: 'row 9' });
  });

  test('is where the picture has it', async () => {
    allow([GALCULATOR]);
    const calculator = own(await openGalculator(desktop));
    const tree = await treeOf(server, calculator.window);
    const [, x = 0, y = 0, width = 0, height = 0] = (
      /toggle button "7" (\d+),(\d+) (\d+)x(\d+)/.exec(tree) ?? []
    ).map(Number);
    const answer = await server.call('left_click', { coordinate: [x + width / 2, y + height / 2] });
    expect(codeOf(answer)).toBe('ok');
    expect(await calculator.lastValue()).toBe('7');
  });
});

describe('a text field', () => {
  test('is set and read back, and the saved file has the text', async () => {
    allow([MOUSEPAD]);
    const editor = own(await openMousepad(desktop, { text: 'before' }));
    const tree = await treeOf(server, editor.window);
    const value = 'über alles\n日本 “quotes” <tag>\tend';
    const answer = await server.call('set_value', { element: refOf(tree, '= "before"'), value });
    expect(codeOf(answer)).toBe('ok');
    expect(await editor.savedText()).toBe(value);
  });

  test('of a window behind others comes to the front first', async () => {
    allow([MOUSEPAD, ZENITY]);
    const editor = own(await openMousepad(desktop, { text: 'before' }));
    const tree = await treeOf(server, editor.window);
    const dialog = own(await openZenity(desktop, ['--info', '--text=In front']));
    await dialog.waitUntilActive();
    const answer = await server.call('set_value', { element: refOf(tree, '= "before"'), value: 'after' });
    expect([codeOf(answer), await editor.savedText()]).toEqual(['ok', 'after']);
  });

  test('is not set while a stranger is in front', async () => {
    allow([MOUSEPAD]);
    const editor = own(await openMousepad(desktop, { text: 'before' }));
    const tree = await treeOf(server, editor.window);
    const stranger = own(
      await openFixtureWindow(desktop, { place: PLACE }, { executable: executables.stranger }),
    );
    await stranger.activate();
    const answer = await server.call('set_value', { element: refOf(tree, '= "before"'), value: 'after' });
    expect([codeOf(answer), await editor.savedText()]).toEqual(['not_granted', 'before']);
  });

  test('of a dialog is set, and the dialog gives the value back', async () => {
    allow([ZENITY]);
    const dialog = own(await openZenity(desktop, ['--entry', '--text=One line', '--entry-text=old']));
    const tree = await treeOf(server, dialog.window);
    const answer = await server.call('set_value', { element: refOf(tree, '= "old"'), value: 'new' });
    const ok = await server.call('click_element', { element: refOf(tree, 'button "OK"') });
    expect([codeOf(answer), codeOf(ok), await dialog.answer()]).toEqual([
      'ok',
      'ok',
      { accepted: true, text: 'new' },
    ]);
  });
});

describe('a slider', () => {
  test('is set, and what it cannot be is reported with what it is', async () => {
    allow([ZENITY]);
    const dialog = own(await openZenity(desktop, ['--scale', '--text=How many', '--value=3']));
    const tree = await treeOf(server, dialog.window);
    const element = refOf(tree, 'slider = "3"');
    const beyond = await server.call('set_value', { element, value: '500' });
    const within = await server.call('set_value', { element, value: '42' });
    await server.call('click_element', { element: refOf(tree, 'button "OK"') });
    expect([codeOf(beyond), codeOf(within), await dialog.answer()]).toEqual([
      'value_differs',
      'ok',
      { accepted: true, text: '42' },
    ]);
    expect(beyond.text).toContain('holds "100" now');
  });
});

describe('a password', () => {
  test('is never shown, clicked or set, while the field beside it is', async () => {
    allow([ZENITY]);
    const dialog = own(await openZenity(desktop, ['--password', '--username']));
    await treeOf(server, dialog.window);
    await dialog.activate();
    await xdotool(desktop, 'type', 'anna');
    await xdotool(desktop, 'key', 'Tab');
    await xdotool(desktop, 'type', 'hunter2');
    const tree = await eventually('the name to be there', async () => {
      const text = await treeOf(server, dialog.window);
      return text.includes('"anna"') && /password text \d.*focused/.test(text) ? text : undefined;
    });
    const element = refOf(tree, 'password text');
    const answers = [
      await server.call('read_page', { window: dialog.window }),
      await server.call('find_element', { window: dialog.window, query: 'password' }),
      await server.call('find_element', { window: dialog.window, query: 'hunter2' }),
      await server.call('set_value', { element, value: 'other' }),
      await server.call('click_element', { element }),
    ];
    expect(answers.map(codeOf)).toEqual(['ok', 'ok', 'ok', 'password_field', 'password_field']);
    expect(answers.map(({ text }) => text).join('\n') + tree).not.toContain('hunter');
    const field = { element: refOf(tree, '"anna"'), value: 'bert' };
    expect(codeOf(await server.call('set_value', field))).toBe('ok');
    await server.call('click_element', { element: refOf(tree, 'button "OK"') });
    expect(await dialog.answer()).toEqual({ accepted: true, text: 'bert|hunter2' });
  });
});

describe('keys', () => {
  test('do not go to a password field, and do to the field beside it', async () => {
    allow([ZENITY]);
    const dialog = own(await openZenity(desktop, ['--password', '--username']));
    await treeOf(server, dialog.window);
    await dialog.activate();
    const name = await server.call('type', { text: 'anna' });
    const tab = await server.call('key', { text: 'Tab' });
    await eventually('the focus to be there', async () =>
      /password text \d.*focused/.test(await treeOf(server, dialog.window)),
    );
    await sentinel.forget();
    const secret = await server.call('type', { text: 'hunter2' });
    const key = await server.call('key', { text: 'a' });
    expect([name, tab, secret, key].map(codeOf)).toEqual(['ok', 'ok', 'password_field', 'password_field']);
    expect(await madeInput()).toBe(false);
  });
});

describe('grants and tiers', () => {
  async function useAll(window: number, tree: string): Promise<readonly string[]> {
    const element = refOf(tree, '= "before"');
    const answers: ToolAnswer[] = [
      await server.call('get_ui_tree', { window }),
      await server.call('find_element', { window, query: 'before' }),
      await server.call('read_page', { window }),
      await server.call('click_element', { element }),
      await server.call('set_value', { element, value: 'before' }),
    ];
    return answers.map(codeOf);
  }

  test('decide for each tool as for all others', async () => {
    allow([MOUSEPAD]);
    const editor = own(await openMousepad(desktop, { text: 'before' }));
    await editor.activate();
    const tree = await treeOf(server, editor.window);
    expect(await useAll(editor.window, tree)).toEqual(['ok', 'ok', 'ok', 'ok', 'ok']);
    allow([MOUSEPAD], { tier: 'click' });
    expect(await useAll(editor.window, tree)).toEqual(['ok', 'ok', 'ok', 'ok', 'tier_too_low']);
    allow([MOUSEPAD], { tier: 'read' });
    expect(await useAll(editor.window, tree)).toEqual(['ok', 'ok', 'ok', 'tier_too_low', 'tier_too_low']);
    allow([]);
    await sentinel.forget();
    expect(await useAll(editor.window, tree)).toEqual(Array.from({ length: 5 }, () => 'not_granted'));
    allow([MOUSEPAD], { decision: 'deny' });
    expect(await useAll(editor.window, tree)).toEqual(Array.from({ length: 5 }, () => 'denied_by_person'));
    expect([await madeInput(), await editor.savedText()]).toEqual([false, 'before']);
  });
});

describe('a reference', () => {
  test('to a closed window is out of date, also when the program runs again', async () => {
    allow([GALCULATOR]);
    const first = own(await openGalculator(desktop));
    const element = refOf(await treeOf(server, first.window), 'button "7"');
    await first.close();
    const closed = await server.call('click_element', { element });
    const second = own(await openGalculator(desktop));
    const tree = await treeOf(server, second.window);
    const reopened = await server.call('click_element', { element });
    expect([closed, reopened].map(codeOf)).toEqual(['stale_element', 'stale_element']);
    expect(codeOf(await server.call('click_element', { element: refOf(tree, 'button "7"') }))).toBe('ok');
  });

  test('that was never given is unknown', async () => {
    const answer = await server.call('click_element', { element: 'e987654' });
    expect(codeOf(answer)).toBe('unknown_element');
  });

  test('of another session is unknown in this one', async () => {
    allow([GALCULATOR]);
    const calculator = own(await openGalculator(desktop));
    await server.close(); // one server at a time acts on a desktop
    const other = await connectServer(desktop);
    const element = refOf(await treeOf(other, calculator.window), 'button "7"');
    const fresh = own(await connectServer(desktop));
    expect(codeOf(await fresh.call('click_element', { element }))).toBe('unknown_element');
    await fresh.close();
    expect(codeOf(await other.call('click_element', { element }))).toBe('ok');
    await other.close();
    server = await connectServer(desktop);
  });
});

describe('an element is not clicked', () => {
  test('under another window, which the answer names, until its own is in front', async () => {
    allow([GALCULATOR, executables.myeditor]);
    const calculator = own(await openGalculator(desktop));
    const element = refOf(await treeOf(server, calculator.window), 'button "7"');
    const place = await calculator.geometry();
    const cover = own(await openFixtureWindow(desktop, { place }, { executable: executables.myeditor }));
    await cover.activate();
    await sentinel.forget();
    const covered = await server.call('click_element', { element });
    expect([codeOf(covered), covered.text, await madeInput()]).toEqual([
      'element_covered',
      expect.stringMatching(/is covered by a window of myeditor\. Nothing was clicked\. Use focus_window/),
      false,
    ]);
    await server.call('focus_window', { window: calculator.window });
    expect(codeOf(await server.call('click_element', { element }))).toBe('ok');
  });

  test('under a popup of its own program that stays', async () => {
    allow([executables.myeditor]);
    const { window } = await openTree([frameOf([{ role: BUTTON, name: 'Save', rect: [720, 200, 80, 30] }])]);
    const element = refOf(await treeOf(server, window.window), '"Save"');
    const popup = await window.fixture.open({
      place: { x: 700, y: 150, width: 200, height: 200 },
      overrideRedirect: true,
    });
    const under = await server.call('click_element', { element });
    expect([codeOf(under), under.text]).toEqual([
      'element_covered',
      expect.stringContaining('A menu or tooltip is open over it'),
    ]);
    await popup.unmap();
    expect(codeOf(await server.call('click_element', { element }))).toBe('ok');
    const presses = (await window.fixture.journal()).filter(({ event }) => event === 'ButtonPress');
    expect(presses.map((press) => press.window)).toEqual([window.window]);
  });

  test('outside of the screen', async () => {
    allow([executables.myeditor]);
    const button = (x: number): TreeNode => ({ role: BUTTON, name: 'Save', rect: [x, 200, 40, 30] });
    const frame = (x: number): TreeNode => ({ ...frameOf([button(x + 350)]), rect: [x, 100, 400, 300] });
    const { window, change } = await openTree([frame(700)]);
    const element = refOf(await treeOf(server, window.window), '"Save"');
    await window.move({ ...PLACE, x: 1000 });
    change({ name: 'myeditor', tops: [frame(1000)] });
    await eventually('the window to have moved', async () => (await window.geometry()).x === 1000);
    expect(await treeOf(server, window.window)).toContain(`${element} button "Save" off screen`);
    await sentinel.forget();
    const outside = await server.call('click_element', { element });
    expect([codeOf(outside), await madeInput()]).toEqual(['element_hidden', false]);
    await window.move(PLACE);
    change({ name: 'myeditor', tops: [frame(700)] });
    await eventually('the window to be back', async () => (await window.geometry()).x === PLACE.x);
    expect(codeOf(await server.call('click_element', { element }))).toBe('ok');
  });

  test('when it is scrolled away or hidden', async () => {
    allow([executables.myeditor]);
    const { window, change } = await openTree([
      frameOf([{ role: BUTTON, name: 'Save', rect: [720, 200, 80, 30] }]),
    ]);
    const element = refOf(await treeOf(server, window.window), '"Save"');
    change({ name: 'myeditor', tops: [frameOf([{ role: BUTTON, name: 'Save', states: [8, 24, 30] }])] });
    expect(codeOf(await server.call('click_element', { element }))).toBe('element_hidden');
    change({ name: 'myeditor', tops: [frameOf([{ role: BUTTON, name: 'Save', rect: [720, 500, 80, 30] }])] });
    expect(codeOf(await server.call('click_element', { element }))).toBe('element_hidden');
  });

  test('when it has another name or role by now', async () => {
    allow([executables.myeditor]);
    const named = (role: number, name: string) => [frameOf([{ role, name, rect: [720, 200, 80, 30] }])];
    const { window, change } = await openTree(named(BUTTON, 'Save'));
    const element = refOf(await treeOf(server, window.window), '"Save"');
    await sentinel.forget();
    change({ name: 'myeditor', tops: named(BUTTON, 'Delete all') });
    const renamed = await server.call('click_element', { element });
    change({ name: 'myeditor', tops: named(LABEL, 'Save') });
    const changed = await server.call('click_element', { element });
    change({ name: 'myeditor', tops: [frameOf([])] });
    const gone = await server.call('click_element', { element });
    expect([renamed, changed, gone].map(codeOf)).toEqual(Array.from({ length: 3 }, () => 'stale_element'));
    expect([renamed.text.includes('"Delete all" now'), await madeInput()]).toEqual([true, false]);
    change({ name: 'myeditor', tops: named(BUTTON, 'Save') });
    expect(codeOf(await server.call('click_element', { element }))).toBe('ok');
  });
});

describe('a web page', () => {
  const PAGE = `<!doctype html><title>Shop</title><h1>Offers</h1><p>Two <b>red</b> shoes, <a href=x>more</a>.</p>
    <label>Code <input type=password value="hunter2"></label>
    <div style="height:3000px"></div><p>At the end</p><p style="display:none">unseen</p>`;

  test('is read whole, without restarting the browser, and only when the browser is granted', async () => {
    const web = createServer((_, reply) => reply.setHeader('content-type', 'text/html').end(PAGE));
    web.listen(0, '127.0.0.1');
    await once(web, 'listening');
    const address = web.address();
    if (address === null || typeof address === 'string') throw new Error('no port');
    allow([]);
    const browser = own(await openChromium(desktop, { url: `http://127.0.0.1:${address.port}/` }));
    const { window } = browser;
    const refused = await server.call('read_page', { window });
    allow([CHROMIUM]);
    const read = await eventually('the page', async () => {
      const answer = await server.call('read_page', { window });
      return answer.text.includes('At the end') ? answer : undefined;
    });
    web.closeAllConnections();
    web.close();
    expect(codeOf(refused)).toBe('not_granted');
    expect(read.text.split('\n').filter((line) => line.startsWith('> '))).toEqual([
      '> # Offers',
      '> Two red shoes, more.',
      '> Code',
      '> [password field "Code", not read]',
      '> At the end',
    ]);
  });
});
