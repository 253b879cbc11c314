import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest';

import { eventually } from '../lab/eventually.ts';
import { openFixtureWindow } from '../lab/fixture-window.ts';
import { openMousepad } from '../lab/mousepad.ts';
import { xdotool } from '../lab/xdotool.ts';
import { openZenity } from '../lab/zenity.ts';
import { codeOf } from './answers.ts';
import { PLACE, refOf, treeOf } from './element-lines.ts';
import { ElementStage } from './element-stage.ts';

const MOUSEPAD = '/usr/bin/mousepad';
const ZENITY = '/usr/bin/zenity';

let stage: ElementStage;

beforeAll(async () => {
  stage = await ElementStage.open();
});
afterAll(() => stage.close());
afterEach(() => stage.clear());

describe('a text field', () => {
  test('is set and read back, and the saved file has the text', async () => {
    stage.allow([MOUSEPAD]);
    const editor = stage.own(await openMousepad(stage.desktop, { text: 'before' }));
    const tree = await treeOf(stage.server, editor.window);
    const value = 'über alles\n日本 “quotes” <tag>\tend';
    const answer = await stage.server.call('set_value', { element: refOf(tree, '= "before"'), value });
    expect(codeOf(answer)).toBe('ok');
    expect(await editor.savedText()).toBe(value);
  });

  test('of a window behind others comes to the front first', async () => {
    stage.allow([MOUSEPAD, ZENITY]);
    const editor = stage.own(await openMousepad(stage.desktop, { text: 'before' }));
    const tree = await treeOf(stage.server, editor.window);
    const dialog = stage.own(await openZenity(stage.desktop, ['--info', '--text=In front']));
    await dialog.waitUntilActive();
    const answer = await stage.server.call('set_value', {
      element: refOf(tree, '= "before"'),
      value: 'after',
    });
    expect([codeOf(answer), await editor.savedText()]).toEqual(['ok', 'after']);
  });

  test('is not set while a stranger is in front', async () => {
    stage.allow([MOUSEPAD]);
    const editor = stage.own(await openMousepad(stage.desktop, { text: 'before' }));
    const tree = await treeOf(stage.server, editor.window);
    const stranger = stage.own(
      await openFixtureWindow(stage.desktop, { place: PLACE }, { executable: stage.executables.stranger }),
    );
    await stranger.activate();
    const answer = await stage.server.call('set_value', {
      element: refOf(tree, '= "before"'),
      value: 'after',
    });
    expect([codeOf(answer), await editor.savedText()]).toEqual(['not_granted', 'before']);
  });

  test('of a dialog is set, and the dialog gives the value back', async () => {
    stage.allow([ZENITY]);
    const dialog = stage.own(
      await openZenity(stage.desktop, ['--entry', '--text=One line', '--entry-text=old']),
    );
    const tree = await treeOf(stage.server, dialog.window);
    const answer = await stage.server.call('set_value', { element: refOf(tree, '= "old"'), value: 'new' });
    const ok = await stage.server.call('click_element', { element: refOf(tree, 'button "OK"') });
    expect([codeOf(answer), codeOf(ok), await dialog.answer()]).toEqual([
      'ok',
      'ok',
      { accepted: true, text: 'new' },
    ]);
  });
});

describe('a slider', () => {
  test('is set, and what it cannot be is reported with what it is', async () => {
    stage.allow([ZENITY]);
    const dialog = stage.own(await openZenity(stage.desktop, ['--scale', '--text=How many', '--value=3']));
    const tree = await treeOf(stage.server, dialog.window);
    const element = refOf(tree, 'slider = "3"');
    const beyond = await stage.server.call('set_value', { element, value: '500' });
    const within = await stage.server.call('set_value', { element, value: '42' });
    await stage.server.call('click_element', { element: refOf(tree, 'button "OK"') });
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
    stage.allow([ZENITY]);
    const dialog = stage.own(await openZenity(stage.desktop, ['--password', '--username']));
    await treeOf(stage.server, dialog.window);
    await dialog.activate();
    await xdotool(stage.desktop, 'type', 'anna');
    await xdotool(stage.desktop, 'key', 'Tab');
    await xdotool(stage.desktop, 'type', 'hunter2');
    const tree = await eventually('the name to be there', async () => {
      const text = await treeOf(stage.server, dialog.window);
      return text.includes('"anna"') && /password text \d.*focused/.test(text) ? text : undefined;
    });
    const element = refOf(tree, 'password text');
    const answers = [
      await stage.server.call('read_page', { window: dialog.window }),
      await stage.server.call('find_element', { window: dialog.window, query: 'password' }),
      await stage.server.call('find_element', { window: dialog.window, query: 'hunter2' }),
      await stage.server.call('set_value', { element, value: 'other' }),
      await stage.server.call('click_element', { element }),
    ];
    expect(answers.map(codeOf)).toEqual(['ok', 'ok', 'ok', 'password_field', 'password_field']);
    expect(answers.map(({ text }) => text).join('\n') + tree).not.toContain('hunter');
    const field = { element: refOf(tree, '"anna"'), value: 'bert' };
    expect(codeOf(await stage.server.call('set_value', field))).toBe('ok');
    await stage.server.call('click_element', { element: refOf(tree, 'button "OK"') });
    expect(await dialog.answer()).toEqual({ accepted: true, text: 'bert|hunter2' });
  });
});

describe('keys', () => {
  test('do not go to a password field, and do to the field beside it', async () => {
    stage.allow([ZENITY]);
    const dialog = stage.own(await openZenity(stage.desktop, ['--password', '--username']));
    await treeOf(stage.server, dialog.window);
    await dialog.activate();
    const name = await stage.server.call('type', { text: 'anna' });
    const tab = await stage.server.call('key', { text: 'Tab' });
    await eventually('the focus to be there', async () =>
      /password text \d.*focused/.test(await treeOf(stage.server, dialog.window)),
    );
    await stage.sentinel.forget();
    const secret = await stage.server.call('type', { text: 'hunter2' });
    const key = await stage.server.call('key', { text: 'a' });
    expect([name, tab, secret, key].map(codeOf)).toEqual(['ok', 'ok', 'password_field', 'password_field']);
    expect(await stage.madeInput()).toBe(false);
  });
});
