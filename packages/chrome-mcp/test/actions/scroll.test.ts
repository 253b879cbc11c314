import { afterAll, beforeAll, describe, expect, onTestFinished, test, vi } from 'vitest';
import type { Answer } from '../lab/browser.ts';
import { browsersOf } from '../lab/server-process.ts';
import { openStage, type Stage } from './stage.ts';

let stage: Stage;
beforeAll(async () => {
  stage = await openStage({
    '/next': '<!doctype html><title>Next</title>',
    '/list': `<!doctype html><title>List</title>${VIRTUAL}`,
  });
});
afterAll(() => stage.close());

const TALL = '<div style="height:5000px">Top</div><p>Bottom</p>';
/** Only the rows that show are in the page. */
const VIRTUAL = `<div id="list" style="height:200px;overflow:auto"><div id="rows" style="height:7000px;position:relative;overflow:hidden"></div></div><script>
  const draw = () => { const first = Math.floor(list.scrollTop / 20);
    rows.innerHTML = Array.from({length: 12}, (_, n) => '<div style="position:absolute;top:' + (first + n) * 20 + 'px">Row ' + (first + n) + '.</div>').join('') };
  list.onscroll = () => requestAnimationFrame(draw); draw()</script>`;

/** It is a step of several, with no tool of its own. */
const scroll = (input: object): Promise<Answer> =>
  stage.call('act', { steps: [{ action: 'scroll', ...input }] });

/** A slow machine needs more than one call, which go on from where the last ended. */
async function seek(ref: string, until: string): Promise<Answer> {
  for (let calls = 1; ; calls++) {
    const answer = await scroll({ ref, until });
    if (answer.code === null || answer.text.includes('up to the end') || calls === 20) return answer;
    expect(answer.text).toMatch(/ for \d+ s, and .* go on: it scrolls from where it is\./);
  }
}

/** The browser paints nothing until it may go on, which it may at the end of the test. */
async function pausePainting(): Promise<{ readonly goOn: () => void; readonly pause: () => void }> {
  const painting = (await browsersOf(stage.home)).find(({ kind }) => kind === 'gpu');
  const pid = painting?.pid ?? expect.fail('nothing paints');
  let isOver = false;
  const goOn = (): void => void process.kill(pid, 'SIGCONT');
  const pause = (): void => {
    if (!isOver) process.kill(pid, 'SIGSTOP');
  };
  onTestFinished(() => {
    isOver = true;
    goOn();
  });
  pause();
  return { goOn, pause };
}

describe('scroll', () => {
  test('by an amount, which is told with where it ends', async () => {
    await stage.show(TALL);
    const { code, text } = await scroll({ by: [0, 700] });
    expect(code).toBe(null);
    expect(text).toMatch(/^Scrolled the page by 700 px, to 700 of \d+\.$/);
    expect(await stage.read('scrollY')).toBe(700);
  });

  test('at the end nothing scrolls, and that is told', async () => {
    await stage.show('<p>Short</p>');
    expect((await scroll({ by: [0, 700] })).text).toContain('Nothing scrolled');
  });

  test('within the box that holds an element', async () => {
    await stage.show(VIRTUAL + TALL);
    await scroll({ ref: await stage.ref('#rows'), by: [0, 300] });
    expect(await stage.read('[list.scrollTop, scrollY]')).toEqual([300, 0]);
  });

  test('to an element', async () => {
    await stage.show(TALL);
    expect(await scroll({ ref: await stage.ref('p') })).toMatchObject({ code: null });
    expect(Number(await stage.read('scrollY'))).toBeGreaterThan(3000);
  });

  test('until a text shows in a list that draws only what is seen', async () => {
    await stage.show(VIRTUAL);
    const ref = await stage.ref('#list');
    const { code, text } = await seek(ref, 'Row 300.');
    expect(code).toBe(null);
    expect(text).toMatch(/"Row 300\." shows at .*\(e\d+\)/);
    const missing = await seek(ref, 'Row 5000.');
    expect(missing.code).toBe('step_failed');
    expect(missing.text).toContain('(text_not_found): Scrolled');
    expect(missing.text).toContain('up to the end, and "Row 5000." did not show up');
  });

  test('until a text shows, also in a frame of another site that is out of sight', async () => {
    await stage.show(`${TALL}<iframe src="${stage.site.otherOrigin}/list"></iframe>`);
    const ref = await vi.waitFor(() => stage.ref('#list', '/list'), { timeout: 60_000 });
    expect((await seek(ref, 'Row 40.')).text).toContain('"Row 40." shows at');
  });

  test('until a text shows, also where the rows are drawn late', async () => {
    await stage.show(VIRTUAL);
    const ref = await stage.ref('#list');
    const painter = await pausePainting();
    const late = setInterval(() => {
      painter.goOn();
      setTimeout(painter.pause, 20);
    }, 1_100);
    onTestFinished(() => clearInterval(late));
    expect((await seek(ref, 'Row 40.')).text).toContain('"Row 40." shows at');
  });
});

/** A map of its own making: it takes the wheel, and a page around it that scrolls. */
const MAP = `<canvas id="map" width="300" height="200"></canvas><script>
  map.addEventListener('wheel', (e) => { e.preventDefault(); say('zoom', e.deltaY, e.isTrusted) }, { passive: false })</script>`;
