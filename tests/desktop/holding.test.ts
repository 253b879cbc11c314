import { setTimeout as delay } from 'node:timers/promises';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest';

import { startDesktop, type Desktop } from '../lab/desktop.ts';
import { eventually } from '../lab/eventually.ts';
import { startFixture, type Fixture, type FixtureWindow } from '../lab/fixture-window.ts';
import { run } from '../lab/owned-process.ts';
import { startSentinel, type Sentinel } from '../lab/sentinel.ts';
import { connectServer, type ToolAnswer, type ToolClient } from '../lab/tool-client.ts';
import { inRepository } from '../lab/workspace.ts';
import { xdotool } from '../lab/xdotool.ts';
import { codeOf, failureOf } from './answers.ts';
import { makeExecutables } from './executables.ts';
import { rowFor, writeGrants } from './grant-rows.ts';

const PLACE = { x: 100, y: 100, width: 400, height: 500 };
const BESIDE = { x: 620, y: 100, width: 300, height: 500 };
const FROM = [200, 200];
const TO = [400, 500];
const OUTSIDE = [800, 300];
const A_KEY = 38;
const F9_KEY = 75;
const LEFT_BIT = 0x100;

let desktop: Desktop;
let sentinel: Sentinel;
let server: ToolClient;
let apps: Readonly<Record<'myeditor' | 'other' | 'stranger' | 'xterm', string>>;
let editor: FixtureWindow;
let stranger: Fixture;

beforeAll(async () => {
  desktop = await startDesktop({ wm: 'openbox' });
  sentinel = await startSentinel(desktop);
  apps = await makeExecutables(desktop, ['myeditor', 'other', 'stranger', 'xterm']);
  server = await connectServer(desktop);
});
afterAll(() => desktop.close());
beforeEach(async () => {
  grant();
  editor = await startFixture(desktop, { executable: apps.myeditor }).open({ place: PLACE });
  stranger = startFixture(desktop, { executable: apps.stranger });
  await editor.activate();
  await sentinel.forget();
});
afterEach(async () => {
  await editor.close();
  await stranger.close();
  expect(await pressedNow()).toBe(0);
});

const grant = (): void =>
  writeGrants(
    desktop,
    [apps.myeditor, apps.other, apps.xterm].map((path) => rowFor(path)),
  );

/** Buttons and modifiers that are down. */
const pressedNow = async (): Promise<number> => {
  const { keyMask } = await desktop.x.ask<{ readonly keyMask: number }>((client, done) =>
    client.QueryPointer(desktop.x.root, done),
  );
  return keyMask & 0x1fff & ~0x10;
};

const INPUT = /^(Key|Button|Motion)/;
const inputOf = async (fixture: Fixture) =>
  (await fixture.journal()).filter(({ event }) => INPUT.test(event)).map(({ event }) => event);
const pressesOf = async (fixture: Fixture) =>
  (await inputOf(fixture)).filter((event) => !event.startsWith('Motion'));

const drag = (more: object = {}) =>
  server.call('left_click_drag', { start_coordinate: FROM, coordinate: TO, ...more });

/** A drag that takes about a second, so that something can happen during it. */
const longDrag = () =>
  server.call('left_click_drag', {
    path: Array.from({ length: 40 }, (_, index) => (index % 2 === 0 ? FROM : TO)),
  });

/** Why something was ended that had begun. */
const endOf = (answer: ToolAnswer) => ({
  code: failureOf(answer).code,
  because: answer.structured['because'],
});

const untilPressed = () =>
  eventually('the button to be down', async () => ((await pressedNow()) & LEFT_BIT) !== 0);

const untilUp = () => eventually('everything to be up', async () => (await pressedNow()) === 0);

/** Ends the server as a crash does, and gives the next one, which has not acted yet. */
async function killServer(): Promise<void> {
  const { pid } = server;
  process.kill(pid, 'SIGKILL');
  server = await connectServer(desktop);
}

const pressInEditor = async () => {
  await server.call('mouse_move', { coordinate: FROM });
  expect(codeOf(await server.call('left_mouse_down'))).toBe('ok');
};

