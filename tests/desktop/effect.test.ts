import { readFileSync } from 'node:fs';
import { setTimeout as delay } from 'node:timers/promises';

import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { z } from 'zod';

import { startDesktop, type Desktop } from '../lab/desktop.ts';
import { eventually } from '../lab/eventually.ts';
import { startFixture, type FixtureWindow } from '../lab/fixture-window.ts';
import { startProcess } from '../lab/owned-process.ts';
import { connectServer, type ToolAnswer, type ToolClient } from '../lab/tool-client.ts';
import { codeOf } from './answers.ts';
import { makeExecutables } from './executables.ts';
import { rowFor, writeGrants } from './grant-rows.ts';

const PLACE = { x: 200, y: 150, width: 300, height: 200 };
const OTHER = { x: 700, y: 150, width: 300, height: 200 };
/** In the editor's window. */
const BUTTON = { x: 20, y: 20, width: 100, height: 40 };
const ON_BUTTON = [250, 190];
const ON_NOTHING = [450, 300];
const PART = { x: 40, y: 50, width: 80, height: 60 };
const CARET = { x: 200, y: 100, width: 2, height: 18 };
/** Of the processor's time, what a server at work takes some of. */
const LOOK_MS = 300;

interface Stage {
  readonly desktop: Desktop;
  readonly executables: { readonly myeditor: string; readonly stranger: string };
  readonly editor: FixtureWindow;
  readonly stranger: FixtureWindow;
  readonly server: ToolClient;
}

async function startStage(lacks: readonly string[] = []): Promise<Stage> {
  const desktop = await startDesktop({ wm: 'openbox', lacks });
  const executables = await makeExecutables(desktop, ['myeditor', 'stranger']);
  writeGrants(desktop, [rowFor(executables.myeditor)]);
  const open = (executable: string) => startFixture(desktop, { executable });
  const stranger = await open(executables.stranger).open({ place: OTHER });
  const editor = await open(executables.myeditor).open({ place: PLACE, button: BUTTON });
  await editor.activate();
  return { desktop, executables, editor, stranger, server: await connectServer(desktop) };
}

const onScreen = (part: typeof PART, { x, y }: typeof PLACE) => ({ ...part, x: part.x + x, y: part.y + y });

const click = ({ server }: Stage, coordinate: readonly number[]) => server.call('left_click', { coordinate });

/** Of what was refused, why. */
const effectOf = ({ isError, structured, text }: ToolAnswer): unknown =>
  isError ? text : structured['effect'];

/** What was not read in time is asked again, as an agent would: it tells nothing. */
const clickInTime = (stage: Stage, coordinate: readonly number[]): Promise<ToolAnswer> =>
  eventually('a desktop that is read in time', async () => {
    const answer = await click(stage, coordinate);
    return (!answer.isError || codeOf(answer) !== 'desktop_busy') && answer;
  });

/** A machine at work may draw too late: tried until the effect shows. */
const untilChanged = (act: () => Promise<ToolAnswer>): Promise<ToolAnswer> =>
  eventually('a change that is noticed', async () => {
    const answer = await act();
    return effectOf(answer) === 'changed' && answer;
  });

/** The processor time of the server so far, in hundredths of a second. */
function ticksOf(pid: number): number {
  const stat = readFileSync(`/proc/${pid}/stat`, 'utf8');
  const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
  return Number(fields[11]) + Number(fields[12]);
}

const memoryOf = (pid: number): number =>
  Number(/^VmRSS:\s+(\d+)/m.exec(readFileSync(`/proc/${pid}/status`, 'utf8'))?.[1]) / 1024;

