import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest';

import { startDesktop, type Desktop } from '../lab/desktop.ts';
import { startFixture, type Fixture, type FixtureWindow } from '../lab/fixture-window.ts';
import { run } from '../lab/owned-process.ts';
import { startSentinel, type Sentinel } from '../lab/sentinel.ts';
import { connectServer, type ToolClient } from '../lab/tool-client.ts';
import { codeOf, failureOf } from './answers.ts';
import { makeExecutables } from './executables.ts';
import { rowFor, writeGrants } from './grant-rows.ts';
import { decodePicture } from './picture.ts';

const NAMES = ['myeditor', 'stranger'] as const;
const SIZE = { width: 2200, height: 900 };
const LEFT = { name: 'left', x: 0, y: 100, width: 1000, height: 800 };
const RIGHT = { name: 'right', x: 1000, y: 0, width: 1200, height: 700 };
const BLUE = 0x1010d0;
const RED = 0xd01010;
const BACKGROUND = 0x2e5a7d;

let desktop: Desktop;
let sentinel: Sentinel;
let server: ToolClient;
let editor: Fixture;
let executables: Readonly<Record<(typeof NAMES)[number], string>>;

const xrandr = (...args: readonly string[]) =>
  run({ command: 'xrandr', args, env: desktop.env, cwd: desktop.folder });

/** A monitor that the server makes up, as for a wall of screens; the first one has the real output. */
const define = ({ name, x, y, width, height }: typeof LEFT, output: string, isPrimary = false) =>
  xrandr('--setmonitor', `${isPrimary ? '*' : ''}${name}`, `${width}/300x${height}/200+${x}+${y}`, output);

beforeAll(async () => {
  desktop = await startDesktop({ wm: 'openbox', ...SIZE });
  sentinel = await startSentinel(desktop);
  executables = await makeExecutables(desktop, NAMES);
  writeGrants(desktop, [rowFor(executables.myeditor)]);
  editor = startFixture(desktop, { executable: executables.myeditor });
});
afterAll(() => desktop.close());

test('with one monitor nothing is said of displays, and there is one to switch to', async () => {
  const own = await connectServer(desktop);
  const shot = await own.call('screenshot');
  expect(shot.text).toMatch(/^Screenshot p1 of \d+ x \d+ pixels, frame f1\.$/);
  expect(shot.structured).not.toHaveProperty('display');
  expect(shot.structured).toMatchObject({ screen: SIZE });
  expect((await own.call('list_windows')).text).not.toContain('display');
  const { displays } = (await own.call('switch_display', { display: 'auto' })).structured;
  expect(displays).toEqual([{ name: 'screen', x: 0, y: 0, ...SIZE, scale: 1 }]);
  await own.close();
});

