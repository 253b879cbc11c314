import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { openStage, type Stage } from './stage.ts';

const INNER = `<!doctype html><title>Inner</title><body style="margin:0"><div style="height:600px">Top</div>
  <button onclick="document.title = 'clicked'; parent.postMessage('clicked', '*')">Inside</button>
  <input title="Name" oninput="parent.postMessage('input ' + this.value, '*')" onkeydown="parent.postMessage('key ' + event.key, '*')"><div style="height:900px"></div>`;
const MIDDLE = `<!doctype html><title>Middle</title><script>addEventListener('message', (e) => parent.postMessage(e.data, '*'))</script>
  <div style="height:300px"></div><script>document.write('<iframe src="http://127.0.0.1:' + location.port + '/inner" width="300" height="200"></iframe>')</script>`;

let stage: Stage;
beforeAll(async () => {
  stage = await openStage({ '/inner': INNER, '/middle': MIDDLE });
});
afterAll(() => stage.close());

/** Shows a page with a frame in it, and waits until what is in the frame is there. */
async function showFrame(frame: (origin: string) => string, url = '/inner') {
  await stage.show(
    `<script>addEventListener('message', (e) => say(e.data))</script>${frame(stage.site.origin)}`,
  );
  const isThere = () => stage.ref('button', url).catch(() => null);
  await expect.poll(isThere, { timeout: 15_000 }).not.toBe(null);
  return stage.ref('button', url);
}

const clicked = async (ref: string) => {
  const { code, text } = await stage.call('click', { ref });
  return { code, text, log: await stage.read('log') };
};

/** Clicks what tells the page around of it, by messages that come when they come. */
async function expectClicked(ref: string) {
  expect(await stage.call('click', { ref })).toMatchObject({ code: null });
  await expect.poll(() => stage.read('log')).toEqual(['clicked']);
}

const other = (): string => stage.site.otherOrigin;

describe.each([
  ['of the same process', () => stage.site.origin],
  ['of another process', other],
])('a frame %s', (_, origin) => {
  test('what is in it is scrolled to and clicked', async () => {
    const ref = await showFrame(
      () =>
        `<div style="height:1500px"></div><iframe src="${origin()}/inner" width="300" height="200"></iframe><div style="height:1500px"></div>`,
    );
    await expectClicked(ref);
  });

  test.each([
    ['scaled', 'transform:scale(.5)'],
    ['turned', 'transform:rotate(20deg);margin:100px'],
    ['zoomed', 'zoom:1.5'],
    ['with a border and padding', 'border:20px solid;padding:15px'],
    ['placed by single properties', 'rotate:10deg;scale:1.2;margin:100px'],
  ])('one that is %s is met where it shows', async (_how, style) => {
    const ref = await showFrame(
      () => `<iframe src="${origin()}/inner" width="300" height="200" style="${style}"></iframe>`,
    );
    await expectClicked(ref);
  });

  test('what lies over it is named, with a reference of the page around', async () => {
    const ref = await showFrame(
      () => `<iframe src="${origin()}/inner"></iframe><div id="ov" style="position:fixed;inset:0">Over</div>`,
    );
    const { code, text, log } = await clicked(ref);
    expect({ code, log }).toEqual({ code: 'covered_by', log: [] });
    expect(text).toMatch(/"<div#ov>" "Over" \(e\d+\)/);
  });

  test('a field in it is filled in, and keys go to it', async () => {
    await showFrame(() => `<iframe src="${origin()}/inner"></iframe>`);
    const ref = await stage.ref('input', '/inner');
    expect(await stage.call('fill', { ref, value: 'Ada' })).toMatchObject({ code: null });
    expect(await stage.call('press_key', { key: 'x' })).toMatchObject({ code: null });
    await expect.poll(() => stage.read('log')).toEqual(['input Ada', 'key x', 'input Adax']);
  });
});

test('a frame in a frame, of other processes each, is reached', async () => {
  const ref = await showFrame(
    () =>
      `<div style="height:900px"></div><iframe src="${other()}/middle" width="400" height="250"></iframe>`,
  );
  await expectClicked(ref);
});

test('a hidden frame is refused', async () => {
  const ref = await showFrame(() => `<iframe src="${other()}/inner" id="f"></iframe>`);
  await stage.read('document.getElementById("f").style.visibility = "hidden"');
  const { code, log } = await clicked(ref);
  expect({ code, log }).toEqual({ code: 'out_of_view', log: [] });
});

test('a frame that went away takes its references along', async () => {
  const ref = await showFrame(() => `<iframe src="${other()}/inner" id="f"></iframe>`);
  await stage.read('document.getElementById("f").remove()');
  expect(await clicked(ref)).toMatchObject({ code: 'stale_ref' });
});
