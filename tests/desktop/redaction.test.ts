import { afterAll, beforeAll, expect, test } from 'vitest';

import { startDesktop, type Desktop } from '../lab/desktop.ts';
import { startFixture, type FixtureWindow } from '../lab/fixture-window.ts';
import { pictureOf } from '../lab/screen-picture.ts';
import { connectServer, type ToolAnswer, type ToolClient } from '../lab/tool-client.ts';
import { makeExecutables } from './executables.ts';
import { rowFor, writeGrants } from './grant-rows.ts';
import { noiseIn } from './noise.ts';
import { decodePicture } from './picture.ts';
import { numbersFrom } from './random-text.ts';

const NAMES = ['myeditor', 'stranger'] as const;
const [WIDTH, HEIGHT] = [800, 600];
const ORDERS = 200;
/** A batch takes longer than a screenshot, so not in each of the orders. */
const OFTEN = 5;
/** A zoom of a part this many times smaller than the screen is this many times larger than the part. */
const ZOOMS = [1, 2, 4] as const;
const COLOURS = [0xff8800, 0x0088ff, 0x00ff88] as const;

let desktop: Desktop;
let server: ToolClient;
let executables: Readonly<Record<(typeof NAMES)[number], string>>;
/** Hidden and shown by turns: windows of the window manager, and menus, which it does not know. */
let windows: readonly FixtureWindow[];

beforeAll(async () => {
  desktop = await startDesktop({ wm: 'openbox', width: WIDTH, height: HEIGHT });
  executables = await makeExecutables(desktop, NAMES);
  writeGrants(desktop, [rowFor(executables.myeditor)]);
  const [editor, stranger] = NAMES.map((name) => startFixture(desktop, { executable: executables[name] }));
  if (editor === undefined || stranger === undefined) throw new Error('there are two');
  const opened: FixtureWindow[] = [];
  for (const [index, fill] of COLOURS.entries()) {
    const place = { x: 60 + index * 150, y: 60 + index * 100, width: 320, height: 240 };
    const overrideRedirect = index === COLOURS.length - 1;
    opened.push(
      await stranger.open({ place, overrideRedirect, fill: 'noise' }),
      await editor.open({ place: { ...place, x: place.x + 90, y: place.y + 70 }, overrideRedirect, fill }),
    );
  }
  windows = opened;
  server = await connectServer(desktop);
});
afterAll(() => desktop.close());

/** How many 8x8 blocks of an answer's picture are noise; it may be this many times as large as the screen. */
async function noiseOf(answer: ToolAnswer, scale = 1): Promise<number> {
  const picture = await decodePicture(answer);
  const middle = Math.floor(scale / 2);
  return noiseIn({
    width: Math.floor(picture.width / scale),
    height: Math.floor(picture.height / scale),
    at: (x, y) => picture.at(x * scale + middle, y * scale + middle),
  });
}

const zoomed = async (region: readonly number[], scale: number): Promise<number> =>
  noiseOf(await server.call('zoom', { region }), scale);

const shot = async (): Promise<number> => noiseOf(await server.call('screenshot'));

const batched = async (): Promise<number> =>
  noiseOf(await server.call('computer_batch', { actions: [{ action: 'wait', duration: 0 }] }));

test(`nothing of a hidden window shows in any picture, in ${ORDERS} orders of the windows`, async () => {
  const pick = numbersFrom('orders');
  const orders = new Set<string>();
  const there: number[] = [];
  for (let round = 0; orders.size < ORDERS; round++) {
    const order = windows
      .map((window) => ({ window, rank: pick(1 << 30) }))
      .toSorted((a, b) => a.rank - b.rank);
    const key = order.map(({ window }) => windows.indexOf(window)).join('');
    if (orders.has(key)) continue;
    orders.add(key);
    const moved = windows[pick(windows.length)];
    const place = {
      x: pick(WIDTH - 200),
      y: pick(HEIGHT - 150),
      width: 160 + pick(240),
      height: 120 + pick(180),
    };
    await moved?.move(place);
    for (const { window } of order) await window.raise();
    if (round % OFTEN === 0) there.push(noiseIn(await pictureOf(desktop)));

    const scale = ZOOMS[round % ZOOMS.length] ?? 1;
    const [wide, high] = [WIDTH / scale, HEIGHT / scale];
    const [left, top] = [pick(WIDTH - wide + 1), pick(HEIGHT - high + 1)];
    const seen = {
      screenshot: await shot(),
      zoom: await zoomed([left, top, left + wide, top + high], scale),
      batch: round % OFTEN === 0 ? await batched() : 0,
    };
    expect({ order: key, ...seen }).toEqual({ order: key, screenshot: 0, zoom: 0, batch: 0 });
  }
  // the noise was there to be seen
  expect(there.reduce((sum, count) => sum + count, 0) / there.length).toBeGreaterThan(500);
}, 300_000);

test('all of it shows in each of them, once it is allowed', async () => {
  writeGrants(desktop, [rowFor(executables.myeditor), rowFor(executables.stranger)]);
  const real = noiseIn(await pictureOf(desktop));
  const pictures = [await shot(), await batched(), await zoomed([0, 0, WIDTH, HEIGHT], 1)];
  for (const seen of pictures) expect(seen / real).toBeGreaterThan(0.9);
  const [wide, high] = [WIDTH / 2, HEIGHT / 2];
  const quarters = [0, wide].flatMap((x) => [0, high].map((y) => [x, y, x + wide, y + high]));
  let large = 0;
  for (const region of quarters) large += await zoomed(region, 2);
  expect(large / real).toBeGreaterThan(0.8);
});
