import { afterAll, beforeAll, expect, test } from 'vitest';

import { startDesktop, type Desktop } from '../lab/desktop.ts';
import { eventually } from '../lab/eventually.ts';
import { startFixture, type Fixture, type FixtureWindow } from '../lab/fixture-window.ts';
import { startProcess } from '../lab/owned-process.ts';
import { connectServer, type ToolClient } from '../lab/tool-client.ts';
import { codeOf } from './answers.ts';
import { makeExecutables } from './executables.ts';
import { rowFor, writeGrants } from './grant-rows.ts';
import { decodePicture, type Picture } from './picture.ts';

const RED = 0xd01010;
const BLUE = 0x1010d0;
const STEP = 4;
const PICTURES = 4;

let desktop: Desktop;
let server: ToolClient;
let page: FixtureWindow;
let secret: FixtureWindow;

/** xfwm4 draws the screen itself, in the place of the window manager of the desktop. */
async function startCompositor(): Promise<void> {
  const { env, folder } = desktop;
  const args = ['--replace', '--compositor=on', '--sm-client-disable'];
  desktop.own(startProcess({ command: 'xfwm4', args, env, cwd: folder }));
  const selection = await desktop.x.atom('_NET_WM_CM_S0');
  await eventually('a compositor', async () => {
    const owner = await desktop.x.ask<number>((client, done) => client.GetSelectionOwner(selection, done));
    return owner !== 0;
  });
}

beforeAll(async () => {
  desktop = await startDesktop({ wm: 'openbox' });
  const executables = await makeExecutables(desktop, ['myeditor', 'stranger']);
  writeGrants(desktop, [rowFor(executables.myeditor)]);
  server = await connectServer(desktop);
  await startCompositor();
  const open = (executable: string, fill: number, x: number) => {
    const fixture: Fixture = startFixture(desktop, { executable });
    return fixture.open({ place: { x, y: 150, width: 240, height: 240 }, fill });
  };
  page = await open(executables.myeditor, BLUE, 80);
  secret = await open(executables.stranger, RED, 700);
  await secret.waitUntilActive();
  await page.activate();
});
afterAll(() => desktop.close());

/** Pixels of a colour, by a grid. */
function count(picture: Picture, colour: number): number {
  const { width, height } = picture;
  const columns = Array.from({ length: Math.floor(width / STEP) }, (_, index) => index * STEP);
  const rows = Array.from({ length: Math.floor(height / STEP) }, (_, index) => index * STEP);
  return rows.flatMap((y) => columns.filter((x) => picture.at(x, y) === colour)).length;
}

test('under a compositor a window that moves shows in no picture, and one that is allowed does', async () => {
  const isOver = { yet: false };
  const moving = (async () => {
    for (let step = 0; !isOver.yet; step++) {
      await secret.move({
        x: 400 + ((step * 37) % 400),
        y: 100 + ((step * 29) % 300),
        width: 240,
        height: 240,
      });
    }
  })();
  const whileMoving = await server.call('screenshot');
  isOver.yet = true;
  await moving;
  if (codeOf(whileMoving) !== 'desktop_busy') expect(count(await decodePicture(whileMoving), RED)).toBe(0);
  for (let shot = 0; shot < PICTURES; shot++) {
    await secret.move({ x: 400 + shot * 60, y: 120, width: 240, height: 240 });
    const picture = await decodePicture(await server.call('screenshot'));
    expect(count(picture, RED)).toBe(0);
    expect(count(picture, BLUE)).toBeGreaterThan(0);
  }
});