describe('an action', () => {
  let stage: Stage;
  beforeAll(async () => {
    stage = await startStage();
  });
  afterAll(() => stage.desktop.close());
  beforeEach(async () => {
    const { desktop, executables, editor, stranger } = stage;
    writeGrants(desktop, [rowFor(executables.myeditor)]);
    await editor.stopBlinking();
    await stranger.stopBlinking();
    await editor.activate();
    await click(stage, ON_NOTHING);
  });

  test('that changes something says so and where', async () => {
    const { structured, text } = await untilChanged(() => click(stage, ON_BUTTON));
    expect(structured['changed']).toEqual(onScreen(BUTTON, PLACE));
    expect(structured).not.toHaveProperty('stillChanging');
    expect(text).toMatch(/ The screen changed in \[220, 170, 320, 210\]\.$/);
  });

  test('that changes nothing says so', async () => {
    const { structured, text } = await click(stage, ON_NOTHING);
    expect(structured).toMatchObject({ delivered: true, effect: 'none' });
    expect(structured).not.toHaveProperty('changed');
    expect(text).toContain(' Nothing changed on the screen');
  });

  test.each([
    ['mouse_move', { coordinate: [451, 301] }],
    ['scroll', { coordinate: ON_NOTHING, scroll_direction: 'down', scroll_amount: 1 }],
    ['type', { text: 'a' }],
    ['key', { text: 'Return' }],
  ])('says it whichever it is: %s', async (tool, args) => {
    expect(effectOf(await stage.server.call(tool, args))).toBe('none');
    await stage.editor.blink(PART, 10);
    await untilChanged(() => stage.server.call(tool, args));
  });

  test('that is refused says nothing of an effect', async () => {
    const answer = await click(stage, [800, 250]);
    expect(codeOf(answer)).toBe('not_granted');
    expect(answer.structured).not.toHaveProperty('effect');
  });

  test('that starts an animation is not waited for without end', async () => {
    await stage.editor.blink(PART, 10);
    // a machine at work draws with pauses that look like its end
    const { structured, text } = await eventually('a change that goes on', async () => {
      const answer = await click(stage, ON_NOTHING);
      return 'stillChanging' in answer.structured && answer;
    });
    expect(structured).toMatchObject({
      effect: 'changed',
      changed: onScreen(PART, PLACE),
      stillChanging: true,
    });
    expect(text).toContain(' and is still changing.');
  });

  test('is not told what a hidden window draws, and is once that is granted', async () => {
    const { desktop, executables, stranger, server } = stage;
    await stranger.blink(PART, 10);
    expect(effectOf(await click(stage, ON_NOTHING))).toBe('none');
    const waited = await server.call('wait_for_change', { duration: 1 });
    expect(effectOf(waited)).toBe('none');
    writeGrants(desktop, [rowFor(executables.myeditor), rowFor(executables.stranger)]);
    const { structured } = await untilChanged(() => click(stage, ON_NOTHING));
    expect(structured).toMatchObject({ changed: onScreen(PART, OTHER) });
  });

  test('is not told what a shown window draws where another one hides it', async () => {
    const { editor, stranger } = stage;
    const over = onScreen(PART, PLACE);
    await stranger.move(over);
    await stranger.raise();
    await eventually('the stranger to be there', async () => (await stranger.geometry()).x === over.x);
    await editor.blink({ x: 50, y: 60, width: 40, height: 30 }, 10);
    expect(effectOf(await click(stage, ON_NOTHING))).toBe('none');
    await stranger.move(OTHER);
    await eventually('the stranger to be away', async () => (await stranger.geometry()).x === OTHER.x);
    await untilChanged(() => click(stage, ON_NOTHING));
  });

  test('in a batch says it too, and the picture comes when the screen is at rest', async () => {
    const actions = [
      { action: 'left_click', coordinate: ON_BUTTON },
      { action: 'left_click', coordinate: ON_NOTHING },
    ];
    // what is drawn later than the first step waits for is told of the second one
    const answer = await eventually('a change that is noticed in its step', async () => {
      const done = await stage.server.call('computer_batch', { actions });
      return /^1\..* The screen changed/.test(done.text) && done;
    });
    const lines = answer.text.split('\n');
    expect(lines[0]).toMatch(/^1\. Left click at \[250, 190\] in myeditor\. The screen changed/);
    expect(lines[1]).toMatch(/^2\. Left click at \[450, 300\] in myeditor\. Nothing changed/);
    expect(answer.images).toHaveLength(1);
  });
});

const Structured = z.record(z.string(), z.unknown());

interface Waiting {
  readonly answer: Promise<Readonly<Record<string, unknown>>>;
  readonly cancel: () => void;
}

