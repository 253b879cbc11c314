import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { z } from 'zod';

import { eventually } from '../lab/eventually.ts';
import { startHyprland, type HyprlandLab } from '../lab/hyprland.ts';
import { connectServer, type ToolClient } from '../lab/tool-client.ts';
import { openTextOnSway, type WaylandApplication } from '../lab/wayland-application.ts';
import { codeOf } from './answers.ts';
import { rowFor, writeGrants } from './grant-rows.ts';
import { lightIn } from './picture.ts';

let lab: HyprlandLab;
let mine: WaylandApplication;
let stranger: WaylandApplication;
let server: ToolClient;

beforeAll(async () => {
  lab = await startHyprland();
  const [first, second] = [await openTextOnSway(lab, 'mine'), await openTextOnSway(lab, 'stranger')];
  [mine, stranger] = [first.app, second.app];
  writeGrants(lab, [rowFor(first.executable)]);
  server = await connectServer(lab);
});
afterAll(() => lab.close());

const listed = z.object({ window: z.number(), granted: z.boolean() });

const received = async () => [await mine.received(), await stranger.received()] as const;

describe('the server in a session that speaks like Hyprland', () => {
  test('finds it by the surroundings', async () => {
    await mine.focus();
    const { structured } = await server.call('get_frontmost');
    expect(structured).toMatchObject({ tier: 'full', frontmost: { granted: true } });
  });

  test('the picture has the granted window, and the other one is black', async () => {
    await mine.focus();
    const [left, right] = await lightIn(await server.call('screenshot'));
    expect(left).toBeGreaterThan(1000);
    expect(right).toBe(0);
  });

  test('nothing is shown while another window is in front', async () => {
    await stranger.focus();
    expect(await lightIn(await server.call('screenshot'))).toEqual([0, 0]);
  });

  test('a click on the granted window counts, one on the other is refused', async () => {
    await mine.focus();
    await server.call('screenshot');
    const [before, beside] = await received();
    expect(codeOf(await server.call('left_click', { coordinate: [200, 300] }))).toBe('ok');
    expect(codeOf(await server.call('left_click', { coordinate: [900, 300] }))).toBe('not_granted');
    await eventually('the click', async () => (await mine.received()).clicks > before.clicks);
    const [after, besideAfter] = await received();
    expect([after.clicks, besideAfter]).toEqual([before.clicks + 1, beside]);
  });

  test('the wheel turns as often as it is told', async () => {
    await mine.focus();
    await server.call('screenshot');
    const before = await mine.received();
    const turn = { coordinate: [200, 300], scroll_direction: 'down', scroll_amount: 3 };
    expect(codeOf(await server.call('scroll', turn))).toBe('ok');
    await eventually('the wheel', async () => (await mine.received()).turns >= before.turns + 3);
    expect((await mine.received()).turns).toBe(before.turns + 3);
  });

  test('the pointer is told', async () => {
    await mine.focus();
    await server.call('screenshot');
    expect(codeOf(await server.call('mouse_move', { coordinate: [210, 310] }))).toBe('ok');
    const { structured } = await server.call('cursor_position');
    expect(structured).toMatchObject({ coordinate: [210, 310] });
  });

  test('text goes to the granted window and never to the other one', async () => {
    await mine.focus();
    const [before, beside] = await received();
    expect(codeOf(await server.call('type', { text: 'Grüße, 漢字' }))).toBe('ok');
    await stranger.focus();
    expect(codeOf(await server.call('type', { text: 'secret' }))).toBe('not_granted');
    await eventually('the text', async () => (await mine.received()).keys >= before.keys + 9);
    const [after, besideAfter] = await received();
    expect([after.keys, besideAfter.keys]).toEqual([before.keys + 9, beside.keys]);
  });

  test('nothing is typed while a launcher has the keyboard, though a window counts as active', async () => {
    await mine.focus();
    const before = await received();
    lab.holdKeyboard(true);
    const answer = await server.call('type', { text: 'secret' });
    lab.holdKeyboard(false);
    expect(codeOf(answer)).toBe('desktop_busy');
    expect(await received()).toEqual(before);
    expect(codeOf(await server.call('type', { text: 'a' }))).toBe('ok');
  });

  test('a key that is bound needs a right of its own', async () => {
    await mine.focus();
    lab.binds.push({ modmask: 8, key: 'K' });
    expect(codeOf(await server.call('key', { text: 'alt+k' }))).toBe('combo_needs_flag');
    expect(codeOf(await server.call('key', { text: 'alt+j' }))).toBe('ok');
  });

  test('a window is brought to the front by its number', async () => {
    await stranger.focus();
    const { windows } = z
      .object({ windows: z.array(listed) })
      .parse((await server.call('list_windows')).structured);
    const own = windows.find(({ granted }) => granted);
    expect(codeOf(await server.call('focus_window', { window: own?.window }))).toBe('ok');
    expect(await mine.isFocused()).toBe(true);
  });
});
