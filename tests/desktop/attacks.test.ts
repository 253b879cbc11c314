import { chmod, copyFile, mkdtemp, writeFile } from 'node:fs/promises';
import { createServer } from 'node:net';
import { join } from 'node:path';

import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest';

import { startDesktop, type Desktop } from '../lab/desktop.ts';
import { eventually } from '../lab/eventually.ts';
import { startFixture, type Fixture, type FixtureWindow } from '../lab/fixture-window.ts';
import { connectServer, type ToolClient } from '../lab/tool-client.ts';
import { untilManaged } from '../lab/windows.ts';
import { openZenity } from '../lab/zenity.ts';
import { codeOf } from './answers.ts';
import { MASTER_KEYBOARD, XTEST_KEYBOARD, XTEST_POINTER, grabDevice } from './device-grab.ts';
import { makeExecutables } from './executables.ts';
import { rowFor, writeGrants } from './grant-rows.ts';
import { decodePicture } from './picture.ts';

const PLACE = { x: 200, y: 150, width: 400, height: 300 };
const MIDDLE = [400, 300];
const CORNER = [220, 170];
const SMALL = { x: 0, y: 0, width: 100, height: 100 };
const ASIDE = { x: 800, y: 500, width: 120, height: 100 };
const A_KEY = 38;
const SUPER_KEY = 133;
const BLUE = 0x1010d0;
const RED = 0xd01010;
const NO_GRABS = { click: 'ok', type: 'ok' };
const TAKEN = 'foreign_grab';

let desktop: Desktop;
let server: ToolClient;
let executables: Readonly<Record<'myeditor' | 'stranger', string>>;
let editor: Fixture;
let stranger: Fixture;
let page: FixtureWindow;

beforeAll(async () => {
  desktop = await startDesktop({ wm: 'openbox' });
  executables = await makeExecutables(desktop, ['myeditor', 'stranger']);
  server = await connectServer(desktop);
});
afterAll(() => desktop.close());
beforeEach(async () => {
  writeGrants(desktop, [rowFor(executables.myeditor)]);
  editor = startFixture(desktop, { executable: executables.myeditor });
  stranger = startFixture(desktop, { executable: executables.stranger });
  page = await editor.open({ place: PLACE, fill: BLUE });
  await page.activate();
});
afterEach(async () => {
  await editor.close();
  await stranger.close();
});

/** What a click into the middle and a letter come to. */
const use = async () => ({
  click: codeOf(await server.call('left_click', { coordinate: MIDDLE })),
  type: codeOf(await server.call('type', { text: 'a' })),
});

const pressesOf = async (fixture: Fixture) =>
  (await fixture.journal()).filter(({ event }) => event.endsWith('Press')).map(({ event }) => event);

async function putInto(child: FixtureWindow, parent: number, x: number, y: number): Promise<void> {
  desktop.x.client.ReparentWindow(child.window, parent, x, y);
  desktop.x.client.RaiseWindow(child.window);
  await desktop.x.client.sync();
}

async function frameOf(window: number): Promise<number> {
  const { parent } = await desktop.x.ask<{ readonly parent: number }>((client, done) =>
    client.QueryTree(window, done),
  );
  return parent === desktop.x.root ? window : frameOf(parent);
}

describe('a stranger inside a granted window', () => {
  test('gets no keys while the pointer is on it, and the rest of the window still does', async () => {
    const inner = await stranger.open({ place: SMALL, overrideRedirect: true });
    await putInto(inner, page.window, 0, 0);
    expect(codeOf(await server.call('left_click', { coordinate: CORNER }))).toBe('not_granted');
    desktop.x.client.WarpPointer(0, desktop.x.root, 0, 0, 0, 0, 220, 170);
    await desktop.x.client.sync();
    expect(codeOf(await server.call('type', { text: 'a' }))).toBe('not_granted');
    expect(await pressesOf(stranger)).toEqual([]);

    expect(await use()).toEqual(NO_GRABS);
    expect(await pressesOf(editor)).toEqual(['ButtonPress', 'KeyPress']);
    expect(await pressesOf(stranger)).toEqual([]);
  });

  test('is not shown in the frame beside it', async () => {
    const inner = await stranger.open({ place: SMALL, overrideRedirect: true, fill: RED });
    await putInto(inner, await frameOf(page.window), 10, 40);
    const hidden = await decodePicture(await server.call('screenshot'));
    expect([hidden.at(240, 200), hidden.at(400, 300)]).toEqual([0, 0]);

    await inner.unmap();
    const shown = await decodePicture(await server.call('screenshot'));
    expect([shown.at(240, 200), shown.at(400, 300)]).toEqual([BLUE, BLUE]);
  });
});