describe('a drag', () => {
  test('is pressed at its start, moved in many steps and let go of at its end', async () => {
    expect(codeOf(await drag())).toBe('ok');
    const journal = (await editor.journal()).filter(({ event }) => INPUT.test(event));
    const [press] = journal.filter(({ event }) => event === 'ButtonPress');
    const [release] = journal.filter(({ event }) => event === 'ButtonRelease');
    expect([press?.rootX, press?.rootY, release?.rootX, release?.rootY]).toEqual([...FROM, ...TO]);
    const dragged = journal.filter(
      ({ event, state }) => event === 'MotionNotify' && (state & LEFT_BIT) !== 0,
    );
    expect(dragged.length).toBeGreaterThanOrEqual(8);
    expect(dragged.at(-1)).toMatchObject({ rootX: TO[0], rootY: TO[1] });
  });

  test('holds modifiers all the way', async () => {
    expect(codeOf(await drag({ text: 'ctrl+shift' }))).toBe('ok');
    const release = (await editor.journal()).find(({ event }) => event === 'ButtonRelease');
    expect((release?.state ?? 0) & 0xff).toBe(0x05);
  });

  test('follows a path', async () => {
    const path = [FROM, [420, 150], [150, 450], TO];
    expect(codeOf(await server.call('left_click_drag', { path }))).toBe('ok');
    const points = (await editor.journal()).map(({ rootX, rootY }) => `${rootX},${rootY}`);
    expect(path.every((point) => points.includes(point.join(',')))).toBe(true);
  });

  test('goes from one application of tier full to another', async () => {
    const other = await startFixture(desktop, { executable: apps.other }).open({ place: BESIDE });
    await other.activate();
    await editor.activate();
    expect(codeOf(await drag({ coordinate: OUTSIDE }))).toBe('ok');
    await other.close();
  });

  test.each([
    ['a terminal', 'xterm', 'tier_too_low'],
    ['an application that nobody allowed', 'stranger', 'not_granted'],
  ] as const)('that would end on %s is refused before anything is pressed', async (_what, name, code) => {
    const target = await startFixture(desktop, { executable: apps[name] }).open({ place: BESIDE });
    await target.activate();
    await editor.activate();
    await sentinel.forget();
    expect(codeOf(await drag({ coordinate: OUTSIDE }))).toBe(code);
    expect(codeOf(await drag({ start_coordinate: OUTSIDE, coordinate: FROM }))).toBe(code);
    expect(await sentinel.events()).toEqual([]);
    await target.close();
  });

  test('that would end on a title bar is refused, as a click there is', async () => {
    const bar = [300, 88];
    const clicked = codeOf(await server.call('left_click', { coordinate: bar }));
    expect([codeOf(await drag({ coordinate: bar })), clicked]).toEqual([clicked, 'not_granted']);
    expect(await pressesOf(editor.fixture)).toEqual([]);
  });

  test.each([
    {},
    { start_coordinate: FROM },
    { path: [FROM] },
    { path: [FROM, TO], coordinate: TO },
    { path: [FROM, [1]] },
  ])('without a start and an end is refused: %j', async (input) => {
    expect(codeOf(await server.call('left_click_drag', input))).toBe('invalid_arguments');
  });
});

describe('the way of a drag', () => {
  test('goes past the bare screen and frames, without the pointer being put there', async () => {
    const other = await startFixture(desktop, { executable: apps.other }).open({ place: BESIDE });
    await other.activate();
    await editor.activate();
    await sentinel.forget();
    expect(codeOf(await drag({ coordinate: OUTSIDE }))).toBe('ok');
    const gap = (await sentinel.events()).filter(({ rootX }) => rootX > 510 && rootX < 610);
    expect(gap).toEqual([]);
    await other.close();
  });

  test('does not lead across a window that nobody allowed', async () => {
    const other = await startFixture(desktop, { executable: apps.other }).open({ place: BESIDE });
    await other.activate();
    await stranger.open({ place: { x: 510, y: 200, width: 100, height: 300 }, overrideRedirect: true });
    await editor.activate();
    const answer = await drag({ coordinate: OUTSIDE });
    expect(endOf(answer)).toEqual({ code: 'drag_stopped', because: 'not_granted' });
    expect(await inputOf(stranger)).toEqual([]);
    expect(await inputOf(other.fixture)).toEqual([]);
    await other.close();
  });
});

