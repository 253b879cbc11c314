import { createServer } from 'node:http';
import { once } from 'node:events';

import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest';

import { Belongings } from '../lab/belongings.ts';
import { openChromium } from '../lab/chromium.ts';
import { startDesktop, type Desktop } from '../lab/desktop.ts';
import { eventually } from '../lab/eventually.ts';
import { openFixtureWindow } from '../lab/fixture-window.ts';
import { openProgramTree } from '../lab/program-tree.ts';
import { connectServer, type ToolAnswer, type ToolClient } from '../lab/tool-client.ts';
import { untilManaged, type Rect } from '../lab/windows.ts';
import { xdotool } from '../lab/xdotool.ts';
import { openZenity, type Zenity } from '../lab/zenity.ts';
import { PLACE, frameOf } from './element-lines.ts';
import { makeExecutables } from './executables.ts';
import { rowFor, writeGrants } from './grant-rows.ts';
import { decodePicture } from './picture.ts';

const ZENITY = '/usr/bin/zenity';
const CHROMIUM = '/usr/lib/chromium/chromium';
const PASSWORD = 40;
const ORANGE = 0xff8800;
const NAMES = ['myeditor', 'cover'] as const;

let desktop: Desktop;
let server: ToolClient;
let executables: Readonly<Record<(typeof NAMES)[number], string>>;

const opened = new Belongings();

beforeAll(async () => {
  desktop = await startDesktop({ wm: 'openbox', accessibility: true });
  executables = await makeExecutables(desktop, NAMES);
  writeGrants(
    desktop,
    [ZENITY, CHROMIUM, ...Object.values(executables)].map((path) => rowFor(path)),
  );
});
afterAll(() => desktop.close());
beforeEach(async () => {
  server = await connectServer(desktop);
});
afterEach(async () => {
  await opened.close();
  await server.close();
});

const shoot = () => server.call('screenshot');

/** The share of a place that is black in a picture of the whole screen. */
async function blackness(answer: ToolAnswer, { x, y, width, height }: Rect): Promise<number> {
  const picture = await decodePicture(answer);
  const black = Array.from({ length: width * height }, (_, at) =>
    picture.at(x + (at % width), y + Math.floor(at / width)),
  ).filter((colour) => colour === 0).length;
  return Number((black / (width * height)).toFixed(2));
}

/** Waits until a picture says that it hides password fields: a program joins the bus after its window shows. */
const hidden = () =>
  eventually('a password field to be known', async () => {
    const answer = await shoot();
    return answer.text.includes('Password fields are black.') ? answer : undefined;
  });

/** Where zenity's dialog with a name and a password has its two fields, from the inside of its window. */
const NAME_FIELD = { x: 120, y: 84, width: 190, height: 22 };
const PASSWORD_FIELD = { x: 116, y: 142, width: 198, height: 30 };
const at = ({ x, y }: { readonly x: number; readonly y: number }, field: Rect): Rect => ({
  ...field,
  x: x + field.x,
  y: y + field.y,
});

describe('in a dialog with a name and a password', () => {
  let dialog: Zenity;
  beforeEach(async () => {
    dialog = opened.own(await openZenity(desktop, ['--password', '--username']));
    await dialog.activate();
    await hidden();
  });

  test('the password is black, and the name is shown', async () => {
    await xdotool(desktop, 'type', 'anna');
    const place = await dialog.geometry();
    const shot = await shoot();
    expect(await blackness(shot, at(place, PASSWORD_FIELD))).toBe(1);
    expect(await blackness(shot, at(place, NAME_FIELD))).toBeLessThan(0.2);
    expect(shot.structured['hiddenShare']).toBe(0);
  });

  test('in a zoom and at the end of a batch too', async () => {
    const place = await dialog.geometry();
    const { x, y, width, height } = at(place, PASSWORD_FIELD);
    const zoom = await server.call('zoom', { region: [x, y, x + width, y + height] });
    const detail = await decodePicture(zoom);
    expect(await blackness(zoom, { x: 0, y: 0, width: detail.width, height: detail.height })).toBe(1);
    const batch = await server.call('computer_batch', { actions: [{ action: 'wait', duration: 0 }] });
    expect(await blackness(batch, { x, y, width, height })).toBe(1);
  });

  test('wherever the window is moved, at any moment', async () => {
    for (let round = 0; round < 12; round++) {
      const target = { x: 40 + round * 60, y: 60 + ((round * 97) % 400) };
      const moving = xdotool(
        desktop,
        ...['windowmove', String(dialog.window), String(target.x), String(target.y)],
      );
      const shot = await shoot();
      await moving;
      await untilManaged(desktop.x);
      // wherever it was in the picture: its field is not white anywhere
      const place = await dialog.geometry();
      expect(await blackness(await shoot(), at(place, PASSWORD_FIELD))).toBe(1);
      expect(shot.text).toContain('Password fields are black.');
    }
  });

  test('but not where another window covers it', async () => {
    const place = await dialog.geometry();
    const cover = opened.own(
      await openFixtureWindow(
        desktop,
        { place: at(place, PASSWORD_FIELD), overrideRedirect: true, fill: ORANGE },
        { executable: executables.cover },
      ),
    );
    await cover.raise();
    expect(await blackness(await shoot(), at(place, PASSWORD_FIELD))).toBe(0);
    await cover.lower();
    expect(await blackness(await shoot(), at(place, PASSWORD_FIELD))).toBe(1);
  });

  test('and an idle screen is told as unchanged, whenever the caret is as it was', async () => {
    const { picture } = (await shoot()).structured;
    await eventually('the caret to be as it was', async () => {
      const { images } = await server.call('screenshot', { since: picture });
      return images.length === 0;
    });
  });
});

