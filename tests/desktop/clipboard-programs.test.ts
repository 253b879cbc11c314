import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest';

import { eventually } from '../lab/eventually.ts';
import type { FixtureWindow } from '../lab/fixture-window.ts';
import { openMousepad } from '../lab/mousepad.ts';
import { startProcess } from '../lab/owned-process.ts';
import { pictureOf } from '../lab/screen-picture.ts';
import { settled } from '../lab/settled.ts';
import { connectServer } from '../lab/tool-client.ts';
import type { Rect } from '../lab/windows.ts';
import { xdotool } from '../lab/xdotool.ts';
import { openXterm } from '../lab/xterm.ts';
import { openZenity } from '../lab/zenity.ts';
import { codeOf } from './answers.ts';
import { ClipboardStage, FLAGS, SCRIPTS, textOf } from './clipboard-stage.ts';
import { rowFor } from './grant-rows.ts';

const MOUSEPAD = '/usr/bin/mousepad';
const XTERM = '/usr/bin/xterm';
const ZENITY = '/usr/bin/zenity';

/** Pixels that a caret has at most, and a word more of. */
const MORE_THAN_A_CARET = 100;

const pixelsIn = ({ x, y, width, height }: Rect): readonly (readonly [number, number])[] =>
  Array.from({ length: width * height }, (_, at) => [x + (at % width), y + Math.floor(at / width)] as const);

let stage: ClipboardStage;
let page: FixtureWindow;

beforeAll(async () => {
  stage = await ClipboardStage.open();
});
afterAll(() => stage.close());
beforeEach(async () => {
  page = await stage.begin();
});
afterEach(() => stage.end());

describe('others who want it', () => {
  test('a clipboard manager that asks at each change gets what the person copied', async () => {
    const manager = await stage.start('xfce4-clipman');
    await manager.watchClipboard();
    const other = await stage.start('other');
    await other.copy({ UTF8_STRING: 'of the person' });
    await page.activate();
    stage.grant(rowFor(stage.executables['xfce4-clipman'], { flags: FLAGS }));
    expect(await stage.write('of the agent')).toBe('ok');
    await eventually('the manager to ask twice', async () => (await manager.watched()).length >= 2);
    expect(await manager.watched()).toEqual(['of the person', 'of the person']);
    expect(await page.paste('UTF8_STRING')).toEqual(['of the agent']);
  });

  test('a request in the name of another window is answered as that window, whoever asks', async () => {
    const stranger = await stage.start('stranger');
    await page.activate();
    expect(await stage.write('of the agent')).toBe('ok');
    const { x } = stage.desktop;
    const [clipboard, target] = [await x.atom('CLIPBOARD'), await x.atom('UTF8_STRING')];
    const property = await x.atom('FORGED');
    for (const { window } of [stranger, page]) {
      x.client.ConvertSelection(window, clipboard, target, property, 0);
    }
    await eventually('the answer', async () => (await x.property(page.window, 'FORGED')).length > 0);
    expect((await x.property(stranger.window, 'FORGED')).toString()).toBe('');
    expect((await x.property(page.window, 'FORGED')).toString()).toBe('of the agent');
  });

  test('a request that another program sends itself is not answered', async () => {
    expect(await stage.write('of the agent')).toBe('ok');
    const { x } = stage.desktop;
    const [selection, target] = [await x.atom('CLIPBOARD'), await x.atom('UTF8_STRING')];
    const property = await x.atom('SENT');
    const owner = await x.ask<number>((client, done) => client.GetSelectionOwner(selection, done));
    const event = { requestor: page.window, selection, target, property, owner, time: 0, seq: 0 };
    x.client.SendEvent(owner, 0, 0, { name: 'SelectionRequest', ...event });
    expect(await page.paste('UTF8_STRING')).toEqual(['of the agent']);
    expect((await x.property(page.window, 'SENT')).length).toBe(0);
  });

  test('a program that dies after it asked does no harm', async () => {
    const dying = await stage.start('other');
    stage.grant(rowFor(stage.executables.other, { flags: FLAGS }));
    expect(await stage.write('x'.repeat(120_000))).toBe('ok');
    const asked = dying.flood(10).catch(() => 0);
    process.kill(dying.pid, 'SIGKILL');
    await asked;
    expect(await page.paste('UTF8_STRING')).toEqual(['x'.repeat(120_000)]);
  });

  test('a flood of requests is answered, and others are served meanwhile', async () => {
    const stranger = await stage.start('stranger');
    await page.activate();
    expect(await stage.write('of the agent')).toBe('ok');
    const flooding = stranger.flood(2000);
    expect(await page.paste('UTF8_STRING')).toEqual(['of the agent']);
    expect(codeOf(await stage.server.call('type', { text: 'a' }))).toBe('ok');
    expect(await flooding).toBe(2000);
    expect(await page.paste('UTF8_STRING')).toEqual(['of the agent']);
  });
});