/** It draws what shows from an offset of its own, and nothing that the browser could scroll. */
const SCROLLED_BY_PAGE = `<div id="list" style="height:200px;overflow:hidden">Row 0</div><script>
  let at = 0; addEventListener('wheel', (e) => { e.preventDefault(); at += e.deltaY; list.textContent = 'Row ' + at / 20 }, { passive: false })</script>`;

describe('the mouse wheel', () => {
  test('is turned over what listens to it, and what it did is told; beside it the page scrolls', async () => {
    await stage.show(`<p id="words">Words</p>${MAP}${TALL}`);
    const zoomed = await scroll({ ref: await stage.ref('#map'), by: [0, 240] });
    expect(zoomed.text.replaceAll(/e\d+/g, 'eN')).toBe(
      'Turned the mouse wheel by 240 px over canvas (eN). The page took it for itself, and nothing scrolled by the browser.',
    );
    expect(await stage.read('[log, scrollY]')).toEqual([['zoom 240 true'], 0]);
    const scrolled = await scroll({ ref: await stage.ref('#words'), by: [0, 240] });
    expect(scrolled.text).toMatch(/^Scrolled the page by 240 px/);
    expect(await stage.read('[log.length, scrollY]')).toEqual([1, 240]);
  });

  test('serves where nothing else scrolls', async () => {
    await stage.show(SCROLLED_BY_PAGE);
    expect((await scroll({ by: [0, 400] })).text).toMatch(/^Turned the mouse wheel by 400 px/);
    expect(await stage.read('list.textContent')).toBe('Row 20');
  });

  test('is heard when the browser hands it on late', async () => {
    await stage.show(SCROLLED_BY_PAGE);
    const { goOn } = await pausePainting();
    setTimeout(goOn, 1_000);
    expect((await scroll({ by: [0, 400] })).text).toMatch(/^Turned the mouse wheel by 400 px/);
  });

  test('what only watches it leaves the scrolling to the browser', async () => {
    const watching = `<script>list.addEventListener('wheel', () => say('seen'), { passive: true })</script>`;
    await stage.show(VIRTUAL + watching + TALL);
    const { text } = await scroll({ ref: await stage.ref('#rows'), by: [0, 300] });
    expect(text).toMatch(/^Scrolled .+ by 300 px, to 300 of/);
    expect(await stage.read('[list.scrollTop, scrollY]')).toEqual([300, 0]);
  });

  test('under something that lies over the map it is not sent', async () => {
    await stage.show(`${MAP}<div style="position:fixed;inset:0">Over</div>${TALL}`);
    const { text } = await scroll({ ref: await stage.ref('#map'), by: [0, 240] });
    expect(text).toMatch(/^Scrolled the page by 240 px/);
    expect(await stage.read('log')).toEqual([]);
  });
});

describe('wait_for', () => {
  test('a text that comes, and one that does not', async () => {
    await stage.show(
      `<p>Loading</p><script>setTimeout(() => { document.querySelector('p').textContent = 'All done' }, 700)</script>`,
    );
    const { code, text } = await stage.call('wait_for', { text: 'all  Done' });
    expect({ code, isTold: text.includes('shows at paragraph') }).toEqual({ code: null, isTold: true });
    expect(await stage.call('wait_for', { text: 'More', seconds: 0.4 })).toMatchObject({
      code: 'not_in_time',
    });
  });

  test('a text that is there and hidden does not count', async () => {
    await stage.show('<p style="display:none">Secret</p>');
    expect(await stage.call('wait_for', { text: 'Secret', seconds: 0.3 })).toMatchObject({
      code: 'not_in_time',
    });
  });

  test('a text that goes, and one that stays', async () => {
    await stage.show(
      `<p>Loading</p><script>setTimeout(() => document.querySelector('p').remove(), 400)</script>`,
    );
    expect(await stage.call('wait_for', { gone: 'Loading' })).toMatchObject({ code: null });
    await stage.show('<p>Loading</p>');
    expect(await stage.call('wait_for', { gone: 'Loading', seconds: 0.3 })).toMatchObject({
      code: 'not_in_time',
    });
  });

  test('an address, over a navigation', async () => {
    await stage.show(`<script>setTimeout(() => { location.href = '/next' }, 300)</script>`);
    expect(await stage.call('wait_for', { url: '/next' })).toMatchObject({ code: null });
    expect(await stage.call('wait_for', { url: '/other', seconds: 0.3 })).toMatchObject({
      code: 'not_in_time',
    });
  });

  test('a text of the page that comes next', async () => {
    await stage.show(
      `<script>setTimeout(() => { location.href = 'data:text/html,Next' }, 100); setTimeout(() => { location.href = '/next' }, 300)</script><p>Here</p>`,
    );
    expect(await stage.call('wait_for', { gone: 'Here' })).toMatchObject({ code: null });
  });

  test('a dialog ends it', async () => {
    await stage.show(`<script>setTimeout(() => alert('Stop'), 300)</script>`);
    expect(await stage.call('wait_for', { text: 'Never' })).toMatchObject({ code: 'dialog_open' });
    await stage.call('handle_dialog', { accept: true });
  });
});