test('an ordinary dialog has nothing black', async () => {
  const dialog = opened.own(await openZenity(desktop, ['--entry', '--text=Name']));
  await dialog.activate();
  await server.call('get_ui_tree', { window: dialog.window });
  const shot = await shoot();
  expect(shot.text).not.toContain('Password');
  expect(await blackness(shot, await dialog.geometry())).toBeLessThan(0.05);
});

describe('a program that says what is not so', () => {
  const open = async (rect: readonly [number, number, number, number], isSilent = false) => {
    const field = { role: PASSWORD, name: 'secret', rect: [...rect] as const };
    const tree = await openProgramTree(
      desktop,
      {
        look: {
          name: 'myeditor',
          tops: [
            frameOf([
              {
                ...field,
                rect: [...rect],
                inWindow: [rect[0] - PLACE.x, rect[1] - PLACE.y, rect[2], rect[3]],
                isSilent,
              },
            ]),
          ],
        },
        opening: { place: PLACE, title: 'fixture', fill: ORANGE },
      },
      { executable: executables.myeditor },
    );
    opened.own(tree.window);
    const other = opened.own(
      await openFixtureWindow(
        desktop,
        { place: { x: 60, y: 120, width: 300, height: 300 }, fill: ORANGE },
        { executable: executables.cover },
      ),
    );
    await other.activate();
    return { tree, other };
  };

  test('blackens nothing outside of its own windows', async () => {
    const { other } = await open([0, 0, 1280, 800]);
    const shot = await hidden();
    expect(await blackness(shot, PLACE)).toBe(1);
    expect(await blackness(shot, await other.geometry())).toBe(0);
    const { width, height } = await decodePicture(shot);
    expect([width, height]).toEqual([1280, 800]);
  });

  test('does not hold up a picture when it never answers, and the picture says that something is not known', async () => {
    const { other } = await open([720, 150, 100, 40], true);
    const shot = await eventually('the picture to say so', async () => {
      const answer = await shoot();
      return answer.text.includes('Not known in time') ? answer : undefined;
    });
    expect(shot.isError).toBe(false);
    expect(shot.ms).toBeLessThan(5000);
    expect(await blackness(shot, await other.geometry())).toBe(0);
  });
});

test('in a web page the password is black, also after scrolling', async () => {
  const page = createServer((_, reply) => {
    reply.setHeader('content-type', 'text/html');
    reply.end(
      `<body style="margin:0;background:#f80"><input type=password value=hunter2 style="position:absolute;left:40px;top:60px;width:300px;height:40px">
       <input value=anna style="position:absolute;left:40px;top:160px;width:300px;height:40px"><div style="height:3000px">`,
    );
  }).listen(0, '127.0.0.1');
  await once(page, 'listening');
  const address = page.address();
  const port = typeof address === 'object' && address !== null ? address.port : 0;
  try {
    const browser = opened.own(await openChromium(desktop, { url: `http://127.0.0.1:${port}/` }));
    await browser.place({ x: 100, y: 100, width: 640, height: 480 });
    await browser.activate();
    const count = async (answer: ToolAnswer) => {
      const picture = await decodePicture(answer);
      const rows = Array.from({ length: 480 }, (_, row) => 100 + row);
      return rows.filter((y) => picture.at(300, y) === 0).length;
    };
    const first = await hidden();
    expect(await count(first)).toBeGreaterThanOrEqual(40);
    expect(await count(first)).toBeLessThan(80);
    await xdotool(desktop, 'mousemove', '400', '500', 'click', '--repeat', '10', '5');
    const second = await eventually('the page to scroll', async () => {
      const answer = await shoot();
      return (await count(answer)) === 0 ? answer : undefined;
    });
    expect(second.isError).toBe(false);
  } finally {
    page.close();
  }
});
