import { afterAll, beforeAll, expect, test } from 'vitest';

import { startDesktop, type Desktop } from '../lab/desktop.ts';
import { startFixture, type FixtureWindow } from '../lab/fixture-window.ts';
import { connectServer, type ToolClient } from '../lab/tool-client.ts';
import { makeExecutables } from './executables.ts';
import { rowFor, writeGrants } from './grant-rows.ts';
import { decodePicture } from './picture.ts';

const ORANGE = 0xff8800;
const BLUE = 0x1010d0;
const NAMES = ['myeditor', 'stranger'] as const;

let desktop: Desktop;
let server: ToolClient;
let executables: Readonly<Record<(typeof NAMES)[number], string>>;
let shown: FixtureWindow;
let hidden: FixtureWindow;

beforeAll(async () => {
  desktop = await startDesktop({ wm: 'openbox' });
  executables = await makeExecutables(desktop, NAMES);
  writeGrants(desktop, [rowFor(executables.myeditor)]);
  server = await connectServer(desktop);
  const open = (executable: string, x: number) =>
    startFixture(desktop, { executable }).open({
      place: { x, y: 150, width: 240, height: 240 },
      fill: ORANGE,
    });
  hidden = await open(executables.stranger, 700);
  shown = await open(executables.myeditor, 80);
  await shown.activate();
});
afterAll(() => desktop.close());

async function look(since?: string) {
  const answer = await server.call('screenshot', since === undefined ? {} : { since });
  const { picture, unchanged, frame } = answer.structured;
  return { answer, picture: String(picture), frame: String(frame), unchanged, images: answer.images.length };
}

test('a screen that shows the same is told without an image', async () => {
  const first = await look();
  expect(first).toMatchObject({ unchanged: false, images: 1 });
  const second = await look(first.picture);
  expect(second).toMatchObject({ picture: first.picture, unchanged: true, images: 0 });
  expect(second.answer.text).toBe(`Nothing changed since ${first.picture}.`);
});

test('a change brings the picture, and the change back the first name', async () => {
  const first = await look();
  await shown.change({ fill: BLUE });
  const second = await look(first.picture);
  expect(second).toMatchObject({ unchanged: false, images: 1 });
  expect((await decodePicture(second.answer)).at(200, 270)).toBe(BLUE);
  await shown.change({ fill: ORANGE });
  expect(await look(second.picture)).toMatchObject({ picture: first.picture, unchanged: false, images: 1 });
  expect(await look(first.picture)).toMatchObject({ unchanged: true, images: 0 });
});

test('what happens where the picture is black is no change', async () => {
  const first = await look();
  await hidden.change({ fill: 'noise' });
  expect(await look(first.picture)).toMatchObject({ unchanged: true, images: 0 });
});

test('a picture of other grants is another one, also when it looks the same', async () => {
  const first = await look();
  writeGrants(desktop, [rowFor(executables.myeditor), rowFor('/usr/bin/mousepad')]);
  const second = await look(first.picture);
  expect(second).toMatchObject({ unchanged: false, images: 1 });
  expect(second.frame).not.toBe(first.frame);
});

test.each(['p9999', 'f1', ''])(
  'a picture that was never shown, such as %o, brings the picture',
  async (since) => {
    expect(await look(since)).toMatchObject({ unchanged: false, images: 1 });
  },
);

test('the picture at the end of a batch is always there', async () => {
  await look();
  const { images, structured } = await server.call('computer_batch', {
    actions: [{ action: 'wait', duration: 0 }],
  });
  expect(images.length).toBe(1);
  expect(structured).toMatchObject({ screenshot: { unchanged: false } });
});
