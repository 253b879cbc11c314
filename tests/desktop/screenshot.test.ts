import { afterAll, beforeAll, describe, expect, test } from 'vitest';

import { startDesktop, type Desktop } from '../lab/desktop.ts';
import { eventually } from '../lab/eventually.ts';
import { startFixture, type Fixture, type FixtureWindow } from '../lab/fixture-window.ts';
import { run } from '../lab/owned-process.ts';
import { pictureOf } from '../lab/screen-picture.ts';
import { connectServer, type ToolClient } from '../lab/tool-client.ts';
import type { Rect } from '../lab/windows.ts';
import { codeOf, failureOf } from './answers.ts';
import { makeExecutables } from './executables.ts';
import { rowFor, writeGrants } from './grant-rows.ts';
import { countNoise } from './noise.ts';
import { decodePicture, type Picture } from './picture.ts';
import { numbersFrom } from './random-text.ts';

const NAMES = ['myeditor', 'stranger'] as const;
const ORANGE = 0xff8800;
const TITLE_BAR = 16;

interface Stage {
  readonly desktop: Desktop;
  readonly server: ToolClient;
  readonly executables: Readonly<Record<(typeof NAMES)[number], string>>;
  readonly editor: Fixture;
  readonly stranger: Fixture;
}

async function startStage(width: number, height: number): Promise<Stage> {
  const desktop = await startDesktop({ wm: 'openbox', width, height });
  const executables = await makeExecutables(desktop, NAMES);
  writeGrants(desktop, [rowFor(executables.myeditor)]);
  return {
    desktop,
    executables,
    editor: startFixture(desktop, { executable: executables.myeditor }),
    stranger: startFixture(desktop, { executable: executables.stranger }),
    server: await connectServer(desktop),
  };
}

const shoot = async ({ server }: Stage): Promise<Picture> => decodePicture(await server.call('screenshot'));

async function countShown(stage: Stage, place: Rect): Promise<{ noisy: number; shown: number }> {
  return countNoise(await pictureOf(stage.desktop), await shoot(stage), place);
}

/** Nine points of a window: its corners, the middles of its sides and its middle. */
const ninePoints = ({ x, y, width, height }: Rect): readonly (readonly [number, number])[] =>
  [x, x + Math.floor(width / 2), x + width - 1].flatMap((left) =>
    [y, y + Math.floor(height / 2), y + height - 1].map((top) => [left, top] as const),
  );

/** Scaling may colour pixels a little near an edge. */
const isNear = (a: number, b: number): boolean =>
  [16, 8, 0].every((shift) => Math.abs(((a >> shift) & 0xff) - ((b >> shift) & 0xff)) < 24);

describe.each([
  [1280, 800],
  [1920, 1080],
])('on a screen of %i x %i', (width, height) => {
  let stage: Stage;
  beforeAll(async () => {
    stage = await startStage(width, height);
  });
  afterAll(() => stage.desktop.close());

  test('a coloured window is where it is', async () => {
    const place = { x: 301, y: 203, width: 257, height: 131 };
    const window = await stage.editor.open({ place, fill: ORANGE });
    await window.activate();
    const picture = await shoot(stage);
    const [scaleX, scaleY] = [picture.width / width, picture.height / height];
    const inside = ninePoints({ x: place.x + 6, y: place.y + 6, width: 245, height: 119 });
    const outside: readonly (readonly [number, number])[] = [
      [place.x - 4, place.y + 60],
      [place.x + place.width + 3, place.y + 60],
      [place.x + 100, place.y + place.height + 12],
    ];
    const isOrange = ([x, y]: readonly [number, number]) =>
      isNear(picture.at(Math.floor(x * scaleX), Math.floor(y * scaleY)), ORANGE);
    expect(inside.filter(isOrange)).toEqual(inside);
    expect(outside.filter(isOrange)).toEqual([]);
    expect(picture.width <= width && picture.height <= height).toBe(true);
    await window.destroy();
  });

  test('a click lands on the pixel that was pointed at', async () => {
    const place = { x: 100, y: 100, width: width - 200, height: height - 200 };
    const window = await stage.editor.open({ place, fill: ORANGE });
    await window.activate();
    const picture = await shoot(stage);
    for (const [x, y] of ninePoints({ ...place, width: place.width - 2, height: place.height - 2 })) {
      const [imageX, imageY] = [
        Math.round((x * picture.width) / width),
        Math.round((y * picture.height) / height),
      ];
      const before = (await window.journal()).length;
      expect(codeOf(await stage.server.call('left_click', { coordinate: [imageX, imageY] }))).toBe('ok');
      const press = (await window.journal()).slice(before).find(({ event }) => event === 'ButtonPress');
      // the middle of the picture's pixel, in pixels of the screen
      const [middleX, middleY] = [
        ((imageX + 0.5) * width) / picture.width,
        ((imageY + 0.5) * height) / picture.height,
      ];
      const error = [(press?.rootX ?? NaN) + 0.5 - middleX, (press?.rootY ?? NaN) + 0.5 - middleY];
      expect(Math.max(...error.map(Math.abs))).toBeLessThanOrEqual(1);
    }
    await window.destroy();
  });
});

