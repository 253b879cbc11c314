import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { z } from 'zod';

import { startDesktop, type Desktop } from '../lab/desktop.ts';
import { eventually } from '../lab/eventually.ts';
import { openFixtureWindow, type FixtureWindow } from '../lab/fixture-window.ts';
import { KEY, sitDown, type Person } from '../lab/person.ts';
import { connectServer, type ToolAnswer, type ToolClient } from '../lab/tool-client.ts';
import { xdotool } from '../lab/xdotool.ts';
import { codeOf, failureOf } from './answers.ts';
import { makeExecutables } from './executables.ts';
import { rowFor, writeGrants } from './grant-rows.ts';
import { ledgerRows } from './ledger-rows.ts';

declare module 'x11' {
  interface XClient {
    GrabServer(): void;
    UngrabServer(): void;
    QueryKeymap(done: (error: Error | null | undefined, down: Buffer) => boolean): void;
  }
}

const Stopped = z.object({
  stopped: z.string(),
  request: z.object({ action: z.object({ tool: z.string() }) }),
});

const PLACE = { x: 200, y: 150, width: 300, height: 200 };
const ESCAPE_KEYCODE = 9;

let desktop: Desktop;
let editor: FixtureWindow;
let server: ToolClient;
let person: Person;

beforeAll(async () => {
  desktop = await startDesktop({ wm: 'openbox', seat: true });
  const { myeditor } = await makeExecutables(desktop, ['myeditor']);
  writeGrants(desktop, [rowFor(myeditor)]);
  editor = await openFixtureWindow(desktop, { place: PLACE }, { executable: myeditor });
  person = await sitDown(desktop);
});
afterAll(() => desktop.close());

/** A server of its own for each test: after a stop nothing acts for a while. */
async function serve(...args: readonly string[]): Promise<ToolClient> {
  return connectServer(desktop, { args });
}

beforeEach(async () => {
  await editor.activate();
  server = await serve();
  return () => server.close();
});

const click = { action: 'left_click', coordinate: [300, 250] };
const wait = (duration: number) => ({ action: 'wait', duration });
const type = (text: string) => ({ action: 'type', text });
const batch = (...actions: readonly object[]): Promise<ToolAnswer> =>
  server.call('computer_batch', { actions });

/** What the window got since this was called. */
async function newsOf(window: FixtureWindow) {
  const before = (await window.journal()).length;
  return async (...events: readonly string[]) =>
    (await window.journal()).slice(before).filter(({ event }) => events.includes(event));
}

async function keysDown(): Promise<number> {
  const down = await desktop.x.ask<Buffer>((client, done) => client.QueryKeymap(done));
  return down.filter((byte) => byte !== 0).length;
}

/** The messages of the progress of a call. */
function told(tool: string, args: Record<string, unknown>) {
  const messages: string[] = [];
  const answer = server.client.callTool(
    { name: tool, arguments: args },
    { onprogress: ({ message }) => messages.push(message ?? '') },
  );
  return { messages, answer };
}

describe('Escape on the keyboard of the person', () => {
  test('stops a batch, which says what was done and what was not', async () => {
    const news = await newsOf(editor);
    const running = batch(click, wait(60), type('late'));
    await eventually('the click', async () => (await news('ButtonPress')).length === 1);
    person.press(KEY.escape);
    const { structured, isError, images } = await running;
    expect(isError).toBe(false);
    expect(structured).toMatchObject({
      completed: 1,
      failed: { index: 1, action: 'wait', code: 'aborted_by_person' },
      not_run: 1,
    });
    expect(images).toEqual([]);
    expect(await keysDown()).toBe(0);
    // the key itself belongs to the person, and went where they sent it
    expect((await news('KeyPress')).map(({ detail }) => detail)).toEqual([ESCAPE_KEYCODE]);
  });

  test('stops typing within a few characters, and no key stays down', async () => {
    const news = await newsOf(editor);
    const running = server.call('type', { text: 'a'.repeat(10_000) });
    await eventually('some text', async () => (await news('KeyPress')).length > 50);
    person.press(KEY.escape);
    const answer = await running;
    expect(failureOf(answer)).toMatchObject({ code: 'aborted_by_person' });
    expect(answer.structured).toMatchObject({ total: 10_000 });
    const { typed } = answer.structured;
    await eventually('all that was typed', async () => (await news('KeyPress')).length > Number(typed));
    const keys = (await news('KeyPress')).map(({ detail }) => detail);
    expect(keys.length - 1).toBe(typed);
    expect(keys.length - 1 - keys.indexOf(ESCAPE_KEYCODE)).toBeLessThan(200);
    expect(await keysDown()).toBe(0);
  });

  test('stops what waits behind the call, and what comes right after, but not looking', async () => {
    const first = server.call('wait', { duration: 60 });
    const next = server.call('left_click', { coordinate: [300, 250] });
    const news = await newsOf(editor);
    // pressed until somebody listens: the first call opens its connection first
    const pressing = setInterval(() => person.press(KEY.escape), 50);
    await first.finally(() => clearInterval(pressing));
    expect(codeOf(await first)).toBe('aborted_by_person');
    expect(codeOf(await next)).toBe('aborted_by_person');
    const refused = failureOf(await server.call('key', { text: 'a' }));
    expect(refused.code).toBe('aborted_by_person');
    expect(refused.hint).toContain('ask the person');
    expect(await news('ButtonPress')).toEqual([]);
    expect(codeOf(await server.call('screenshot'))).toBe('ok');
    await eventually(
      'the agent to be let go on',
      async () => codeOf(await server.call('left_click', { coordinate: [300, 250] })) === 'ok',
      20_000,
    );
  });

  test('does nothing while no call runs', async () => {
    expect(codeOf(await server.call('key', { text: 'a' }))).toBe('ok');
    const news = await newsOf(editor);
    person.press(KEY.escape);
    await eventually('the key of the person', async () => (await news('KeyPress')).length === 1);
    expect(codeOf(await server.call('key', { text: 'a' }))).toBe('ok');
  });
});

