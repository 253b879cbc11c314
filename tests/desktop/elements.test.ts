import { once } from 'node:events';
import { createServer } from 'node:http';

import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest';

import { openChromium } from '../lab/chromium.ts';
import { eventually } from '../lab/eventually.ts';
import { openFixtureWindow } from '../lab/fixture-window.ts';
import { openGalculator } from '../lab/galculator.ts';
import { openMousepad } from '../lab/mousepad.ts';
import type { TreeNode } from '../lab/program-tree.ts';
import { settled } from '../lab/settled.ts';
import { connectServer, type ToolAnswer } from '../lab/tool-client.ts';
import { openZenity } from '../lab/zenity.ts';
import { codeOf } from './answers.ts';
import { BUTTON, LABEL, PLACE, frameOf, refOf, treeOf } from './element-lines.ts';
import { ElementStage } from './element-stage.ts';

const GALCULATOR = '/usr/bin/galculator';
const MOUSEPAD = '/usr/bin/mousepad';
const ZENITY = '/usr/bin/zenity';
const CHROMIUM = '/usr/lib/chromium/chromium';

let stage: ElementStage;

beforeAll(async () => {
  stage = await ElementStage.open();
});
afterAll(() => stage.close());
afterEach(() => stage.clear());

describe('what a window shows', () => {
  test('is listed, and used by its references: a sum on the calculator', async () => {
    stage.allow([GALCULATOR]);
    const calculator = stage.own(await openGalculator(stage.desktop));
    const tree = await treeOf(stage.server, calculator.window);
    for (const key of ['6', '*', '7', '=']) {
      const answer = await stage.server.call('click_element', { element: refOf(tree, `button "${key}"`) });
      expect(answer.text).toMatch(
        /^Clicked toggle button ".*" \(e\d+\) in galculator\. (?:The screen changed in \[|Nothing changed )/,
      );
    }
    expect(await calculator.lastValue()).toBe('42');
  });

  test('keeps its references while it stays the same', async () => {
    stage.allow([GALCULATOR]);
    const calculator = stage.own(await openGalculator(stage.desktop));
    // a button has the focus only once the window has seen that it has it
    await calculator.activate();
    await settled(stage.desktop, calculator.window);
    const tree = await treeOf(stage.server, calculator.window);
    expect(await treeOf(stage.server, calculator.window)).toBe(tree);
    const found = await stage.server.call('find_element', {
      query: 'sqrt button',
      window: calculator.window,
    });
    expect(refOf(found.text, 'sqrt')).toBe(refOf(tree, 'sqrt'));
  });

  test('has the entries of an open menu, which reach over its edge', async () => {
    stage.allow([MOUSEPAD]);
    const editor = stage.own(await openMousepad(stage.desktop));
    await editor.place({ x: 320, y: 170, width: 640, height: 200 });
    const closed = await treeOf(stage.server, editor.window);
    expect(closed).not.toContain('menu item');
    await stage.server.call('click_element', { element: refOf(closed, 'menu "File"') });
    const open = await eventually('the menu to open', async () => {
      const tree = await treeOf(stage.server, editor.window);
      return tree.includes('menu item "Quit"') ? tree : undefined;
    });
    expect(codeOf(await stage.server.call('click_element', { element: refOf(open, '"Quit"') }))).toBe('ok');
    expect(await editor.process.exited).toEqual({ code: 0, signal: null });
  });

  test('is only the part that shows of a list of thousands', async () => {
    stage.allow([ZENITY]);
    const rows = Array.from({ length: 3000 }, (_, index) => `row ${index}`);
    const dialog = stage.own(
      await openZenity(stage.desktop, ['--list', '--column=A', '--height=400', ...rows]),
    );
    const tree = await eventually('a reading with its rows', async () => {
      const read = await treeOf(stage.server, dialog.window);
      return read.includes('"row 9"') && read.includes('button "OK"') && read;
    });
    expect(tree.includes('"row 100"')).toBe(false);
    await stage.server.call('click_element', { element: refOf(tree, '"row 9"') });
    await stage.server.call('click_element', { element: refOf(tree, 'button "OK"') });
    expect(await dialog.answer()).toEqual({ accepted: true, text: 'row 9' });
  });

  test('is where the picture has it', async () => {
    stage.allow([GALCULATOR]);
    const calculator = stage.own(await openGalculator(stage.desktop));
    const tree = await treeOf(stage.server, calculator.window);
    const [, x = 0, y = 0, width = 0, height = 0] = (
      /toggle button "7" (\d+),(\d+) (\d+)x(\d+)/.exec(tree) ?? []
    ).map(Number);
    const answer = await stage.server.call('left_click', { coordinate: [x + width / 2, y + height / 2] });
    expect(codeOf(answer)).toBe('ok');
    expect(await calculator.lastValue()).toBe('7');
  });
});

describe('grants and tiers', () => {
  async function useAll(window: number, tree: string): Promise<readonly string[]> {
    const element = refOf(tree, '= "before"');
    const answers: ToolAnswer[] = [
      await stage.server.call('get_ui_tree', { window }),
      await stage.server.call('find_element', { window, query: 'before' }),
      await stage.server.call('read_page', { window }),
      await stage.server.call('click_element', { element }),
      await stage.server.call('set_value', { element, value: 'before' }),
    ];
    return answers.map(codeOf);
  }

  test('decide for each tool as for all others', async () => {
    stage.allow([MOUSEPAD]);
    const editor = stage.own(await openMousepad(stage.desktop, { text: 'before' }));
    await editor.activate();
    const tree = await treeOf(stage.server, editor.window);
    expect(await useAll(editor.window, tree)).toEqual(['ok', 'ok', 'ok', 'ok', 'ok']);
    stage.allow([MOUSEPAD], { tier: 'click' });
    expect(await useAll(editor.window, tree)).toEqual(['ok', 'ok', 'ok', 'ok', 'tier_too_low']);
    stage.allow([MOUSEPAD], { tier: 'read' });
    expect(await useAll(editor.window, tree)).toEqual(['ok', 'ok', 'ok', 'tier_too_low', 'tier_too_low']);
    stage.allow([]);
    await stage.sentinel.forget();
    expect(await useAll(editor.window, tree)).toEqual(Array.from({ length: 5 }, () => 'not_granted'));
    stage.allow([MOUSEPAD], { decision: 'deny' });
    expect(await useAll(editor.window, tree)).toEqual(Array.from({ length: 5 }, () => 'denied_by_person'));
    expect([await stage.madeInput(), await editor.savedText()]).toEqual([false, 'before']);
  });
});

describe('a reference', () => {
  test('to a closed window is out of date, also when the program runs again', async () => {
    stage.allow([GALCULATOR]);
    const first = stage.own(await openGalculator(stage.desktop));
    const element = refOf(await treeOf(stage.server, first.window), 'button "7"');
    await first.close();
    const closed = await stage.server.call('click_element', { element });
    const second = stage.own(await openGalculator(stage.desktop));
    const tree = await treeOf(stage.server, second.window);
    const reopened = await stage.server.call('click_element', { element });
    expect([closed, reopened].map(codeOf)).toEqual(['stale_element', 'stale_element']);
    expect(codeOf(await stage.server.call('click_element', { element: refOf(tree, 'button "7"') }))).toBe(
      'ok',
    );
  });

  test('that was never given is unknown', async () => {
    const answer = await stage.server.call('click_element', { element: 'e987654' });
    expect(codeOf(answer)).toBe('unknown_element');
  });

  test('of another session is unknown in this one', async () => {
    stage.allow([GALCULATOR]);
    const calculator = stage.own(await openGalculator(stage.desktop));
    await stage.server.close(); // one server at a time acts on a desktop
    const other = await connectServer(stage.desktop);
    const element = refOf(await treeOf(other, calculator.window), 'button "7"');
    const fresh = stage.own(await connectServer(stage.desktop));
    expect(codeOf(await fresh.call('click_element', { element }))).toBe('unknown_element');
    await fresh.close();
    expect(codeOf(await other.call('click_element', { element }))).toBe('ok');
    await other.close();
    stage.server = await connectServer(stage.desktop);
  });
});

describe('an element is not clicked', () => {
  test('under another window, which the answer names, until its own is in front', async () => {
    stage.allow([GALCULATOR, stage.executables.myeditor]);
    const calculator = stage.own(await openGalculator(stage.desktop));
    const element = refOf(await treeOf(stage.server, calculator.window), 'button "7"');
    const place = await calculator.geometry();
    const cover = stage.own(
      await openFixtureWindow(stage.desktop, { place }, { executable: stage.executables.myeditor }),
    );
    await cover.activate();
    await stage.sentinel.forget();
    const covered = await stage.server.call('click_element', { element });
    expect([codeOf(covered), covered.text, await stage.madeInput()]).toEqual([
      'element_covered',
      expect.stringMatching(/is covered by a window of myeditor\. Nothing was clicked\. Use focus_window/),
      false,
    ]);
    await stage.server.call('focus_window', { window: calculator.window });
    expect(codeOf(await stage.server.call('click_element', { element }))).toBe('ok');
  });

  test('under a popup of its own program that stays', async () => {
    stage.allow([stage.executables.myeditor]);
    const { window } = await stage.openTree([
      frameOf([{ role: BUTTON, name: 'Save', rect: [720, 200, 80, 30] }]),
    ]);
    const element = refOf(await treeOf(stage.server, window.window), '"Save"');
    const popup = await window.fixture.open({
      place: { x: 700, y: 150, width: 200, height: 200 },
      overrideRedirect: true,
    });
    const under = await stage.server.call('click_element', { element });
    expect([codeOf(under), under.text]).toEqual([
      'element_covered',
      expect.stringContaining('A menu or tooltip is open over it'),
    ]);
    await popup.unmap();
    expect(codeOf(await stage.server.call('click_element', { element }))).toBe('ok');
    const presses = (await window.fixture.journal()).filter(({ event }) => event === 'ButtonPress');
    expect(presses.map((press) => press.window)).toEqual([window.window]);
  });

  test('outside of the screen', async () => {
    stage.allow([stage.executables.myeditor]);
    const button = (x: number): TreeNode => ({ role: BUTTON, name: 'Save', rect: [x, 200, 40, 30] });
    const frame = (x: number): TreeNode => ({ ...frameOf([button(x + 350)]), rect: [x, 100, 400, 300] });
    const { window, change } = await stage.openTree([frame(700)]);
    const element = refOf(await treeOf(stage.server, window.window), '"Save"');
    await window.move({ ...PLACE, x: 1000 });
    change({ name: 'myeditor', tops: [frame(1000)] });
    await eventually('the window to have moved', async () => (await window.geometry()).x === 1000);
    expect(await treeOf(stage.server, window.window)).toContain(`${element} button "Save" off screen`);
    await stage.sentinel.forget();
    const outside = await stage.server.call('click_element', { element });
    expect([codeOf(outside), await stage.madeInput()]).toEqual(['element_hidden', false]);
    await window.move(PLACE);
    change({ name: 'myeditor', tops: [frame(700)] });
    await eventually('the window to be back', async () => (await window.geometry()).x === PLACE.x);
    expect(codeOf(await stage.server.call('click_element', { element }))).toBe('ok');
  });

  test('when it is scrolled away or hidden', async () => {
    stage.allow([stage.executables.myeditor]);
    const { window, change } = await stage.openTree([
      frameOf([{ role: BUTTON, name: 'Save', rect: [720, 200, 80, 30] }]),
    ]);
    const element = refOf(await treeOf(stage.server, window.window), '"Save"');
    change({ name: 'myeditor', tops: [frameOf([{ role: BUTTON, name: 'Save', states: [8, 24, 30] }])] });
    expect(codeOf(await stage.server.call('click_element', { element }))).toBe('element_hidden');
    change({ name: 'myeditor', tops: [frameOf([{ role: BUTTON, name: 'Save', rect: [720, 500, 80, 30] }])] });
    expect(codeOf(await stage.server.call('click_element', { element }))).toBe('element_hidden');
  });

  test('when it has another name or role by now', async () => {
    stage.allow([stage.executables.myeditor]);
    const named = (role: number, name: string) => [frameOf([{ role, name, rect: [720, 200, 80, 30] }])];
    const { window, change } = await stage.openTree(named(BUTTON, 'Save'));
    const element = refOf(await treeOf(stage.server, window.window), '"Save"');
    await stage.sentinel.forget();
    change({ name: 'myeditor', tops: named(BUTTON, 'Delete all') });
    const renamed = await stage.server.call('click_element', { element });
    change({ name: 'myeditor', tops: named(LABEL, 'Save') });
    const changed = await stage.server.call('click_element', { element });
    change({ name: 'myeditor', tops: [frameOf([])] });
    const gone = await stage.server.call('click_element', { element });
    expect([renamed, changed, gone].map(codeOf)).toEqual(Array.from({ length: 3 }, () => 'stale_element'));
    expect([renamed.text.includes('"Delete all" now'), await stage.madeInput()]).toEqual([true, false]);
    change({ name: 'myeditor', tops: named(BUTTON, 'Save') });
    expect(codeOf(await stage.server.call('click_element', { element }))).toBe('ok');
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
    stage.allow([]);
    const browser = stage.own(
      await openChromium(stage.desktop, { url: `http://127.0.0.1:${address.port}/` }),
    );
    const { window } = browser;
    const refused = await stage.server.call('read_page', { window });
    stage.allow([CHROMIUM]);
    const lines = async () => {
      const { text } = await stage.server.call('read_page', { window });
      return text.split('\n').filter((line) => line.startsWith('> '));
    };
    // a browser tells a page while it still lays it out
    await expect
      .poll(lines)
      .toEqual([
        '> # Offers',
        '> Two red shoes, more.',
        '> Code',
        '> [password field "Code", not read]',
        '> At the end',
      ]);
    web.closeAllConnections();
    web.close();
    expect(codeOf(refused)).toBe('not_granted');
  });
});