const pixelsOf = ({ x, y, width, height }: Rect): readonly (readonly [number, number])[] =>
  Array.from({ length: width * height }, (_, at) => [x + (at % width), y + Math.floor(at / width)] as const);

/** A window with what the window manager draws around it, and a little more. */
const framed = ({ x, y, width, height }: Rect): Rect => ({
  x: x - 6,
  y: y - 28,
  width: width + 12,
  height: height + 40,
});

const isInside = (rect: Rect | null, [x, y]: readonly [number, number]): boolean =>
  rect !== null && x >= rect.x && y >= rect.y && x < rect.x + rect.width && y < rect.y + rect.height;

describe('what was not allowed is black', () => {
  let stage: Stage;
  let hidden: FixtureWindow;
  let cover: FixtureWindow;
  beforeAll(async () => {
    stage = await startStage(1280, 800);
    const place = { x: 400, y: 240, width: 320, height: 240 };
    hidden = await stage.stranger.open({ place, fill: 'noise', title: 'secret' });
    cover = await stage.editor.open({ place: { ...place, x: 40 }, fill: ORANGE });
  });
  afterAll(() => stage.desktop.close());

  test('in whatever order and however far the windows cover each other', async () => {
    const pick = numbersFrom('covers');
    let blocks = 0;
    for (let round = 0; round < 24; round++) {
      const place = {
        x: 100 + pick(600),
        y: 60 + pick(400),
        width: 160 + pick(300),
        height: 120 + pick(200),
      };
      await cover.move(place);
      const isCoverOnTop = round % 3 !== 0;
      await (isCoverOnTop ? hidden : cover).activate();
      await (isCoverOnTop ? cover : hidden).activate();
      const [screen, picture] = [await pictureOf(stage.desktop), await shoot(stage)];
      const { noisy, shown } = countNoise(screen, picture, framed(await hidden.geometry()));
      const frame = isCoverOnTop ? framed(await cover.geometry()) : null;
      const leaked = pixelsOf(await hidden.geometry()).filter(
        (point) => !isInside(frame, point) && picture.at(...point) !== 0,
      );
      expect({ round, shown, leaked }).toEqual({ round, shown: 0, leaked: [] });
      const middle = [place.x + Math.floor(place.width / 2), place.y + Math.floor(place.height / 2)] as const;
      if (isCoverOnTop) expect(picture.at(...middle)).toBe(ORANGE);
      blocks += noisy;
    }
    // the noise was there to be seen
    expect(blocks).toBeGreaterThan(24 * 50);
  });

  test('its title bar too, and both are shown once it is allowed', async () => {
    await cover.move({ x: 20, y: 600, width: 100, height: 100 });
    await hidden.activate();
    const place = await hidden.geometry();
    const bar = { x: place.x, y: place.y - TITLE_BAR, width: place.width, height: TITLE_BAR - 2 };
    const coloursIn = (picture: Picture, rect: Rect) =>
      new Set(pixelsOf(rect).map((point) => picture.at(...point)));
    const real = await pictureOf(stage.desktop);
    expect(real.at(bar.x + 100, bar.y + 4)).not.toBe(0);
    expect([...coloursIn(await shoot(stage), bar)]).toEqual([0]);

    const { myeditor, stranger } = stage.executables;
    writeGrants(stage.desktop, [rowFor(myeditor), rowFor(stranger)]);
    const { noisy, shown } = await countShown(stage, place);
    expect(noisy).toBeGreaterThan(1000);
    expect(shown / noisy).toBeGreaterThan(0.9);
    expect(coloursIn(await shoot(stage), bar).size).toBeGreaterThan(1);
    writeGrants(stage.desktop, [rowFor(myeditor)]);
    expect(await countShown(stage, place)).toMatchObject({ shown: 0 });
  });

  test('menus and tooltips go by their owner', async () => {
    await hidden.activate();
    const place = { x: 60, y: 60, width: 160, height: 120 };
    const menu = await stage.stranger.open({ place, overrideRedirect: true, fill: 'noise' });
    const own = await stage.editor.open({
      place: { ...place, x: 260 },
      overrideRedirect: true,
      fill: 'noise',
    });
    const ownPlace = await own.geometry();
    expect(await countShown(stage, place)).toEqual({ noisy: 300, shown: 0 });
    const seen = await countShown(stage, ownPlace);
    expect(seen.shown / seen.noisy).toBeGreaterThan(0.9);

    // the hidden menu over the shown one, and under it
    await menu.move({ ...place, x: 180 });
    await menu.raise();
    expect(await countShown(stage, { ...place, x: 180 })).toEqual({ noisy: 300, shown: 0 });
    await own.raise();
    expect((await countShown(stage, { ...place, x: 180, width: 80 })).shown).toBe(0);
    await own.destroy();
    await menu.destroy();
  });
});