describe('what is held', () => {
  const POINT = [300, 250];
  const buttonIsDown = async () => {
    const { keyMask } = await desktop.x.ask<{ readonly keyMask: number }>((client, done) =>
      client.QueryPointer(desktop.x.root, done),
    );
    return (keyMask & 0x100) !== 0;
  };
  const untilDown = () => eventually('the button to be down', buttonIsDown);
  const untilUp = () => eventually('the button to be up', async () => !(await buttonIsDown()));
  const longDrag = () =>
    server.call('left_click_drag', {
      path: Array.from({ length: 50 }, (_, index) => (index % 2 === 0 ? POINT : [400, 300])),
    });

  /** What the record tells of things that were down when they were stopped. */
  const stops = () =>
    ledgerRows(desktop).flatMap(({ decision }) => {
      const { data } = Stopped.safeParse(decision);
      return data === undefined ? [] : [{ tool: data.request.action.tool, stopped: data.stopped }];
    });

  test.each([
    ['Escape', 'aborted_by_person', () => person.press(KEY.escape)],
    ['a move of the mouse', 'person_is_active', () => person.move(310, 260)],
  ] as const)('in a drag is let go of by %s', async (_what, code, act) => {
    const dragging = longDrag();
    await untilDown();
    const before = stops().length;
    act();
    expect(codeOf(await dragging)).toBe(code);
    expect(await buttonIsDown()).toBe(false);
    expect(stops().slice(before)).toEqual([{ tool: 'left_click_drag', stopped: code }]);
  });

  test('by hold_key is let go of by Escape, and by any other key of the person', async () => {
    const news = await newsOf(editor);
    const holding = server.call('hold_key', { text: 'shift', duration: 60 });
    await eventually('the key', async () => (await news('KeyPress')).length === 1);
    person.press(KEY.a);
    expect(codeOf(await holding)).toBe('person_is_active');
    expect(await keysDown()).toBe(0);
    const again = server.call('hold_key', { text: 'shift', duration: 60 });
    await eventually('the key again', async () => (await keysDown()) === 1);
    person.press(KEY.escape);
    expect(codeOf(await again)).toBe('aborted_by_person');
    expect(await keysDown()).toBe(0);
    expect(stops().at(-1)).toEqual({ tool: 'hold_key', stopped: 'aborted_by_person' });
  });

  test('by hold_key is up when the answer comes, also where another program holds up the release', async () => {
    const { client } = desktop.x;
    const holding = server.call('hold_key', { text: 'shift', duration: 60 });
    await eventually('the key', async () => (await keysDown()) === 1);
    client.GrabServer();
    await client.sync();
    person.press(KEY.escape);
    // longer than it is waited for at one go
    setTimeout(() => client.UngrabServer(), 2_500);
    expect(codeOf(await holding)).toBe('aborted_by_person');
    expect(await keysDown()).toBe(0);
  });

  test('between two calls is let go of by Escape, and nothing is done for a while', async () => {
    await server.call('mouse_move', { coordinate: POINT });
    expect(codeOf(await server.call('left_mouse_down'))).toBe('ok');
    person.press(KEY.escape);
    await untilUp();
    expect(codeOf(await server.call('left_mouse_up'))).toBe('aborted_by_person');
  });

  test('between two calls is let go of by a move of the mouse, which the next call says', async () => {
    await server.call('mouse_move', { coordinate: POINT });
    expect(codeOf(await server.call('left_mouse_down'))).toBe('ok');
    person.move(310, 260);
    await untilUp();
    expect(failureOf(await server.call('mouse_move', { coordinate: [400, 300] }))).toMatchObject({
      code: 'person_is_active',
      message: 'A person took over the keyboard or the mouse',
    });
    // told once; and nobody listens to the keyboard any more
    person.press(KEY.escape);
    expect(codeOf(await server.call('mouse_move', { coordinate: POINT }))).toBe('ok');
  });
});