/** Calls `wait_for_change`; it watches when this resolves. */
async function startWaiting({ server }: Stage, args: Readonly<Record<string, unknown>>): Promise<Waiting> {
  const cancelled = new AbortController();
  let isWatching = false;
  const onprogress = () => {
    isWatching = true;
  };
  const answer = server.client
    .callTool({ name: 'wait_for_change', arguments: { ...args } }, { onprogress, signal: cancelled.signal })
    .then(({ structuredContent }) => Structured.parse(structuredContent));
  answer.catch(() => undefined); // awaited by whoever expects it
  await eventually('the server to watch', () => isWatching);
  return { answer, cancel: () => cancelled.abort() };
}

describe('waiting for a change', () => {
  let stage: Stage;
  beforeAll(async () => {
    stage = await startStage();
  });
  afterAll(() => stage.desktop.close());

  const part = onScreen(PART, PLACE);
  const region = [part.x - 5, part.y - 5, part.x + part.width + 5, part.y + part.height + 5];
  const ELSEWHERE = { x: 200, y: 120, width: 60, height: 60 };

  test('ends with what changed, and where', async () => {
    const { answer } = await startWaiting(stage, { duration: 30 });
    await stage.editor.paint(PART);
    expect(await answer).toMatchObject({ effect: 'changed', changed: part });
  });

  test('of a region does not end with a change elsewhere', async () => {
    const { answer } = await startWaiting(stage, { duration: 30, region });
    await stage.editor.paint(ELSEWHERE);
    await stage.editor.blink(ELSEWHERE, 10);
    await stage.editor.paint(PART);
    expect(await answer).toMatchObject({ effect: 'changed', changed: part });
    await stage.editor.stopBlinking();
  });

  test('ends without a change when its time is over', async () => {
    const answer = await stage.server.call('wait_for_change', { duration: 0.2 });
    expect(answer.structured).toMatchObject({ effect: 'none' });
    expect(answer.text).toBe('Nothing changed on the screen in 0.2 s.');
  });

  test('is not ended by a blinking caret, and that caret is not the effect of a later action', async () => {
    await stage.editor.blink(CARET, 500);
    expect(effectOf(await stage.server.call('wait_for_change', { duration: 4 }))).toBe('none');
    for (let time = 0; time < 5; time++) expect(effectOf(await click(stage, ON_NOTHING))).toBe('none');
    const { answer } = await startWaiting(stage, { duration: 30 });
    await stage.stranger.move({ ...OTHER, x: OTHER.x + 10 });
    expect(await answer).toMatchObject({ effect: 'changed' });
    await stage.stranger.move(OTHER);
    await stage.editor.stopBlinking();
  });

  test('ends with a small change that happens once', async () => {
    const { answer } = await startWaiting(stage, { duration: 30 });
    await stage.editor.paint({ ...CARET, x: 150 });
    expect(await answer).toMatchObject({ effect: 'changed', changed: { width: 2, height: 18 } });
  });

  test('ends when a window opens, moves or closes', async () => {
    const popup = { x: 600, y: 500, width: 90, height: 70 };
    const hidden = { place: popup, overrideRedirect: true, mapped: false };
    const window = await stage.editor.fixture.open(hidden);
    const changedBy = async (work: () => Promise<void>) => {
      const { answer } = await startWaiting(stage, { duration: 30 });
      await work();
      return (await answer)['changed'];
    };
    expect(await changedBy(() => window.map())).toEqual(popup);
    const moved = { ...popup, x: 620 };
    expect(await changedBy(() => window.move(moved))).toEqual({ ...popup, width: 110 });
    expect(await changedBy(() => window.destroy())).toEqual(moved);
  });

  test('can be cancelled, and the server goes on', async () => {
    const { answer, cancel } = await startWaiting(stage, { duration: 300 });
    cancel();
    await expect(answer).rejects.toThrow();
    expect(codeOf(await click(stage, ON_NOTHING))).toBe('ok');
  });

  test.each([
    ['a region that is none', { duration: 1, region: [5, 5, 5, 9] }, 'outside_screen'],
    ['an old frame', { duration: 1, region: [0, 0, 5, 5], frame: 'f99' }, 'stale_frame'],
    ['too long a time', { duration: 301 }, 'invalid_arguments'],
  ])('is refused for %s', async (_what, args, code) => {
    expect(codeOf(await stage.server.call('wait_for_change', args))).toBe(code);
  });
});