describe('a zoom', () => {
  let stage: Stage;
  let shown: FixtureWindow;
  beforeAll(async () => {
    // so large that a screenshot of it is scaled down
    stage = await startStage(2560, 1440);
    shown = await stage.editor.open({ place: { x: 300, y: 200, width: 320, height: 180 }, fill: 'noise' });
    const last = await stage.stranger.open({
      place: { x: 1500, y: 800, width: 320, height: 180 },
      fill: 'noise',
    });
    await last.waitUntilActive();
    await shown.activate();
  });
  afterAll(() => stage.desktop.close());

  /** A rectangle of the screen as a region of the screenshot. */
  const regionOf = ({ x, y, width, height }: Rect, picture: Picture): readonly number[] => {
    const scale = picture.width / 2560;
    return [x, y, x + width, y + height].map((value) => Math.round(value * scale));
  };

  /** Where the middle of a pixel is in a picture that begins at `offset` and is `scale` times as large. */
  const middleOf = (
    [x = 0, y = 0]: readonly number[],
    [left, top]: readonly [number, number],
    scale: number,
  ): [number, number] => [Math.floor((left + x + 0.5) * scale), Math.floor((top + y + 0.5) * scale)];

  test('shows detail that a screenshot of a large screen loses', async () => {
    const place = await shown.geometry();
    const picture = await shoot(stage);
    expect(picture.width).toBeLessThan(2560);
    const region = regionOf(place, picture);
    const answer = await stage.server.call('zoom', { region });
    const detail = await decodePicture(answer);
    const real = await pictureOf(stage.desktop);
    const [x0 = 0, y0 = 0, x1 = 0, y1 = 0] = region.map((value) => (value * 2560) / picture.width);
    expect(detail.width / (x1 - x0)).toBeGreaterThan(2);
    const offset = [Math.floor(x0), Math.floor(y0)] as const;
    const scale = detail.width / (Math.ceil(x1) - offset[0]);
    // noise has no two neighbours alike, so a picture that lost pixels has other colours
    const points = Array.from({ length: 100 }, (_, at) => [
      20 + (at % 10) * 25,
      20 + Math.floor(at / 10) * 12,
    ]);
    const isRight = (colour: number, [x = 0, y = 0]: readonly number[]): boolean =>
      isNear(colour, real.at(offset[0] + x, offset[1] + y));
    const inDetail = points.filter((point) => isRight(detail.at(...middleOf(point, [0, 0], scale)), point));
    const inPicture = points.filter((point) =>
      isRight(picture.at(...middleOf(point, offset, picture.width / 2560)), point),
    );
    expect(inDetail.length).toBeGreaterThan(65);
    expect(inPicture.length).toBeLessThan(35);
    expect(answer.structured).toMatchObject({ region, width: detail.width, height: detail.height });
    expect(Math.floor(y1) - Math.floor(y0)).toBeGreaterThan(100);
  });

  test('hides what a screenshot hides', async () => {
    const place = { x: 1500, y: 800, width: 320, height: 180 };
    const region = regionOf({ x: place.x + 8, y: place.y + 8, width: 300, height: 160 }, await shoot(stage));
    const detail = await decodePicture(await stage.server.call('zoom', { region }));
    const colours = new Set(
      pixelsOf({ x: 0, y: 0, width: detail.width, height: detail.height }).map((at) => detail.at(...at)),
    );
    expect([...colours]).toEqual([0]);
  });

  test('leaves coordinates as they were', async () => {
    const picture = await shoot(stage);
    const { x, y } = await shown.geometry();
    const scale = picture.width / 2560;
    const target = [Math.round((x + 100) * scale), Math.round((y + 100) * scale)];
    await stage.server.call('zoom', { region: [0, 0, 50, 50] });
    const before = (await shown.journal()).length;
    expect(codeOf(await stage.server.call('left_click', { coordinate: target }))).toBe('ok');
    const press = (await shown.journal()).slice(before).find(({ event }) => event === 'ButtonPress');
    expect(Math.abs((press?.rootX ?? NaN) - (x + 100))).toBeLessThanOrEqual(2);
  });

  test.each([
    ['upside down', [10, 10, 5, 20]],
    ['empty', [10, 10, 10, 20]],
    ['outside', [0, 0, 99_999, 20]],
    ['negative', [-1, 0, 10, 20]],
  ])('of a region that is %s is refused', async (_what, region) => {
    expect(failureOf(await stage.server.call('zoom', { region }))).toMatchObject({ code: 'outside_screen' });
  });

  test('of a frame that is out of date is refused', async () => {
    const call = (frame: unknown) => stage.server.call('zoom', { region: [0, 0, 50, 50], frame });
    const { frame } = (await stage.server.call('screenshot')).structured;
    expect(codeOf(await call(frame))).toBe('ok');
    expect(failureOf(await call('f999'))).toMatchObject({ code: 'stale_frame' });
  });
});

