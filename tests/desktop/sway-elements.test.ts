import sharp from 'sharp';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';

import { eventually } from '../lab/eventually.ts';
import { zenityAs } from '../lab/executable.ts';
import { startSway, type SwayLab } from '../lab/sway.ts';
import { connectServer, type ToolClient } from '../lab/tool-client.ts';
import { openOnSway, type WaylandApplication } from '../lab/wayland-application.ts';
import { codeOf } from './answers.ts';
import { rowFor, writeGrants } from './grant-rows.ts';

const FORM = ['--forms', '--text=A form', '--add-entry=Name', '--add-password=Secret'];

let lab: SwayLab;
let mine: WaylandApplication;
let stranger: WaylandApplication;
let server: ToolClient;

// the other window has the left half, so that places in a window are not places on the screen
beforeAll(async () => {
  lab = await startSway({ accessibility: true });
  stranger = await openOnSway(lab, { command: await zenityAs(lab, 'stranger'), args: FORM });
  mine = await openOnSway(lab, { command: 'zenity', args: FORM });
  await mine.focus();
  writeGrants(lab, [rowFor('/usr/bin/zenity')]);
  server = await connectServer(lab);
});
afterAll(() => lab.close());

interface Element {
  readonly ref: string;
  readonly x: number;
  readonly y: number;
  readonly width: number;
  readonly height: number;
}

/** The one line of the tree about `what`. */
async function element(what: string): Promise<Element> {
  // a program joins the bus after its window shows
  const line = await eventually(what, async () => {
    const { text } = await server.call('get_ui_tree', { window: mine.window });
    return text.split('\n').find((one) => one.includes(what));
  });
  const [, ref = '', x, y, width, height] = /(e\d+) .* (\d+),(\d+) (\d+)x(\d+)/.exec(line) ?? [];
  return { ref, x: Number(x), y: Number(y), width: Number(width), height: Number(height) };
}

describe('elements under sway', () => {
  test('are where the window is, and not where it would be alone', async () => {
    const { x } = await element('"Name"');
    expect(x).toBeGreaterThan(640);
  });

  test('a password field is black in the picture', async () => {
    const { x, y, width, height } = await element('password text');
    // a picture does not wait for a program that is slow to tell, and says so
    const { images } = await eventually('a password field to be known in time', async () => {
      const answer = await server.call('screenshot');
      return answer.text.includes('Password fields are black.') && answer;
    });
    const place = { left: x, top: y, width, height };
    const { data } = await sharp(images[0]?.data).extract(place).raw().toBuffer({ resolveWithObject: true });
    expect(data.every((value) => value <= 8)).toBe(true);
  });

  test('of a window that is not granted are not told', async () => {
    expect(codeOf(await server.call('get_ui_tree', { window: stranger.window }))).toBe('not_granted');
  });

  test('get a value, and are pressed', async () => {
    const { ref: name } = await element(' text ');
    expect(codeOf(await server.call('set_value', { element: name, value: 'Zoë' }))).toBe('ok');
    const { ref: button } = await element('"OK"');
    expect(codeOf(await server.call('click_element', { element: button }))).toBe('ok');
    await mine.process.exited;
    expect(mine.process.stdout()).toBe('Zoë|\n');
  });
});