describe('in the middle of a drag', () => {
  /** Lets something happen while the button is down, and gives what became of the drag. */
  async function during(happens: () => Promise<unknown>) {
    const dragging = longDrag();
    await untilPressed();
    await eventually('some motion', async () => (await inputOf(editor.fixture)).length > 10);
    await happens();
    const answer = await dragging;
    expect(await pressedNow()).toBe(0);
    return endOf(answer);
  }

  test.each([
    ['is mapped over the application', false],
    ['without a window manager is mapped over it', true],
  ])('a window that %s gets nothing', async (_what, overrideRedirect) => {
    const thief = await stranger.open({ place: PLACE, overrideRedirect, mapped: false });
    const { code, because } = await during(() => thief.map());
    expect(code).toBe('drag_stopped');
    // nobody is in front while the window manager takes the new window in
    expect(['not_granted', 'unknown_app']).toContain(because);
    expect(await inputOf(stranger)).toEqual([]);
    expect(await pressesOf(editor.fixture)).toEqual(['ButtonPress', 'ButtonRelease']);
  });

  test('a window that takes the focus stops it, and gets nothing', async () => {
    const thief = await stranger.open({ place: BESIDE });
    await thief.activate();
    await editor.activate();
    // for a moment, while the focus goes from one to the other, it is nobody's
    const { code, because } = await during(() => thief.activate());
    expect(code).toBe('drag_stopped');
    expect(['not_granted', 'unknown_app']).toContain(because);
    expect(await inputOf(stranger)).toEqual([]);
  });

  test('the end of the application stops it, and the window beneath gets nothing', async () => {
    const beneath = await stranger.open({ place: PLACE, overrideRedirect: true });
    await beneath.lower();
    expect(await during(() => editor.close())).toMatchObject({ code: 'drag_stopped' });
    expect((await inputOf(stranger)).filter((event) => event.startsWith('Button'))).toEqual([]);
  });

  test.each([
    ['taking the grant back', 'not_granted', () => []],
    ['lowering its tier', 'tier_too_low', () => [rowFor(apps.myeditor, { tier: 'click' })]],
  ] as const)('%s stops it', async (_what, because, rows) => {
    const change = async () => {
      writeGrants(desktop, rows());
      await untilUp();
    };
    expect(await during(change)).toMatchObject({ code: 'drag_stopped', because });
  });

  test('a window over its end gets no drop', async () => {
    const thief = await stranger.open({
      place: { x: 350, y: 450, width: 100, height: 100 },
      overrideRedirect: true,
      mapped: false,
    });
    const above = [400, 150];
    const path = [...Array.from({ length: 40 }, (_, index) => (index % 2 === 0 ? FROM : above)), TO];
    const dragging = server.call('left_click_drag', { path });
    await untilPressed();
    await thief.map();
    expect(endOf(await dragging)).toEqual({ code: 'drag_stopped', because: 'not_granted' });
    expect(await inputOf(stranger)).toEqual([]);
  });

  test('cancelling the call lets go of the button', async () => {
    const cancelled = new AbortController();
    const call = server.client.callTool(
      {
        name: 'left_click_drag',
        arguments: { path: Array.from({ length: 40 }, (_, i) => (i % 2 ? TO : FROM)) },
      },
      { signal: cancelled.signal },
    );
    call.catch(() => undefined);
    await untilPressed();
    cancelled.abort();
    await untilUp();
    // the next call acts as if nothing had been
    expect(codeOf(await drag())).toBe('ok');
  });
});