describe('a window that draws a thousand times a second', () => {
  let stage: Stage;
  beforeAll(async () => {
    stage = await startStage();
    await stage.editor.blink(PART, 1);
  });
  afterAll(() => stage.desktop.close());

  test('costs a server that waits for something else neither memory nor the processor', async () => {
    const { server } = stage;
    const region = [700, 500, 800, 600];
    await server.call('wait_for_change', { duration: 1, region });
    const [memory, ticks] = [memoryOf(server.pid), ticksOf(server.pid)];
    expect(effectOf(await server.call('wait_for_change', { duration: 4, region }))).toBe('none');
    expect(ticksOf(server.pid) - ticks).toBeLessThan(200);
    expect(memoryOf(server.pid) - memory).toBeLessThan(30);
  });

  test('costs an idle server nothing', async () => {
    const { pid } = stage.server;
    await click(stage, ON_NOTHING);
    await eventually('the server to be done with the click', async () => {
      const before = ticksOf(pid);
      await delay(LOOK_MS);
      return ticksOf(pid) === before;
    });
    const ticks = ticksOf(pid);
    for (let time = 0; time < 60; time++) await stage.editor.paint(PART);
    expect(ticksOf(pid) - ticks).toBeLessThanOrEqual(5);
  });

  test('does not keep the server from acting', async () => {
    for (let time = 0; time < 3; time++) {
      await untilChanged(() => click(stage, ON_NOTHING));
    }
  });
});

test('on an X server that tells of no damage, pictures are compared', async () => {
  const stage = await startStage(['DAMAGE']);
  const { editor, stranger, executables, desktop } = stage;
  expect(effectOf(await clickInTime(stage, ON_NOTHING))).toBe('none');
  await stranger.blink(PART, 10);
  expect(effectOf(await clickInTime(stage, ON_NOTHING))).toBe('none');
  writeGrants(desktop, [rowFor(executables.myeditor), rowFor(executables.stranger)]);
  // two pictures can both show it as it was
  await untilChanged(() => click(stage, ON_NOTHING));
  await stranger.stopBlinking();
  const { answer } = await startWaiting(stage, { duration: 30 });
  await editor.paint(PART);
  expect(await answer).toMatchObject({ effect: 'changed', changed: onScreen(PART, PLACE) });
  await desktop.close();
});

/** Three clicks in a row that changed nothing: a compositor paints what it takes over when it gets to it. */
async function untilQuiet(stage: Stage): Promise<void> {
  let nothing = 0;
  await eventually('a quiet screen', async () => {
    nothing = effectOf(await clickInTime(stage, ON_NOTHING)) === 'none' ? nothing + 1 : 0;
    return nothing === 3;
  });
}

test('under a compositor what a hidden window draws is not told either', async () => {
  const stage = await startStage();
  const { desktop, stranger, executables } = stage;
  const { env, folder } = desktop;
  const args = ['--replace', '--compositor=on', '--sm-client-disable'];
  desktop.own(startProcess({ command: 'xfwm4', args, env, cwd: folder }));
  const selection = await desktop.x.atom('_NET_WM_CM_S0');
  await eventually('a compositor', async () => {
    const owner = await desktop.x.ask<number>((client, done) => client.GetSelectionOwner(selection, done));
    return owner !== 0;
  });
  await stage.editor.activate();
  await stranger.blink(PART, 10);
  await untilQuiet(stage);
  // below a window that is shown, where a compositor may paint all of both anew
  await stranger.move({ ...OTHER, x: PLACE.x + 60, y: PLACE.y + 20 });
  await stage.editor.activate();
  await untilQuiet(stage);
  await stranger.move(OTHER);
  await eventually('the stranger to be away', async () => (await stranger.geometry()).x === OTHER.x);
  writeGrants(desktop, [rowFor(executables.myeditor), rowFor(executables.stranger)]);
  expect(effectOf(await clickInTime(stage, ON_NOTHING))).toBe('changed');
  await untilChanged(() => click(stage, ON_BUTTON));
  await desktop.close();
});