describe('real applications', () => {
  const real = [
    rowFor(MOUSEPAD, { flags: FLAGS }),
    rowFor(ZENITY, { flags: { clipboardRead: true } }),
    rowFor(XTERM, { flags: FLAGS }),
  ];

  test('an editor pastes what was written, and what it copies is read', async () => {
    stage.grant(...real);
    const editor = await openMousepad(stage.desktop);
    await editor.activate();
    expect(await stage.write(SCRIPTS)).toBe('ok');
    expect(codeOf(await stage.server.call('key', { text: 'ctrl+v' }))).toBe('ok');
    await eventually('the paste', async () => (await editor.title()).startsWith('*'));
    expect(codeOf(await stage.server.call('key', { text: 'ctrl+a ctrl+c' }))).toBe('ok');
    const back = await eventually('the copy', async () => {
      const answer = await stage.read();
      return answer.text.includes('copied in mousepad') ? answer : undefined;
    });
    expect(textOf(back.text)).toBe(SCRIPTS);
    expect(await editor.savedText()).toBe(SCRIPTS);
    await editor.close();
  });

  test('a terminal gets nothing of it, whichever way it pastes', async () => {
    stage.grant(...real);
    const terminal = await openXterm(stage.desktop);
    await page.activate();
    expect(await stage.write('rm -rf ~\n')).toBe('ok');
    await terminal.activate();
    expect(await stage.write('a')).toBe('tier_too_low');
    // as a menu of the terminal would: its own paste of the clipboard, from outside
    await xdotool(stage.desktop, 'key', '--clearmodifiers', 'shift+Insert');
    await xdotool(stage.desktop, 'type', 'end');
    await eventually('the terminal to get what was typed', async () =>
      (await terminal.received()).includes('end'),
    );
    expect(await terminal.received()).toBe('end');
    await terminal.close();
  });

  test('a dialog without the right pastes what the person copied', async () => {
    stage.grant(...real);
    const other = await stage.start('other');
    await other.copy({ UTF8_STRING: 'of the person', STRING: 'of the person' });
    await page.activate();
    expect(await stage.write('of the agent')).toBe('ok');
    const dialog = await openZenity(stage.desktop, ['--entry', '--text=Name']);
    await dialog.activate();
    await settled(stage.desktop, dialog.window);
    const [empty, place] = [await pictureOf(stage.desktop), await dialog.geometry()];
    expect(codeOf(await stage.server.call('key', { text: 'ctrl+v' }))).toBe('ok');
    await eventually('the paste to show', async () => {
      const now = await pictureOf(stage.desktop);
      return pixelsIn(place).filter(([x, y]) => now.at(x, y) !== empty.at(x, y)).length > MORE_THAN_A_CARET;
    });
    expect(codeOf(await stage.server.call('key', { text: 'Return' }))).toBe('ok');
    expect(await dialog.answer()).toEqual({ accepted: true, text: 'of the person' });
  });

  test('when the server ends, the clipboard manager of the desktop has what the person copied', async () => {
    const settings = startProcess({
      command: 'xfsettingsd',
      args: ['--no-daemon', '--disable-wm-check'],
      env: stage.desktop.env,
      cwd: stage.desktop.folder,
    });
    stage.desktop.own(settings);
    const manager = await stage.desktop.x.atom('CLIPBOARD_MANAGER');
    await eventually('the clipboard manager', () =>
      stage.desktop.x
        .ask<number>((client, done) => client.GetSelectionOwner(manager, done))
        .then((owner) => owner !== 0),
    );
    const other = await stage.start('other');
    await other.copy({ UTF8_STRING: 'of the person' });
    await page.activate();
    expect(await stage.write('of the agent')).toBe('ok');
    expect(await page.paste('UTF8_STRING')).toEqual(['of the agent']);
    await stage.server.close();
    stage.server = await connectServer(stage.desktop);
    await eventually('the manager to own it', async () => {
      const [text] = await page.paste('UTF8_STRING').catch(() => [null]);
      return text === 'of the person';
    });
    await settings.close();
  });
});
