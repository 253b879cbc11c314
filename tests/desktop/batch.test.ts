import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';

import { startDesktop, type Desktop } from '../lab/desktop.ts';
import { eventually } from '../lab/eventually.ts';
import { openFixtureWindow, type FixtureWindow } from '../lab/fixture-window.ts';
import { connectServer, type ToolAnswer, type ToolClient } from '../lab/tool-client.ts';
import { codeOf, failureOf } from './answers.ts';
import { makeExecutables } from './executables.ts';
import { rowFor, writeGrants } from './grant-rows.ts';
import { decodePicture } from './picture.ts';

const PLACE = { x: 200, y: 150, width: 300, height: 200 };
const OTHER = { x: 700, y: 150, width: 300, height: 200 };
const ORANGE = 0xff8800;

let desktop: Desktop;
let editor: FixtureWindow;
let stranger: FixtureWindow;
let server: ToolClient;
let myeditor: string;

beforeAll(async () => {
  desktop = await startDesktop({ wm: 'openbox' });
  const names = await makeExecutables(desktop, ['myeditor', 'stranger']);
  ({ myeditor } = names);
  writeGrants(desktop, [rowFor(myeditor)]);
  editor = await openFixtureWindow(desktop, { place: PLACE, fill: ORANGE }, { executable: myeditor });
  stranger = await openFixtureWindow(desktop, { place: OTHER }, { executable: names.stranger });
  server = await connectServer(desktop);
});
afterAll(() => desktop.close());
beforeEach(async () => {
  writeGrants(desktop, [rowFor(myeditor)]);
  await editor.activate();
});

const click = (x: number, y: number) => ({ action: 'left_click', coordinate: [x, y] });
const batch = (...actions: readonly object[]): Promise<ToolAnswer> =>
  server.call('computer_batch', { actions });

/** The input that a window got during `work`. */
async function inputOf(window: FixtureWindow, work: () => Promise<unknown>): Promise<readonly string[]> {
  const before = (await window.journal()).length;
  await work();
  const events = (await window.journal()).slice(before).map(({ event }) => event);
  return events.filter((event) => event === 'ButtonPress' || event === 'KeyPress');
}

describe('a batch', () => {
  test('does everything in order, says what, and ends with one picture', async () => {
    let answer: ToolAnswer | undefined;
    const input = await inputOf(editor, async () => {
      answer = await batch(click(300, 250), { action: 'type', text: 'ab' }, { action: 'wait', duration: 0 });
    });
    expect(input).toEqual(['ButtonPress', 'KeyPress', 'KeyPress']);
    expect(answer?.structured).toMatchObject({ completed: 3, failed: null, not_run: 0 });
    expect(answer?.images).toHaveLength(1);
    if (answer === undefined) throw new Error('no answer');
    expect((await decodePicture(answer)).at(350, 250)).toBe(ORANGE);
    expect(answer.text.split('\n').slice(0, 3)).toEqual([
      expect.stringMatching(/^1\. Left click at \[300, 250\]/),
      expect.stringMatching(/^2\. Typed 2 characters/),
      '3. Waited 0 s.',
    ]);
  });

  test('stops at the first action that is refused, and says what was not run', async () => {
    let answer: ToolAnswer | undefined;
    const typed = await inputOf(editor, async () => {
      const leaked = await inputOf(stranger, async () => {
        answer = await batch(click(300, 250), click(800, 250), { action: 'type', text: 'never' });
      });
      expect(leaked).toEqual([]);
    });
    expect(typed).toEqual(['ButtonPress']);
    expect(answer?.isError).toBe(false);
    expect(answer?.structured).toMatchObject({
      completed: 1,
      failed: { index: 1, action: 'left_click', code: 'not_granted' },
      not_run: 1,
    });
    expect(answer?.text).toContain('1 done, 1 not run.');
    expect(answer?.images).toHaveLength(1);
  });

  test('that is refused at once is refused as the action alone would be', async () => {
    expect(failureOf(await batch(click(800, 250), click(300, 250)))).toMatchObject({ code: 'not_granted' });
  });

  test('is judged anew at each action: a grant that is taken back stops the rest', async () => {
    const before = (await editor.journal()).length;
    const news = async () => (await editor.journal()).slice(before).map(({ event }) => event);
    const running = batch(click(300, 250), { action: 'wait', duration: 4 }, { action: 'type', text: 'late' });
    await eventually('the click', async () => (await news()).includes('ButtonPress'));
    writeGrants(desktop, []);
    const { structured } = await running;
    expect((await news()).filter((event) => event === 'KeyPress')).toEqual([]);
    expect(structured).toMatchObject({ completed: 2, failed: { code: 'not_granted' } });
  });

  test.each([
    ['nothing', []],
    ['more than 30 actions', Array.from({ length: 31 }, () => ({ action: 'wait', duration: 0 }))],
    ['a batch in a batch', [{ action: 'computer_batch', actions: [] }]],
    ['a question to the person', [{ action: 'request_access', apps: ['x'], reason: 'x' }]],
    ['no tool', [{ action: 'nothing' }]],
  ])('of %s is refused', async (_what, actions) => {
    expect(codeOf(await server.call('computer_batch', { actions }))).toBe('invalid_arguments');
  });

  test('with arguments that do not fit stops there, and nothing is coerced', async () => {
    const answer = await batch(click(300, 250), { action: 'left_click', coordinate: 'x', more: 1 });
    expect(answer.structured).toMatchObject({ completed: 1, failed: { code: 'invalid_arguments' } });
  });
});

test('a server that offers only some tools does no others in a batch', async () => {
  await server.close(); // one server at a time acts on a desktop
  const some = await connectServer(desktop, { args: ['--tools', 'computer_batch,wait,left_click'] });
  const call = (action: object) => some.call('computer_batch', { actions: [action] });
  expect(codeOf(await call({ action: 'type', text: 'x' }))).toBe('unknown_tool');
  const clicked = await call(click(300, 250));
  expect(codeOf(clicked)).toBe('ok');
  // nor a picture
  expect(clicked.images).toEqual([]);
  await some.close();
});

test('a batch that was done is not called undone because the screen went away before its picture', async () => {
  const doomed = await startDesktop({ wm: 'openbox' });
  const { myeditor: executable } = await makeExecutables(doomed, ['myeditor']);
  writeGrants(doomed, [rowFor(executable)]);
  const window = await openFixtureWindow(doomed, { place: PLACE }, { executable });
  await window.activate();
  const client = await connectServer(doomed);
  const running = client.call('computer_batch', {
    actions: [click(300, 250), { action: 'wait', duration: 4 }],
  });
  await eventually('the click', async () =>
    (await window.journal()).some(({ event }) => event === 'ButtonPress'),
  );
  if (doomed.xPid === null) throw new Error('the X server is not ours');
  process.kill(doomed.xPid, 'SIGKILL');
  const answer = await running;
  expect(answer.isError).toBe(false);
  expect(answer.structured).toMatchObject({ completed: 2, failed: null, not_run: 0 });
  expect(answer.images).toEqual([]);
  await doomed.close();
});