describe('a frame belongs to one screen and one set of grants', () => {
  let stage: Stage;
  beforeAll(async () => {
    stage = await startStage(1280, 800);
    const window = await stage.editor.open({ place: { x: 200, y: 200, width: 300, height: 200 } });
    await window.activate();
  });
  afterAll(() => stage.desktop.close());

  const shot = async () => String((await stage.server.call('screenshot')).structured['frame']);
  const xrandr = ({ env, folder: cwd }: Desktop, ...args: readonly string[]) =>
    run({ command: 'xrandr', args, env, cwd });
  const click = (frame: string) => stage.server.call('left_click', { coordinate: [300, 300], frame });

  test('and stays the same while neither changes', async () => {
    const frame = await shot();
    expect(await shot()).toBe(frame);
    expect(codeOf(await click(frame))).toBe('ok');
  });

  test('and is stale when the grants changed', async () => {
    const frame = await shot();
    writeGrants(stage.desktop, [rowFor(stage.executables.myeditor), rowFor(stage.executables.stranger)]);
    expect(failureOf(await click(frame))).toMatchObject({ code: 'stale_frame' });
    expect(codeOf(await click(await shot()))).toBe('ok');
  });

  test('and is stale when the screen changed', async () => {
    const frame = await shot();
    await xrandr(stage.desktop, '--newmode', 'small', ...'65 1024 1048 1184 1344 768 771 777 806'.split(' '));
    await xrandr(stage.desktop, '--addmode', 'screen', 'small');
    await xrandr(stage.desktop, '--output', 'screen', '--mode', 'small');
    await eventually('the new size', async () => (await pictureOf(stage.desktop)).width === 1024);
    expect(failureOf(await click(frame))).toMatchObject({ code: 'stale_frame' });
    const picture = await shoot(stage);
    expect([picture.width, picture.height]).toEqual([1024, 768]);
    expect(codeOf(await click(await shot()))).toBe('ok');
  });
});
