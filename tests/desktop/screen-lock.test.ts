import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest';

import { startDesktop, type Desktop } from '../lab/desktop.ts';
import { eventually } from '../lab/eventually.ts';
import { startLogin, startScreenSaver, type FakeLogin } from '../lab/fake-session.ts';
import { openFixtureWindow, startFixture, type FixtureWindow } from '../lab/fixture-window.ts';
import { connectServer, type ToolAnswer, type ToolClient } from '../lab/tool-client.ts';
import { codeOf, failureOf } from './answers.ts';
import { makeExecutables } from './executables.ts';
import { rowFor, writeGrants } from './grant-rows.ts';

const PLACE = { x: 200, y: 150, width: 300, height: 200 };
const SCREEN = { x: 0, y: 0, width: 1280, height: 800 };
const CLICK = { coordinate: [300, 250] };
/** An atom that the protocol numbers itself. */
const INTEGER = 19;
/** Of the pointer's state: the first button, and all five. */
const BUTTON_1 = 0x100;
const BUTTONS = 0x1f00;

type App = 'myeditor' | 'i3lock' | 'lxpolkit' | 'pinentry-gtk-2' | 'stranger';

let desktop: Desktop;
let apps: Readonly<Record<App, string>>;
let editor: FixtureWindow;
let login: FakeLogin;
let server: ToolClient;

beforeAll(async () => {
  desktop = await startDesktop({ wm: 'openbox' });
  login = await startLogin(desktop);
  apps = await makeExecutables(desktop, ['myeditor', 'i3lock', 'lxpolkit', 'pinentry-gtk-2', 'stranger']);
  writeGrants(desktop, [rowFor(apps.myeditor)]);
  editor = await openFixtureWindow(desktop, { place: PLACE }, { executable: apps.myeditor });
});
afterAll(() => desktop.close());

beforeEach(async () => {
  await editor.activate();
  server = await connectServer(desktop);
});
afterEach(() => server.close());

const ACTING = [
  ['left_click', CLICK],
  ['key', { text: 'a' }],
  ['type', { text: 'a' }],
  ['mouse_move', CLICK],
  ['open_application', { app: 'myeditor' }],
  ['computer_batch', { actions: [{ action: 'left_click', ...CLICK }] }],
] as const;
const LOOKING = [
  ['screenshot', {}],
  ['list_windows', {}],
  ['cursor_position', {}],
  ['wait_for_change', { duration: 0 }],
] as const;
const BLIND = [
  ['wait', { duration: 0 }],
  ['list_granted_applications', {}],
] as const;

type Calls = readonly (readonly [string, Readonly<Record<string, unknown>>])[];

/** What each call came to. */
async function outcomesOf(calls: Calls): Promise<Readonly<Record<string, string>>> {
  const outcomes: Record<string, string> = {};
  for (const [tool, input] of calls) outcomes[tool] = codeOf(await server.call(tool, input));
  return outcomes;
}

const allOf = (calls: Calls, outcome: string) => Object.fromEntries(calls.map(([tool]) => [tool, outcome]));

async function pressed(): Promise<number> {
  return (await editor.journal()).filter(({ event }) => /^(?:Key|Button)/.test(event)).length;
}

/** Signals go through the bus, and a call may be faster. */
const untilLocked = () =>
  eventually('the lock', async () => codeOf(await server.call('cursor_position')) === 'screen_locked');

async function buttons(): Promise<number> {
  const { keyMask } = await desktop.x.ask<{ readonly keyMask: number }>((client, done) =>
    client.QueryPointer(desktop.x.root, done),
  );
  return keyMask & BUTTONS;
}

async function expectLocked(): Promise<void> {
  await untilLocked();
  const before = await pressed();
  expect(await outcomesOf([...ACTING, ...LOOKING])).toEqual(allOf([...ACTING, ...LOOKING], 'screen_locked'));
  expect(await outcomesOf(BLIND)).toEqual(allOf(BLIND, 'ok'));
  expect(await pressed()).toBe(before);
}