describe('Escape of a program stops nothing', () => {
  test('when the agent presses it', async () => {
    const news = await newsOf(editor);
    const { structured } = await batch({ action: 'key', text: 'Escape' }, type('on'));
    expect(structured).toMatchObject({ completed: 2, failed: null });
    const keys = (await news('KeyPress')).map(({ detail }) => detail);
    expect(keys).toHaveLength(3);
    expect(keys[0]).toBe(ESCAPE_KEYCODE);
  });

  test('when another program injects it, nor does it count as a person', async () => {
    const news = await newsOf(editor);
    const { messages, answer } = told('computer_batch', { actions: [click, wait(2), type('on')] });
    await eventually('the click', async () => (await news('ButtonPress')).length === 1);
    await xdotool(desktop, 'key', 'Escape');
    expect((await answer).structuredContent).toMatchObject({ completed: 3, failed: null });
    expect(messages.filter((message) => message.startsWith('Paused'))).toEqual([]);
  });
});

describe('a person who moves the mouse', () => {
  test('pauses a batch, which goes on to its end when they are quiet', async () => {
    const news = await newsOf(editor);
    const { messages, answer } = told('computer_batch', { actions: [click, wait(4), type('on')] });
    await eventually('the click', async () => (await news('ButtonPress')).length === 1);
    const stop = person.fidget();
    await eventually('the pause', () => messages.some((message) => message.startsWith('Paused')));
    expect(await news('KeyPress')).toEqual([]);
    stop();
    expect((await answer).structuredContent).toMatchObject({ completed: 3, failed: null, not_run: 0 });
    expect(await news('KeyPress')).toHaveLength(2);
  });

  test('pauses typing, of which nothing is lost', async () => {
    const news = await newsOf(editor);
    const { messages, answer } = told('type', { text: 'a'.repeat(2000) });
    await eventually('some text', async () => (await news('KeyPress')).length > 20);
    person.move(640, 400);
    await eventually('the pause', () => messages.some((message) => message.startsWith('Paused')));
    expect((await answer).structuredContent).toMatchObject({ typed: 2000 });
    expect(await news('KeyPress')).toHaveLength(2000);
  });

  test('is waited for before a click, and then left alone', async () => {
    const stop = person.fidget();
    const refused = await server.call('left_click', { coordinate: [300, 250] });
    expect(failureOf(refused).code).toBe('person_is_active');
    expect(failureOf(refused).hint).toContain('wait');
    stop();
    expect(codeOf(await server.call('left_click', { coordinate: [300, 250] }))).toBe('ok');
  });

  test('has used the desktop a moment before a server looks: the click comes after', async () => {
    const news = await newsOf(editor);
    const { x, y } = { x: PLACE.x + 10, y: PLACE.y + 10 };
    person.move(x, y);
    expect(codeOf(await server.call('left_click', { coordinate: [300, 250] }))).toBe('ok');
    expect(await news('ButtonPress')).toHaveLength(1);
  });
});

test('--abort-key names another key, and Escape is a key like others then', async () => {
  await server.close();
  server = await serve('--abort-key', 'F12');
  const news = await newsOf(editor);
  const run = async (keysym: number, seconds: number) => {
    const before = (await news('ButtonPress')).length;
    const { messages, answer } = told('computer_batch', { actions: [click, wait(seconds), type('a')] });
    await eventually('the click', async () => (await news('ButtonPress')).length > before);
    person.press(keysym);
    return { structured: (await answer).structuredContent, messages };
  };
  expect((await run(KEY.escape, 1)).structured).toMatchObject({ completed: 3 });
  expect((await run(KEY.f12, 60)).structured).toMatchObject({
    completed: 1,
    failed: { code: 'aborted_by_person' },
  });
});
