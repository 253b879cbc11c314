import { copyFile } from 'node:fs/promises';
import { join } from 'node:path';

import { afterAll, beforeAll, describe, expect, test } from 'vitest';

import { eventually } from '../lab/eventually.ts';
import { startSway, type SwayLab } from '../lab/sway.ts';
import { connectServer, type ToolClient } from '../lab/tool-client.ts';
import { openOnSway, openTextOnSway, type WaylandApplication } from '../lab/wayland-application.ts';
import { codeOf } from './answers.ts';
import { rowFor, writeGrants } from './grant-rows.ts';
import { lightIn } from './picture.ts';

let lab: SwayLab;
let mine: WaylandApplication;
let stranger: WaylandApplication;
let server: ToolClient;
let mineExecutable: string;

beforeAll(async () => {
  lab = await startSway({ config: ['bindsym Mod1+k exec true'] });
  const [first, second] = [await openTextOnSway(lab, 'mine'), await openTextOnSway(lab, 'stranger')];
  [mine, stranger] = [first.app, second.app];
  mineExecutable = first.executable;
  writeGrants(lab, [rowFor(first.executable)]);
  server = await connectServer(lab);
});
afterAll(() => lab.close());

describe('the server in a session of sway', () => {
  test('finds it by the surroundings', async () => {
    await mine.focus();
    const { structured } = await server.call('get_frontmost');
    expect(structured).toMatchObject({ tier: 'full', frontmost: { granted: true, window: mine.window } });
  });

  test('the picture has the granted window, and the other one is black', async () => {
    await mine.focus();
    const [left, right] = await lightIn(await server.call('screenshot'));
    expect(left).toBeGreaterThan(1000);
    expect(right).toBe(0);
  });

  test('nothing is shown while another window is in front: its menus could be anywhere', async () => {
    await stranger.focus();
    expect(await lightIn(await server.call('screenshot'))).toEqual([0, 0]);
  });

  test('text goes to the granted window and never to the other one', async () => {
    await mine.focus();
    const before = [await mine.received(), await stranger.received()];
    expect(codeOf(await server.call('type', { text: 'Grüße, 漢字' }))).toBe('ok');
    await stranger.focus();
    expect(codeOf(await server.call('type', { text: 'secret' }))).toBe('not_granted');
    await eventually('the text', async () => (await mine.received()).keys >= (before[0]?.keys ?? 0) + 9);
    expect((await mine.received()).keys).toBe((before[0]?.keys ?? 0) + 9);
    expect((await stranger.received()).keys).toBe(before[1]?.keys);
  });

  test('a program that takes no keys is not drowned in them', async () => {
    await mine.focus();
    const before = await mine.received();
    process.kill(mine.pid, 'SIGSTOP');
    const answer = await server.call('type', { text: 'x'.repeat(3000) });
    process.kill(mine.pid, 'SIGCONT');
    expect({ code: codeOf(answer), typed: answer.structured['typed'] }).toEqual({
      code: 'focus_lost',
      typed: 10,
    });
    await eventually('the keys', async () => (await mine.received()).keys >= before.keys + 10);
    expect((await mine.received()).keys).toBe(before.keys + 10);
  });

  test('a long text arrives whole', async () => {
    await mine.focus();
    const before = await mine.received();
    expect(codeOf(await server.call('type', { text: 'some words, '.repeat(200) }))).toBe('ok');
    await eventually('the text', async () => (await mine.received()).keys >= before.keys + 2400);
    expect((await mine.received()).keys).toBe(before.keys + 2400);
  });

  test('a click on the granted window counts, one on the other is refused', async () => {
    await mine.focus();
    await server.call('screenshot');
    const before = [await mine.received(), await stranger.received()];
    expect(codeOf(await server.call('left_click', { coordinate: [200, 300] }))).toBe('ok');
    expect(codeOf(await server.call('left_click', { coordinate: [900, 300] }))).toBe('not_granted');
    await eventually('the click', async () => (await mine.received()).clicks > (before[0]?.clicks ?? 0));
    expect((await mine.received()).clicks).toBe((before[0]?.clicks ?? 0) + 1);
    expect((await stranger.received()).clicks).toBe(before[1]?.clicks);
  });

  test('the wheel turns', async () => {
    await mine.focus();
    await server.call('screenshot');
    const before = await mine.received();
    const turn = { coordinate: [200, 300], scroll_direction: 'down', scroll_amount: 3 };
    expect(codeOf(await server.call('scroll', turn))).toBe('ok');
    await eventually('the wheel', async () => (await mine.received()).turns >= before.turns + 3);
    expect((await mine.received()).turns).toBe(before.turns + 3);
  });

  test('a key that sway keeps for itself needs a right of its own', async () => {
    await mine.focus();
    expect(codeOf(await server.call('key', { text: 'alt+k' }))).toBe('combo_needs_flag');
    expect(codeOf(await server.call('key', { text: 'alt+j' }))).toBe('ok');
  });

  test('a terminal under another name gets no keys', async () => {
    const executable = join(lab.folder, 'notes');
    await copyFile('/usr/bin/xfce4-terminal', executable);
    writeGrants(lab, [rowFor(mineExecutable), rowFor(executable)]);
    const args = ['--disable-server', '--command=cat'];
    const notes = await openOnSway(lab, { command: executable, args });
    await notes.focus();
    await eventually(
      'its terminal',
      async () => codeOf(await server.call('type', { text: 'a' })) === 'tier_too_low',
    );
    await notes.close();
    await mine.focus();
    expect(codeOf(await server.call('type', { text: 'a' }))).toBe('ok');
  });

  test('a window is brought to the front by its number', async () => {
    await stranger.focus();
    expect(codeOf(await server.call('focus_window', { window: mine.window }))).toBe('ok');
    expect(await mine.isFocused()).toBe(true);
  });
});
