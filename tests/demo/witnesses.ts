import { createHash } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { basename } from 'node:path';

import type { Chromium } from '../lab/chromium.ts';
import type { Desktop } from '../lab/desktop.ts';
import { eventually } from '../lab/eventually.ts';
import type { FixtureWindow } from '../lab/fixture-window.ts';
import type { Mousepad } from '../lab/mousepad.ts';
import { xdotool } from '../lab/xdotool.ts';
import type { Xterm } from '../lab/xterm.ts';
import type { Finding } from './story.ts';

/** Events arrive in order: what comes before the person's own input was the agent's, and the rest never came. */
const SAVE_MS = 30_000;

const digest = (text: string): string => createHash('sha256').update(text).digest('hex').slice(0, 12);

const bytesOf = (text: string): string => `${Buffer.byteLength(text)} bytes`;

/** Waits until mousepad has saved exactly `text`. */
export async function savedExactly({ file }: Mousepad, text: string): Promise<Finding> {
  let saved = '';
  const name = basename(file);
  try {
    await eventually(
      'mousepad to save',
      async () => {
        saved = await readFile(file, 'utf8');
        return saved === text;
      },
      SAVE_MS,
    );
  } catch {
    const saw = `${name} has ${bytesOf(saved)}, sha256 ${digest(saved)}; expected ${bytesOf(text)}, ${digest(text)}`;
    return { saw, held: false };
  }
  return {
    saw: text === '' ? `${name} is empty` : `${name} has ${bytesOf(text)}, each as expected`,
    held: true,
  };
}

/** What the program in the terminal got from the agent. Then the person types a dot there, which must arrive. */
export async function heardByTerminal(desktop: Desktop, xterm: Xterm, before: string): Promise<Finding> {
  await xterm.activate();
  await xdotool(desktop, 'type', '.');
  const log = await eventually('xterm to get the dot', async () => {
    const received = (await xterm.received()).slice(before.length);
    return received.endsWith('.') && received;
  });
  const got = log.length - 1;
  return {
    saw: `xterm got ${got} characters from the agent; the person’s own next key arrived`,
    held: got === 0,
  };
}

/** What the page in the browser got from the agent. Then the person clicks and types there, which must arrive. */
export async function seenByBrowser(desktop: Desktop, chromium: Chromium): Promise<Finding> {
  const { page } = chromium;
  const count = (type: 'mousedown' | 'keydown'): number =>
    page.events().filter((event) => event.type === type).length;
  await chromium.activate();
  const { x, y, width, height } = await chromium.geometry();
  const place = [x + width / 2, y + height * 0.75].map((at) => String(Math.round(at)));
  await xdotool(desktop, 'mousemove', ...place, 'click', '1', 'key', 'a');
  await page.waitFor('mousedown');
  await page.waitFor('keydown');
  const [clicks, keys] = [count('mousedown') - 1, count('keydown') - 1];
  return {
    saw: `the page got ${clicks} clicks and ${keys} keys from the agent; the person’s own next ones arrived`,
    held: clicks === 0 && keys === 0,
  };
}

/** What a window that has the focus got from the agent. Then the person presses a key, which must arrive. */
export async function gotByWindow(desktop: Desktop, window: FixtureWindow): Promise<Finding> {
  const count = async (event: string): Promise<number> =>
    (await window.journal()).filter((entry) => entry.event === event).length;
  await xdotool(desktop, 'key', 'a');
  await eventually('the window to get the key', async () => (await count('KeyPress')) > 0);
  const [keys, clicks] = [(await count('KeyPress')) - 1, await count('ButtonPress')];
  return {
    saw: `it got ${keys} keys and ${clicks} clicks from the agent; the person’s own next key arrived`,
    held: keys === 0 && clicks === 0,
  };
}

export const both = (...findings: readonly Finding[]): Finding => ({
  saw: findings.map(({ saw }) => saw).join('; '),
  held: findings.every(({ held }) => held),
});