describe('a button that is held from call to call', () => {
  test('drags with the moves between', async () => {
    await server.call('mouse_move', { coordinate: FROM });
    expect(codeOf(await server.call('left_mouse_down'))).toBe('ok');
    expect(codeOf(await server.call('mouse_move', { coordinate: TO }))).toBe('ok');
    expect(codeOf(await server.call('left_mouse_up'))).toBe('ok');
    const release = (await editor.journal()).find(({ event }) => event === 'ButtonRelease');
    expect([release?.rootX, release?.rootY]).toEqual(TO);
  });

  test('goes up when the display does not answer for a while, as soon as it does', async () => {
    await pressInEditor();
    const { xPid } = desktop;
    if (xPid === null) throw new Error('the X server is not ours');
    process.kill(xPid, 'SIGSTOP');
    const moving = server.call('mouse_move', { coordinate: TO });
    // longer than the server waits for an answer and for a new connection
    await delay(18_000);
    process.kill(xPid, 'SIGCONT');
    expect(codeOf(await moving)).not.toBe('ok');
    await untilUp();
    expect(codeOf(await drag())).toBe('ok');
  });

  test('is not mixed with clicks, nor pressed or let go of twice', async () => {
    await server.call('mouse_move', { coordinate: FROM });
    await server.call('left_mouse_down');
    expect(codeOf(await server.call('left_click', { coordinate: TO }))).toBe('input_in_use');
    expect(codeOf(await server.call('left_mouse_down'))).toBe('input_in_use');
    expect(codeOf(await server.call('left_mouse_up'))).toBe('ok');
    expect(codeOf(await server.call('left_mouse_up'))).toBe('nothing_held');
    expect(codeOf(await server.call('left_click', { coordinate: TO }))).toBe('ok');
  });

  test('goes up when it is moved where it may not be, and drops nothing there', async () => {
    const target = await stranger.open({ place: BESIDE });
    await target.activate();
    await editor.activate();
    await server.call('mouse_move', { coordinate: FROM });
    await server.call('left_mouse_down');
    const moved = endOf(await server.call('mouse_move', { coordinate: OUTSIDE }));
    expect(moved).toMatchObject({ code: 'drag_stopped', because: 'not_granted' });
    expect(await pressedNow()).toBe(0);
    expect(await inputOf(stranger)).toEqual([]);
    await target.close();
  });

  test('goes up when its grant is taken back between two calls, which the next one says', async () => {
    await server.call('mouse_move', { coordinate: FROM });
    await server.call('left_mouse_down');
    writeGrants(desktop, []);
    await untilUp();
    expect(failureOf(await server.call('left_mouse_up'))).toMatchObject({ code: 'drag_stopped' });
  });

  test('keeps another session of the same server from acting until it goes up', async () => {
    await server.close();
    const command = (what: string): Promise<string> =>
      run({
        command: process.execPath,
        args: [inRepository('packages/computer-use-mcp/dist/cli.js'), 'daemon', what],
        env: desktop.env,
        cwd: desktop.folder,
      });
    await command('start');
    const attach = () => connectServer(desktop, { args: ['--attach'] });
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
    server = await connectServer(desktop);
  });

  test('goes up when the session ends', async () => {
    await pressInEditor();
    await server.close();
    await untilUp();
    server = await connectServer(desktop);
  });

  test('and left by a server that was killed goes up when the next one acts, not when it looks', async () => {
    await pressInEditor();
    await killServer();
    expect(codeOf(await server.call('get_frontmost'))).toBe('ok');
    expect((await pressedNow()) & LEFT_BIT).not.toBe(0);
    expect(codeOf(await server.call('left_click', { coordinate: TO }))).toBe('ok');
    expect(await pressesOf(editor.fixture)).toEqual([
      ...['ButtonPress', 'ButtonRelease'],
      ...['ButtonPress', 'ButtonRelease'],
    ]);
  });

  test('is let go of at the end of a batch that failed, and kept by one that did not', async () => {
    const batch = (...actions: readonly object[]) => server.call('computer_batch', { actions });
    const press = [{ action: 'mouse_move', coordinate: FROM }, { action: 'left_mouse_down' }];
    const failed = await batch(...press, { action: 'left_click', coordinate: TO });
    expect(failed.structured).toMatchObject({ completed: 2, failed: { code: 'input_in_use' } });
    expect(await pressedNow()).toBe(0);
    expect((await batch(...press)).structured).toMatchObject({ completed: 2, failed: null });
    expect(await pressedNow()).toBe(LEFT_BIT);
    const rest = [{ action: 'mouse_move', coordinate: TO }, { action: 'left_mouse_up' }];
    expect((await batch(...rest)).structured).toMatchObject({ completed: 2, failed: null });
  });
});

describe('a key that is held', () => {
  const hold = (text: string, duration: number) => server.call('hold_key', { text, duration });
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
    const { autoRepeats } = await desktop.x.ask<{ readonly autoRepeats: Buffer }>((client, done) =>
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
    expect(await sentinel.events()).toEqual([]);
  });

  test('and left by a server that was killed goes up when the next one acts', async () => {
    server.call('hold_key', { text: 'shift', duration: 60 }).catch(() => undefined);
    await eventually('the key to be down', async () => (await pressedNow()) !== 0);
    await killServer();
    expect(await pressedNow()).not.toBe(0);
    expect(codeOf(await server.call('left_click', { coordinate: FROM }))).toBe('ok');
    const click = (await editor.journal()).find(({ event }) => event === 'ButtonPress');
    expect(click?.state).toBe(0);
  });

  test('by another program stays down when a server begins to act', async () => {
    const keys = async () =>
      (await editor.journal()).flatMap(({ event, detail }) => (detail === F9_KEY ? [event] : []));
    await xdotool(desktop, 'keydown', 'F9');
    await killServer();
    expect(codeOf(await server.call('left_click', { coordinate: FROM }))).toBe('ok');
    expect((await keys()).at(-1)).toBe('KeyPress');
    await xdotool(desktop, 'keyup', 'F9');
  });
});
