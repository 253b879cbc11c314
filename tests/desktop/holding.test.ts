import { setTimeout as delay } from 'node:timers/promises';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest';

import { eventually } from '../lab/eventually.ts';
import type { Fixture, FixtureWindow } from '../lab/fixture-window.ts';
import { run } from '../lab/owned-process.ts';
import { connectServer } from '../lab/tool-client.ts';
import { inRepository } from '../lab/workspace.ts';
import { xdotool } from '../lab/xdotool.ts';
import { codeOf, failureOf } from './answers.ts';
import { writeGrants } from './grant-rows.ts';
import {
  BESIDE,
  FROM,
  HoldingStage,
  LEFT_BIT,
  OUTSIDE,
  TO,
  endOf,
  inputOf,
  pressesOf,
} from './holding-stage.ts';

const A_KEY = 38;
const F9_KEY = 75;

let stage: HoldingStage;
let editor: FixtureWindow;
let stranger: Fixture;

beforeAll(async () => {
  stage = await HoldingStage.open();
});
afterAll(() => stage.close());
beforeEach(async () => {
  ({ editor, stranger } = await stage.begin());
});
afterEach(() => stage.end(editor, stranger));

const pressInEditor = async () => {
  await stage.server.call('mouse_move', { coordinate: FROM });
  expect(codeOf(await stage.server.call('left_mouse_down'))).toBe('ok');
};

describe('a button that is held from call to call', () => {
  test('drags with the moves between', async () => {
    await stage.server.call('mouse_move', { coordinate: FROM });
    expect(codeOf(await stage.server.call('left_mouse_down'))).toBe('ok');
    expect(codeOf(await stage.server.call('mouse_move', { coordinate: TO }))).toBe('ok');
    expect(codeOf(await stage.server.call('left_mouse_up'))).toBe('ok');
    const release = (await editor.journal()).find(({ event }) => event === 'ButtonRelease');
    expect([release?.rootX, release?.rootY]).toEqual(TO);
  });

  test('goes up when the display does not answer for a while, as soon as it does', async () => {
    await pressInEditor();
    const { xPid } = stage.desktop;
    if (xPid === null) throw new Error('the X server is not ours');
    process.kill(xPid, 'SIGSTOP');
    const moving = stage.server.call('mouse_move', { coordinate: TO });
    // longer than the server waits for an answer and for a new connection
    await delay(18_000);
    process.kill(xPid, 'SIGCONT');
    expect(codeOf(await moving)).not.toBe('ok');
    await stage.untilUp();
    expect(codeOf(await stage.drag())).toBe('ok');
  });

  test('is not mixed with clicks, nor pressed or let go of twice', async () => {
    await stage.server.call('mouse_move', { coordinate: FROM });
    await stage.server.call('left_mouse_down');
    expect(codeOf(await stage.server.call('left_click', { coordinate: TO }))).toBe('input_in_use');
    expect(codeOf(await stage.server.call('left_mouse_down'))).toBe('input_in_use');
    expect(codeOf(await stage.server.call('left_mouse_up'))).toBe('ok');
    expect(codeOf(await stage.server.call('left_mouse_up'))).toBe('nothing_held');
    expect(codeOf(await stage.server.call('left_click', { coordinate: TO }))).toBe('ok');
  });

  test('goes up when it is moved where it may not be, and drops nothing there', async () => {
    const target = await stranger.open({ place: BESIDE });
    await target.activate();
    await editor.activate();
    await stage.server.call('mouse_move', { coordinate: FROM });
    await stage.server.call('left_mouse_down');
    const moved = endOf(await stage.server.call('mouse_move', { coordinate: OUTSIDE }));
    expect(moved).toMatchObject({ code: 'drag_stopped', because: 'not_granted' });
    expect(await stage.pressedNow()).toBe(0);
    expect(await inputOf(stranger)).toEqual([]);
    await target.close();
  });

  test('goes up when its grant is taken back between two calls, which the next one says', async () => {
    await stage.server.call('mouse_move', { coordinate: FROM });
    await stage.server.call('left_mouse_down');
    writeGrants(stage.desktop, []);
    await stage.untilUp();
    expect(failureOf(await stage.server.call('left_mouse_up'))).toMatchObject({ code: 'drag_stopped' });
  });

  test('keeps another session of the same server from acting until it goes up', async () => {
    await stage.server.close();
    const command = (what: string): Promise<string> =>
      run({
        command: process.execPath,
        args: [inRepository('packages/computer-use-mcp/dist/cli.js'), 'daemon', what],
        env: stage.desktop.env,
        cwd: stage.desktop.folder,
      });
    await command('start');
    const attach = () => connectServer(stage.desktop, { args: ['--attach'] });
    const [holder, other] = [await attach(), await attach()];
    await holder.call('mouse_move', { coordinate: FROM });
    expect(codeOf(await holder.call('left_mouse_down'))).toBe('ok');
    const before = await inputOf(editor.fixture);
    for (const [tool, args] of [
      ['left_click', { coordinate: TO }],
      ['mouse_move', { coordinate: TO }],
      ['left_mouse_up', {}],
      ['type', { text: 'a' }],
    ] as const) {
      const { code, message } = failureOf(await other.call(tool, args));
      expect({ tool, code, message }).toEqual({
        ...{ tool, code: 'input_in_use', message: 'Another session holds a mouse button' },
      });
    }
    expect(await inputOf(editor.fixture)).toEqual(before);
    expect(codeOf(await other.call('get_frontmost'))).toBe('ok');
    expect(codeOf(await holder.call('left_mouse_up'))).toBe('ok');
    expect(codeOf(await other.call('left_click', { coordinate: TO }))).toBe('ok');
    await holder.close();
    await other.close();
    await command('stop');
    stage.server = await connectServer(stage.desktop);
  });

  test('goes up when the session ends', async () => {
    await pressInEditor();
    await stage.server.close();
    await stage.untilUp();
    stage.server = await connectServer(stage.desktop);
  });

  test('and left by a server that was killed goes up when the next one acts, not when it looks', async () => {
    await pressInEditor();
    await stage.killServer();
    expect(codeOf(await stage.server.call('get_frontmost'))).toBe('ok');
    expect((await stage.pressedNow()) & LEFT_BIT).not.toBe(0);
    expect(codeOf(await stage.server.call('left_click', { coordinate: TO }))).toBe('ok');
    expect(await pressesOf(editor.fixture)).toEqual([
      ...['ButtonPress', 'ButtonRelease'],
      ...['ButtonPress', 'ButtonRelease'],
    ]);
  });

  test('is let go of at the end of a batch that failed, and kept by one that did not', async () => {
    const batch = (...actions: readonly object[]) => stage.server.call('computer_batch', { actions });
    const press = [{ action: 'mouse_move', coordinate: FROM }, { action: 'left_mouse_down' }];
    const failed = await batch(...press, { action: 'left_click', coordinate: TO });
    expect(failed.structured).toMatchObject({ completed: 2, failed: { code: 'input_in_use' } });
    expect(await stage.pressedNow()).toBe(0);
    expect((await batch(...press)).structured).toMatchObject({ completed: 2, failed: null });
    expect(await stage.pressedNow()).toBe(LEFT_BIT);
    const rest = [{ action: 'mouse_move', coordinate: TO }, { action: 'left_mouse_up' }];
    expect((await batch(...rest)).structured).toMatchObject({ completed: 2, failed: null });
  });
});

