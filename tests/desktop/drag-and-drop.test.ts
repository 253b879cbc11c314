import { readFile } from 'node:fs/promises';
import { join } from 'node:path';

import { setTimeout as delay } from 'node:timers/promises';
import { afterAll, afterEach, beforeAll, beforeEach, expect, test } from 'vitest';

import { startDesktop, type Desktop } from '../lab/desktop.ts';
import { eventually } from '../lab/eventually.ts';
import { openFixtureWindow, type FixtureWindow } from '../lab/fixture-window.ts';
import { openMousepad, type Mousepad } from '../lab/mousepad.ts';
import { connectServer, type ToolClient } from '../lab/tool-client.ts';
import { codeOf } from './answers.ts';
import { makeExecutables } from './executables.ts';
import { rowFor, writeGrants } from './grant-rows.ts';

const TEXT = `${'draggable '.repeat(6)}\n`.repeat(20);

let desktop: Desktop;
let server: ToolClient;
let from: Mousepad;
let to: Mousepad;
let thief: FixtureWindow;

beforeAll(async () => {
  desktop = await startDesktop({ wm: 'openbox' });
  writeGrants(desktop, [rowFor('/usr/bin/mousepad')]);
  server = await connectServer(desktop);
  const { stranger } = await makeExecutables(desktop, ['stranger']);
  const place = { x: 1150, y: 700, width: 100, height: 80 };
  thief = await openFixtureWindow(desktop, { place }, { executable: stranger });
});
afterAll(() => desktop.close());
beforeEach(async () => {
  from = await openMousepad(desktop, { file: join(desktop.folder, 'from.txt'), text: TEXT });
  to = await openMousepad(desktop, { file: join(desktop.folder, 'to.txt'), text: '' });
  await from.place({ x: 20, y: 40, width: 500, height: 400 });
  await to.place({ x: 600, y: 40, width: 500, height: 400 });
  await from.activate();
});
afterEach(async () => {
  await from.close();
  await to.close();
});

const WORD = [120, 130];
const TARGET = [800, 200];

async function selectAndPress(): Promise<void> {
  expect(codeOf(await server.call('double_click', { coordinate: WORD }))).toBe('ok');
  expect(codeOf(await server.call('mouse_move', { coordinate: WORD }))).toBe('ok');
}

test('text that is dragged is dropped in another window', async () => {
  await selectAndPress();
  const answer = await server.call('left_click_drag', { start_coordinate: WORD, coordinate: TARGET });
  expect(codeOf(answer)).toBe('ok');
  // it asks the other one for the text, and has it later
  await eventually('the text to be dropped', async () => (await to.title()).startsWith('*'));
  expect(await to.savedText()).toContain('draggable');
});

test('text whose drag is stopped over a window is not dropped in it', async () => {
  await selectAndPress();
  expect(codeOf(await server.call('left_mouse_down'))).toBe('ok');
  expect(codeOf(await server.call('mouse_move', { coordinate: TARGET }))).toBe('ok');
  // by the window manager, which may give a focus back that somebody only took
  await thief.activate();
  expect(codeOf(await server.call('left_mouse_up'))).not.toBe('ok');
  await to.activate();
  expect(codeOf(await server.call('type', { text: 'x' }))).toBe('ok');
  expect(await to.savedText()).toBe('x');
  expect(await readFile(from.file, 'utf8')).toBe(TEXT);
});

test('nor when the program that it comes from is slow to see that it was stopped', async () => {
  await selectAndPress();
  expect(codeOf(await server.call('left_mouse_down'))).toBe('ok');
  expect(codeOf(await server.call('mouse_move', { coordinate: TARGET }))).toBe('ok');
  process.kill(from.pid, 'SIGSTOP');
  await thief.activate();
  const letGo = server.call('left_mouse_up');
  await delay(1_000);
  process.kill(from.pid, 'SIGCONT');
  expect(codeOf(await letGo)).not.toBe('ok');
  await to.activate();
  expect(codeOf(await server.call('type', { text: 'x' }))).toBe('ok');
  expect(await to.savedText()).toBe('x');
});