async function expectFree(
  calls: Calls = [
    ['screenshot', {}],
    ['left_click', CLICK],
  ],
): Promise<void> {
  await editor.activate();
  expect(await outcomesOf(calls)).toEqual(allOf(calls, 'ok'));
}

/** A batch that waits in its second step, when its first one is done. */
async function batchAtWork(): Promise<{ readonly answer: Promise<ToolAnswer> }> {
  const before = await pressed();
  const answer = server.call('computer_batch', {
    actions: [
      { action: 'left_click', ...CLICK },
      { action: 'wait', duration: 60 },
      { action: 'type', text: 'late' },
    ],
  });
  await eventually('the click', async () => (await pressed()) >= before + 2);
  return { answer };
}

const stopped = (code: string) => ({
  completed: 1,
  failed: { index: 1, action: 'wait', code },
  not_run: 1,
});

describe('a session that the login manager calls locked', () => {
  afterEach(() => login.set({ locked: false, active: true }));

  test('is neither acted on nor shown, and both again when it is unlocked', async () => {
    await expectFree([...ACTING, ...LOOKING]);
    login.set({ locked: true });
    await expectLocked();
    login.set({ locked: false });
    await expectFree([...ACTING, ...LOOKING]);
  });

  test('is so for a server that starts later', async () => {
    login.set({ locked: true });
    const refused = failureOf(await server.call('screenshot'));
    expect(refused).toEqual({
      code: 'screen_locked',
      message: 'The screen is locked: the login manager says so',
      hint: 'Only a person can unlock it: tell them, or call wait and try again.',
    });
  });

  test('ends a batch, without a picture', async () => {
    const { answer } = await batchAtWork();
    login.set({ locked: true });
    const { structured, images } = await answer;
    expect(structured).toMatchObject(stopped('screen_locked'));
    expect(images).toEqual([]);
  });

  test('has a held button let go of', async () => {
    expect(codeOf(await server.call('mouse_move', CLICK))).toBe('ok');
    expect(codeOf(await server.call('left_mouse_down'))).toBe('ok');
    expect(await buttons()).toBe(BUTTON_1);
    login.set({ locked: true });
    await eventually('the button to be up', async () => (await buttons()) === 0);
  });

  test('does not end waiting alone', async () => {
    expect(codeOf(await server.call('screenshot'))).toBe('ok');
    const waiting = server.call('wait', { duration: 1 });
    login.set({ locked: true });
    expect(codeOf(await waiting)).toBe('ok');
  });

  test('is left alone while another session is in front, and not after', async () => {
    login.set({ active: false });
    await expectLocked();
    login.set({ active: true });
    await expectFree();
  });
});

test('a session of another display says nothing of this one', async () => {
  const other = await startDesktop({ wm: 'openbox' });
  try {
    const elsewhere = await startLogin(other, { display: ':987' });
    elsewhere.set({ locked: true });
    const client = await connectServer(other);
    expect(codeOf(await client.call('screenshot'))).toBe('ok');
  } finally {
    await other.close();
  }
});

test('a session without a display counts when the server runs in it', async () => {
  const other = await startDesktop({ wm: 'openbox' });
  try {
    const nameless = await startLogin(other, { display: '', id: '7' });
    nameless.set({ locked: true });
    const outcomes = [];
    for (const id of ['6', '7']) {
      const client = await connectServer(other, { env: { XDG_SESSION_ID: id } });
      outcomes.push(codeOf(await client.call('screenshot')));
      await client.close();
    }
    expect(outcomes).toEqual(['ok', 'screen_locked']);
  } finally {
    await other.close();
  }
});