describe('with a monitor left and a larger one right', () => {
  let onLeft: FixtureWindow;
  let onRight: FixtureWindow;
  beforeAll(async () => {
    await define(LEFT, 'screen', true);
    await define(RIGHT, 'none');
    onLeft = await editor.open({ place: { x: 200, y: 300, width: 300, height: 200 }, fill: BLUE });
    onRight = await editor.open({ place: { x: 1300, y: 200, width: 300, height: 200 }, fill: RED });
    await onLeft.activate();
  });
  beforeEach(async () => {
    server = await connectServer(desktop);
  });
  afterEach(() => server.close());

  test('pictures are of the main one at first, and say that there is another', async () => {
    const shot = await server.call('screenshot');
    expect(shot.text).toContain('It shows display left; switch_display changes to right.');
    const picture = await decodePicture(shot);
    expect([picture.width, picture.height]).toEqual([LEFT.width, LEFT.height]);
    expect(picture.at(300, 300)).toBe(BLUE);
    expect(shot.structured).toMatchObject({ display: 'left', screen: { width: 1000, height: 800 } });
  });

  test('switching shows the other, and lists both', async () => {
    const answer = await server.call('switch_display', { display: 'RIGHT' });
    expect(answer.text).toBe(
      [
        'Pictures are 1200 x 700 pixels of display right from now on, frame f1.',
        'left: 1000 x 800 at 0,100 (main)',
        'right: 1200 x 700 at 1000,0',
      ].join('\n'),
    );
    expect(answer.structured).toMatchObject({
      display: 'right',
      displays: [
        { ...LEFT, scale: 1 },
        { ...RIGHT, scale: 1 },
      ],
    });
    const picture = await decodePicture(await server.call('screenshot'));
    expect([picture.width, picture.height]).toEqual([RIGHT.width, RIGHT.height]);
    expect([picture.at(450, 300), picture.at(250, 300), picture.at(900, 300)]).toEqual([
      RED,
      BACKGROUND,
      BACKGROUND,
    ]);
  });

  test('auto is where the window in front is', async () => {
    await onRight.activate();
    expect((await server.call('switch_display', { display: 'auto' })).structured['display']).toBe('right');
    await onLeft.activate();
    // it does not follow: coordinates would mean another place all of a sudden
    expect((await server.call('screenshot')).structured['display']).toBe('right');
    expect((await server.call('switch_display', { display: 'auto' })).structured['display']).toBe('left');
  });

  test('a name that none has is refused with those there are', async () => {
    const failure = await server.call('switch_display', { display: 'HDMI-7' });
    expect(failureOf(failure)).toMatchObject({
      code: 'no_such_display',
      hint: 'Use left or right, or auto.',
    });
  });

  test.each([LEFT, RIGHT])('a click lands on the pixel that was pointed at, on $name', async (monitor) => {
    const { name, x, y, width, height } = monitor;
    const cover = await editor.open({ place: monitor, overrideRedirect: true });
    await onLeft.activate();
    await cover.raise();
    await server.call('switch_display', { display: name });
    const middle = [Math.floor(width / 2), Math.floor(height / 2)] as const;
    const points = [0, middle[0], width - 1].flatMap((at) =>
      [0, middle[1], height - 1].map((down) => [at, down] as const),
    );
    for (const point of points) {
      await sentinel.forget();
      const answer = await server.call('left_click', { coordinate: point });
      expect(answer.text).toContain(`Left click at [${point.join(', ')}] in myeditor.`);
      const press = (await sentinel.events()).find(({ event }) => event === 'ButtonPress');
      expect([press?.rootX, press?.rootY]).toEqual([x + point[0], y + point[1]]);
      expect((await server.call('cursor_position')).structured['coordinate']).toEqual(point);
    }
    await cover.destroy();
  });

  test('windows are listed by the picture, and those elsewhere with their display', async () => {
    const { structured } = await server.call('list_windows');
    expect(structured['windows']).toEqual(
      expect.arrayContaining([
        expect.objectContaining({ window: onLeft.window, rect: { x: 200, y: 200, width: 300, height: 200 } }),
        expect.objectContaining({
          window: onRight.window,
          rect: { x: 1300, y: 100, width: 300, height: 200 },
          display: 'right',
        }),
      ]),
    );
    await server.call('switch_display', { display: 'right' });
    const { text } = await server.call('list_windows');
    expect(text).toContain('at 300,200 300x200');
    expect(text).toContain('at -800,300 300x200, on display left');
  });

  test('what is not granted is black on either, and counts where it is', async () => {
    const stranger = startFixture(desktop, { executable: executables.stranger });
    // across the border between the two
    const place = { x: 900, y: 520, width: 200, height: 120 };
    const hidden = await stranger.open({ place, fill: 'noise', overrideRedirect: true });
    await hidden.raise();
    const black = async (display: string, [x, y, width]: readonly [number, number, number]) => {
      await server.call('switch_display', { display });
      const shot = await server.call('screenshot');
      const picture = await decodePicture(shot);
      const cells = Array.from({ length: width * 120 }, (_, at) =>
        picture.at(x + (at % width), y + Math.floor(at / width)),
      );
      return { colours: [...new Set(cells)], share: shot.structured['hiddenShare'] };
    };
    const share = (monitor: typeof LEFT) =>
      Number(((100 * 120) / (monitor.width * monitor.height)).toFixed(4));
    expect(await black('left', [900, 420, 100])).toEqual({ colours: [0], share: share(LEFT) });
    expect(await black('right', [0, 520, 100])).toEqual({ colours: [0], share: share(RIGHT) });
    const zoom = await decodePicture(await server.call('zoom', { region: [0, 520, 100, 640] }));
    expect([zoom.at(5, 5), zoom.at(zoom.width - 5, zoom.height - 5)]).toEqual([0, 0]);
    await stranger.close();
  });

  test('a frame is stale when its display was changed or went away', async () => {
    await server.call('switch_display', { display: 'right' });
    const { frame } = (await server.call('screenshot')).structured;
    const click = () => server.call('left_click', { coordinate: [450, 300], frame });
    await onRight.activate();
    expect(codeOf(await click())).toBe('ok');
    await xrandr('--delmonitor', 'right');
    expect(failureOf(await click())).toMatchObject({ code: 'stale_frame' });
    expect((await server.call('screenshot')).structured['screen']).toEqual({ width: 1000, height: 800 });
    await define({ ...RIGHT, width: 1100 }, 'none');
    expect((await server.call('screenshot')).structured['screen']).toEqual({ width: 1100, height: 700 });
    expect(failureOf(await click())).toMatchObject({ code: 'stale_frame' });
  });
});