describe('grabs that the core protocol does not show', () => {
  test('a key reserved through X Input 2 is not pressed', async () => {
    const release = await grabDevice(desktop, MASTER_KEYBOARD, A_KEY);
    expect(await use()).toEqual({ click: 'ok', type: 'combo_needs_flag' });
    await release();
    expect(await use()).toEqual(NO_GRABS);
  });

  test('a key reserved through X Input 2 for our own device is not pressed', async () => {
    const release = await grabDevice(desktop, XTEST_KEYBOARD, A_KEY);
    expect(await use()).toEqual({ click: 'ok', type: 'combo_needs_flag' });
    await release();
    expect(await use()).toEqual(NO_GRABS);
  });

  test('nothing is typed while somebody has taken our keyboard', async () => {
    const release = await grabDevice(desktop, XTEST_KEYBOARD);
    expect(await use()).toEqual({ click: 'ok', type: TAKEN });
    await release();
    expect(await use()).toEqual(NO_GRABS);
  });

  test('nothing is clicked while somebody has taken our pointer', async () => {
    const release = await grabDevice(desktop, XTEST_POINTER);
    expect(await use()).toEqual({ click: TAKEN, type: 'ok' });
    await release();
    expect(await use()).toEqual(NO_GRABS);
  });

  test('a modifier that somebody reserved is not held during a click', async () => {
    const click = async () => codeOf(await server.call('left_click', { coordinate: MIDDLE, text: 'super' }));
    const release = await grabDevice(desktop, MASTER_KEYBOARD, SUPER_KEY);
    expect(await click()).toBe('combo_needs_flag');
    expect(await pressesOf(editor)).toEqual([]);
    await release();
    expect(await click()).toBe('ok');
  });
});

describe("a granted application's unmanaged window and a grab", () => {
  async function setType(window: FixtureWindow, type: string): Promise<void> {
    const [name, atom, value] = await Promise.all(
      ['_NET_WM_WINDOW_TYPE', 'ATOM', type].map((text) => desktop.x.atom(text)),
    );
    const data = Buffer.alloc(4);
    data.writeUInt32LE(value ?? 0);
    desktop.x.client.ChangeProperty(0, window.window, name ?? 0, atom ?? 0, 32, data);
    await desktop.x.client.sync();
  }

  test("a tooltip does not make a stranger's grab its own; an open menu with a grab is clicked", async () => {
    const popup = await editor.open({ place: ASIDE, overrideRedirect: true });
    await setType(popup, '_NET_WM_WINDOW_TYPE_TOOLTIP');
    const window = await stranger.open({ place: { ...ASIDE, y: 100 } });
    await window.activate();
    await page.activate();
    await window.grabPointer();
    await window.grabKeyboard();
    expect(await use()).toEqual({ click: TAKEN, type: TAKEN });
    expect(await pressesOf(stranger)).toEqual([]);
    await stranger.releasePointer();
    await stranger.releaseKeyboard();

    await setType(popup, '_NET_WM_WINDOW_TYPE_POPUP_MENU');
    await popup.grabPointer();
    await popup.grabKeyboard();
    expect(await use()).toEqual(NO_GRABS);
    expect(await pressesOf(editor)).toEqual(['ButtonPress', 'KeyPress']);
  });
});

describe('who an application is', () => {
  test("a program that sees itself at a granted program's path is not that one", async () => {
    const folder = await mkdtemp(join(desktop.folder, 'masked-'));
    const [granted, other, script] = ['granted', 'other', 'masked'].map((name) => join(folder, name));
    if (granted === undefined || other === undefined || script === undefined) throw new Error('no paths');
    await copyFile(process.execPath, granted);
    await copyFile(process.execPath, other);
    const mount = `mount --bind ${other} ${granted} && exec ${granted} "$@"`;
    await writeFile(script, `#!/bin/sh\nexec unshare -rm sh -c '${mount}' masked "$@"\n`);
    await chmod(script, 0o755);
    writeGrants(desktop, [rowFor(granted)]);

    const liar = startFixture(desktop, { executable: script });
    await (await liar.open({ place: PLACE })).activate();
    expect(await use()).toEqual({ click: 'unknown_app', type: 'unknown_app' });
    expect(await pressesOf(liar)).toEqual([]);
    await liar.close();

    const honest = startFixture(desktop, { executable: granted });
    await (await honest.open({ place: PLACE })).activate();
    expect(await use()).toEqual(NO_GRABS);
    await honest.close();
  });

  test("the question of another server is no application, even where its dialog's program is granted", async () => {
    writeGrants(desktop, [rowFor('/usr/bin/zenity')]);
    const own = await openZenity(desktop, ['--info', '--text=An ordinary dialog']);
    await own.activate();
    expect(codeOf(await server.call('key', { text: 'Tab' }))).toBe('ok');
    await own.close();

    const other = await connectServer(desktop);
    const asked = other.call('request_access', { apps: [executables.stranger], reason: 'to be asked' });
    const question = await eventually('the question', async () => {
      const { windows } = (await server.call('list_windows')).structured;
      return Array.isArray(windows) && windows.length > 1 ? JSON.stringify(windows) : undefined;
    });
    expect(question).toContain('"tier":"none"');
    await untilManaged(desktop.x);
    expect(codeOf(await server.call('key', { text: 'Tab' }))).toBe('protected_app');
    await other.close();
    await asked.catch(() => undefined); // the server that was asked is gone
  });
});

test('a display that never answers is reported, and one that does is used', async () => {
  const silent = createServer();
  await new Promise<void>((resolve) => silent.listen(0, '127.0.0.1', resolve));
  const address = silent.address();
  if (address === null || typeof address === 'string') throw new Error('it does not listen');
  const display = `127.0.0.1:${address.port - 6000}`;
  const unlucky = await connectServer(desktop, { env: { DISPLAY: display } });
  expect(codeOf(await unlucky.call('type', { text: 'a' }))).toBe('desktop_unavailable');
  await unlucky.close();
  silent.close();
  expect(codeOf(await server.call('type', { text: 'a' }))).toBe('ok');
});