describe('a key that is held', () => {
  const hold = (text: string, duration: number) => stage.server.call('hold_key', { text, duration });
  const downs = async (fixture: Fixture) =>
    (await pressesOf(fixture)).filter((event) => event.startsWith('Key'));

  test('is down for the time and repeats, and is up afterwards', async () => {
    expect(codeOf(await hold('a', 1))).toBe('ok');
    const events = (await editor.journal()).filter(({ event }) => event.startsWith('Key'));
    expect(events.every(({ detail }) => detail === A_KEY)).toBe(true);
    expect(events.filter(({ event }) => event === 'KeyPress').length).toBeGreaterThan(2);
    expect(events.at(-1)?.event).toBe('KeyRelease');
  });

  test('with modifiers holds those as well', async () => {
    expect(codeOf(await hold('ctrl+shift', 0.2))).toBe('ok');
    expect(await downs(editor.fixture)).toEqual(['KeyPress', 'KeyPress', 'KeyRelease', 'KeyRelease']);
  });

  test('is let go of when the focus goes to a program that nobody allowed, which gets nothing', async () => {
    const thief = await stranger.open({ place: BESIDE });
    await thief.activate();
    await editor.activate();
    const holding = hold('a', 20);
    await eventually('the key', async () => (await downs(editor.fixture)).length > 4);
    await thief.takeFocus();
    expect(endOf(await holding)).toMatchObject({ code: 'focus_lost', because: 'not_granted' });
    expect(await inputOf(stranger)).toEqual([]);
    // and repeats as before when a person presses it
    const { autoRepeats } = await stage.desktop.x.ask<{ readonly autoRepeats: Buffer }>((client, done) =>
      client.GetKeyboardControl(done),
    );
    expect((autoRepeats[A_KEY >> 3] ?? 0) & (1 << (A_KEY & 7))).not.toBe(0);
  });

  test.each([
    ['ctrl+alt+Delete', 'combo_needs_flag'],
    ['super', 'combo_needs_flag'],
    ['a b', 'unknown_key'],
  ])('%s is refused as when it is pressed', async (text, code) => {
    expect(codeOf(await hold(text, 0.1))).toBe(code);
    expect(await stage.sentinel.events()).toEqual([]);
  });

  test('and left by a server that was killed goes up when the next one acts', async () => {
    stage.server.call('hold_key', { text: 'shift', duration: 60 }).catch(() => undefined);
    await eventually('the key to be down', async () => (await stage.pressedNow()) !== 0);
    await stage.killServer();
    expect(await stage.pressedNow()).not.toBe(0);
    expect(codeOf(await stage.server.call('left_click', { coordinate: FROM }))).toBe('ok');
    const click = (await editor.journal()).find(({ event }) => event === 'ButtonPress');
    expect(click?.state).toBe(0);
  });

  test('by another program stays down when a server begins to act', async () => {
    const keys = async () =>
      (await editor.journal()).flatMap(({ event, detail }) => (detail === F9_KEY ? [event] : []));
    await xdotool(stage.desktop, 'keydown', 'F9');
    await stage.killServer();
    expect(codeOf(await stage.server.call('left_click', { coordinate: FROM }))).toBe('ok');
    expect((await keys()).at(-1)).toBe('KeyPress');
    await xdotool(stage.desktop, 'keyup', 'F9');
  });
});
