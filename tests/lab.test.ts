import { existsSync, readlinkSync } from 'node:fs';
import { basename } from 'node:path';

import { afterAll, beforeAll, describe, expect, test } from 'vitest';

import { openChromium } from './lab/chromium.ts';
import { BACKGROUND, startDesktop, type Desktop } from './lab/desktop.ts';
import { eventually } from './lab/eventually.ts';
import { asExecutable } from './lab/executable.ts';
import { openFixtureWindow } from './lab/fixture-window.ts';
import { openGalculator } from './lab/galculator.ts';
import { leftoversOf } from './lab/leftovers.ts';
import { openMousepad } from './lab/mousepad.ts';
import { pictureOf } from './lab/screen-picture.ts';
import { startSentinel, type Sentinel } from './lab/sentinel.ts';
import { pidOf } from './lab/windows.ts';
import { xdotool } from './lab/xdotool.ts';
import { openXterm } from './lab/xterm.ts';
import { openZenity } from './lab/zenity.ts';

const KEY_A = 38;
const TEXT = 'Dear Ann, 2 + 2 = {4}?';

describe.each(['openbox', 'xfwm4', 'icewm'] as const)('a desktop under %s', (wm) => {
  let desktop: Desktop;
  let sentinel: Sentinel;

  beforeAll(async () => {
    desktop = await startDesktop({ wm });
    sentinel = await startSentinel(desktop);
  });
  afterAll(() => desktop.close());

  test('saves in mousepad what is typed there, and tells xterm nothing of it', async () => {
    const xterm = await openXterm(desktop);
    const mousepad = await openMousepad(desktop);
    await mousepad.activate();
    await xdotool(desktop, 'type', TEXT);
    expect(await mousepad.savedText()).toBe(TEXT);
    expect(await xterm.received()).toBe('');

    await xterm.activate();
    await xdotool(desktop, 'type', 'ls');
    await xdotool(desktop, 'key', 'Return');
    await eventually('xterm to get the keys', async () => (await xterm.received()) === 'ls\r');
    expect(await mousepad.savedText()).toBe(TEXT);
    await Promise.all([xterm.close(), mousepad.close()]);
  });

  test('knows what galculator showed and what zenity was told', async () => {
    const galculator = await openGalculator(desktop);
    await galculator.activate();
    await xdotool(desktop, 'type', '6*7');
    await xdotool(desktop, 'key', 'Return');
    expect(await galculator.lastValue()).toBe('42');

    const zenity = await openZenity(desktop, ['--entry', '--text=Name']);
    await zenity.activate();
    await xdotool(desktop, 'type', 'Ann');
    await xdotool(desktop, 'key', 'Return');
    expect(await zenity.answer()).toEqual({ accepted: true, text: 'Ann' });
  });

  test('shows chromium a click where it was made', async () => {
    const chromium = await openChromium(desktop);
    await chromium.place({ x: 300, y: 200, width: 640, height: 480 });
    await chromium.activate();
    const { x, y } = await chromium.geometry();
    await xdotool(desktop, 'mousemove', String(x + 300), String(y + 300), 'click', '1');
    const click = await chromium.page.waitFor('click');
    expect([click.left + click.x, click.top + click.y]).toEqual([x + 300, y + 300]);
    await chromium.close();
  });

  test('puts a fixture window where it is told, and journals what it gets', async () => {
    const place = { x: 120, y: 140, width: 200, height: 100 };
    const window = await openFixtureWindow(desktop, { place, fill: 0xff8800 });
    await window.activate();
    await sentinel.forget();
    await xdotool(desktop, 'mousemove', '130', '150', 'click', '1', 'key', 'a');
    const expected = [
      ['ButtonPress', 1, 130, 150],
      ['ButtonRelease', 1, 130, 150],
      ['KeyPress', KEY_A, 130, 150],
      ['KeyRelease', KEY_A, 130, 150],
    ];
    const input = ['ButtonPress', 'ButtonRelease', 'KeyPress', 'KeyRelease'];
    const journal = (await window.journal()).filter(({ event }) => input.includes(event));
    expect(journal.map((entry) => [entry.event, entry.detail, entry.rootX, entry.rootY])).toEqual(expected);
    const seen = (await sentinel.events()).filter(({ event }) => event !== 'MotionNotify');
    expect(seen.map((event) => [event.event, event.detail, event.rootX, event.rootY])).toEqual(expected);

    const picture = await pictureOf(desktop);
    expect([picture.at(120, 140), picture.at(319, 239)]).toEqual([0xff8800, 0xff8800]);
    expect([picture.at(119, 140), picture.at(320, 239)]).not.toContain(0xff8800);
    expect(picture.at(1200, 20)).toBe(BACKGROUND);
    await window.close();
  });

  test('lets a fixture lie about itself, but not about its process', async () => {
    const executable = await asExecutable(desktop, 'my-editor');
    const liar = await openFixtureWindow(
      desktop,
      {
        place: { x: 500, y: 500, width: 100, height: 100 },
        windowClass: ['xterm', 'XTerm'],
        title: 'root@host',
        pid: 1,
      },
      { executable },
    );
    expect((await desktop.x.property(liar.window, 'WM_CLASS')).toString()).toBe('xterm\0XTerm\0');
    expect(await desktop.x.numbers(liar.window, '_NET_WM_PID')).toEqual([1]);
    expect(await pidOf(desktop.x, liar.window)).toBe(liar.pid);
    expect(basename(readlinkSync(`/proc/${liar.pid}/exe`))).toBe('my-editor');
    await liar.close();
  });

  test('lets clicks through an overlay without input, and keys to whoever grabs or takes them', async () => {
    const place = { x: 200, y: 200, width: 150, height: 150 };
    const below = await openFixtureWindow(desktop, { place });
    const overlay = await openFixtureWindow(desktop, {
      place,
      overrideRedirect: true,
      fill: 'noise',
      input: 'none',
    });
    const got = async (window: typeof below, event: string) =>
      (await window.journal()).filter((entry) => entry.event === event).length;
    await below.activate();
    await xdotool(desktop, 'mousemove', '250', '250', 'click', '1');
    expect([await got(below, 'ButtonPress'), await got(overlay, 'ButtonPress')]).toEqual([1, 0]);

    expect([await overlay.grabKeyboard(), await below.grabKeyboard()]).toEqual([0, 1]);
    await xdotool(desktop, 'key', 'a');
    expect([await got(below, 'KeyPress'), await got(overlay, 'KeyPress')]).toEqual([0, 1]);

    await overlay.fixture.releaseKeyboard();
    await xdotool(desktop, 'key', 'a');
    expect([await got(below, 'KeyPress'), await got(overlay, 'KeyPress')]).toEqual([1, 1]);

    await overlay.takeFocus();
    await xdotool(desktop, 'key', 'a');
    expect([await got(below, 'KeyPress'), await got(overlay, 'KeyPress')]).toEqual([1, 2]);

    await below.activate();
    await xdotool(desktop, 'key', 'a');
    expect([await got(below, 'KeyPress'), await got(overlay, 'KeyPress')]).toEqual([2, 2]);
    await Promise.all([below.close(), overlay.close()]);
  });

  test('leaves nothing behind', async () => {
    await openMousepad(desktop);
    await openFixtureWindow(desktop, { place: { x: 10, y: 10, width: 50, height: 50 } });
    expect(await leftoversOf(desktop.folder)).not.toEqual([]);
    await desktop.close();
    expect(await leftoversOf(desktop.folder)).toEqual([]);
    expect(existsSync(desktop.folder)).toBe(false);
  });
});
