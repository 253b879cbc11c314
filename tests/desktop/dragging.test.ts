import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest';

import { eventually } from '../lab/eventually.ts';
import { startFixture, type Fixture, type FixtureWindow } from '../lab/fixture-window.ts';
import { codeOf } from './answers.ts';
import { rowFor, writeGrants } from './grant-rows.ts';
import {
  BESIDE,
  FROM,
  HoldingStage,
  INPUT,
  LEFT_BIT,
  OUTSIDE,
  PLACE,
  TO,
  endOf,
  inputOf,
  pressesOf,
} from './holding-stage.ts';

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

/** The longest drag there is, so that something can happen during it. */
const longDrag = () =>
  stage.server.call('left_click_drag', {
    path: Array.from({ length: 50 }, (_, index) => (index % 2 === 0 ? FROM : TO)),
  });

describe('a drag', () => {
  test('is pressed at its start, moved in many steps and let go of at its end', async () => {
    expect(codeOf(await stage.drag())).toBe('ok');
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
    expect(codeOf(await stage.drag({ text: 'ctrl+shift' }))).toBe('ok');
    const release = (await editor.journal()).find(({ event }) => event === 'ButtonRelease');
    expect((release?.state ?? 0) & 0xff).toBe(0x05);
  });

  test('follows a path', async () => {
    const path = [FROM, [420, 150], [150, 450], TO];
    expect(codeOf(await stage.server.call('left_click_drag', { path }))).toBe('ok');
    const points = (await editor.journal()).map(({ rootX, rootY }) => `${rootX},${rootY}`);
    expect(path.every((point) => points.includes(point.join(',')))).toBe(true);
  });

  test('goes from one application of tier full to another', async () => {
    const other = await startFixture(stage.desktop, { executable: stage.apps.other }).open({ place: BESIDE });
    await other.activate();
    await editor.activate();
    expect(codeOf(await stage.drag({ coordinate: OUTSIDE }))).toBe('ok');
    await other.close();
  });

  test.each([
    ['a terminal', 'xterm', 'tier_too_low'],
    ['an application that nobody allowed', 'stranger', 'not_granted'],
  ] as const)('that would end on %s is refused before anything is pressed', async (_what, name, code) => {
    const target = await startFixture(stage.desktop, { executable: stage.apps[name] }).open({
      place: BESIDE,
    });
    await target.activate();
    await editor.activate();
    await stage.sentinel.forget();
    expect(codeOf(await stage.drag({ coordinate: OUTSIDE }))).toBe(code);
    expect(codeOf(await stage.drag({ start_coordinate: OUTSIDE, coordinate: FROM }))).toBe(code);
    expect(await stage.sentinel.events()).toEqual([]);
    await target.close();
  });

  test('that would end on a title bar is refused, as a click there is', async () => {
    const bar = [300, 88];
    const clicked = codeOf(await stage.server.call('left_click', { coordinate: bar }));
    expect([codeOf(await stage.drag({ coordinate: bar })), clicked]).toEqual([clicked, 'not_granted']);
    expect(await pressesOf(editor.fixture)).toEqual([]);
  });

  test.each([
    {},
    { start_coordinate: FROM },
    { path: [FROM] },
    { path: [FROM, TO], coordinate: TO },
    { path: [FROM, [1]] },
  ])('without a start and an end is refused: %j', async (input) => {
    expect(codeOf(await stage.server.call('left_click_drag', input))).toBe('invalid_arguments');
  });
});

describe('the way of a drag', () => {
  test('goes past the bare screen and frames, without the pointer being put there', async () => {
    const other = await startFixture(stage.desktop, { executable: stage.apps.other }).open({ place: BESIDE });
    await other.activate();
    await editor.activate();
    await stage.sentinel.forget();
    expect(codeOf(await stage.drag({ coordinate: OUTSIDE }))).toBe('ok');
    const gap = (await stage.sentinel.events()).filter(({ rootX }) => rootX > 510 && rootX < 610);
    expect(gap).toEqual([]);
    await other.close();
  });

  test('does not lead across a window that nobody allowed', async () => {
    const other = await startFixture(stage.desktop, { executable: stage.apps.other }).open({ place: BESIDE });
    await other.activate();
    await stranger.open({ place: { x: 510, y: 200, width: 100, height: 300 }, overrideRedirect: true });
    await editor.activate();
    const answer = await stage.drag({ coordinate: OUTSIDE });
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
    await stage.untilPressed();
    await eventually('some motion', async () => (await inputOf(editor.fixture)).length > 10);
    await happens();
    const answer = await dragging;
    expect(await stage.pressedNow()).toBe(0);
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
    ['lowering its tier', 'tier_too_low', () => [rowFor(stage.apps.myeditor, { tier: 'click' })]],
  ] as const)('%s stops it', async (_what, because, rows) => {
    const change = async () => {
      writeGrants(stage.desktop, rows());
      await stage.untilUp();
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
    const path = [...Array.from({ length: 49 }, (_, index) => (index % 2 === 0 ? FROM : above)), TO];
    const dragging = stage.server.call('left_click_drag', { path });
    await stage.untilPressed();
    await thief.map();
    expect(endOf(await dragging)).toEqual({ code: 'drag_stopped', because: 'not_granted' });
    expect(await inputOf(stranger)).toEqual([]);
  });

  test('cancelling the call lets go of the button', async () => {
    const cancelled = new AbortController();
    const call = stage.server.client.callTool(
      {
        name: 'left_click_drag',
        arguments: { path: Array.from({ length: 40 }, (_, i) => (i % 2 ? TO : FROM)) },
      },
      { signal: cancelled.signal },
    );
    call.catch(() => undefined);
    await stage.untilPressed();
    cancelled.abort();
    await stage.untilUp();
    // the next call acts as if nothing had been
    expect(codeOf(await stage.drag())).toBe('ok');
  });
});