describe.each(['org.freedesktop.ScreenSaver', 'org.gnome.ScreenSaver'])('%s on the session bus', (name) => {
  test('locks, unlocks, and locks nothing when it dies', async () => {
    const saver = await startScreenSaver(desktop, name);
    await expectFree();
    const { answer } = await batchAtWork();
    saver.activate(true);
    expect((await answer).structured).toMatchObject(stopped('screen_locked'));
    await expectLocked();
    saver.activate(false);
    await expectFree();
    saver.activate(true);
    await untilLocked();
    await saver.close();
    await expectFree();
  });

  test('that starts after the server counts too', async () => {
    await expectFree();
    const saver = await startScreenSaver(desktop, name);
    saver.activate(true);
    await untilLocked();
    await saver.close();
  });
});

describe('a lock screen by its window', () => {
  test('is in the way while it is shown', async () => {
    const locker = startFixture(desktop, { executable: apps.i3lock });
    const window = await locker.open({ place: SCREEN, overrideRedirect: true });
    await expectLocked();
    await window.unmap();
    await expectFree();
    const { answer } = await batchAtWork();
    await window.map();
    expect((await answer).structured).toMatchObject(stopped('screen_locked'));
    await expectLocked();
    await locker.close();
    await expectFree();
  });

  test('is none when another program covers the screen, or when it is its settings', async () => {
    const cover = startFixture(desktop, { executable: apps.stranger });
    await cover.open({ place: SCREEN, overrideRedirect: true });
    expect(codeOf(await server.call('screenshot'))).toBe('ok');
    await cover.close();
    const settings = startFixture(desktop, { executable: apps.i3lock });
    await settings.open({ place: { x: 700, y: 100, width: 400, height: 300 } });
    await expectFree();
    await settings.close();
  });
});

test('another virtual terminal in front locks, until the one of the display is back', async () => {
  const { client, root } = desktop.x;
  const atom = await desktop.x.atom('XFree86_has_VT');
  const has = async (terminal: number): Promise<void> => {
    client.ChangeProperty(0, root, atom, INTEGER, 32, Buffer.from([terminal, 0, 0, 0]));
    await desktop.x.ask((x, done) => x.GetInputFocus(done));
  };
  await has(1);
  await expectFree();
  const { answer } = await batchAtWork();
  await has(0);
  expect((await answer).structured).toMatchObject(stopped('screen_locked'));
  await expectLocked();
  await has(1);
  await expectFree();
});

describe.each(['lxpolkit', 'pinentry-gtk-2'] as const)('a prompt of %s', (name) => {
  const place = { x: 700, y: 400, width: 400, height: 200 };

  test('ends a batch, and nothing acts elsewhere either until it is gone, but looking goes on', async () => {
    await expectFree();
    const { answer } = await batchAtWork();
    const prompt = startFixture(desktop, { executable: apps[name] });
    const window = await prompt.open({ place });
    expect((await answer).structured).toMatchObject(stopped('password_prompt'));
    const before = await pressed();
    expect(await outcomesOf(ACTING)).toEqual(allOf(ACTING, 'password_prompt'));
    expect(await outcomesOf(LOOKING)).toEqual(allOf(LOOKING, 'ok'));
    expect(await pressed()).toBe(before);
    // also behind other windows
    await editor.activate();
    expect(codeOf(await server.call('key', { text: 'a' }))).toBe('password_prompt');
    await window.unmap();
    await expectFree();
    await prompt.close();
  });

  test('that was there before the server counts', async () => {
    const prompt = startFixture(desktop, { executable: apps[name] });
    await prompt.open({ place });
    await editor.activate();
    const { code, hint } = failureOf(await server.call('key', { text: 'a' }));
    expect(code).toBe('password_prompt');
    expect(hint).toContain('until they have answered');
    await prompt.close();
    await expectFree();
  });

  test('is none when its window is too small to be one', async () => {
    const agent = startFixture(desktop, { executable: apps[name] });
    await agent.open({ place: { x: 900, y: 600, width: 1, height: 1 }, overrideRedirect: true });
    await expectFree();
    await agent.close();
  });
});
