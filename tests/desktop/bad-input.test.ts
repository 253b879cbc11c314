import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';

import { afterAll, beforeAll, describe, expect, test } from 'vitest';

import { startDesktop, type Desktop, type DesktopOptions } from '../lab/desktop.ts';
import { eventually } from '../lab/eventually.ts';
import { openFixtureWindow, type FixtureWindow } from '../lab/fixture-window.ts';
import { startProcess } from '../lab/owned-process.ts';
import { connectServer, type ToolClient } from '../lab/tool-client.ts';
import { codeOf, failureOf } from './answers.ts';
import { makeExecutables } from './executables.ts';
import { rowFor, writeGrants } from './grant-rows.ts';

const PLACE = { x: 200, y: 150, width: 300, height: 200 };
/** Displays of higher numbers than desktops come to. */
const LONELY = 20_000;

/** A desktop with one granted editor, which is in front. */
async function startWithEditor(
  options: Partial<DesktopOptions> = {},
): Promise<{ desktop: Desktop; editor: FixtureWindow; server: ToolClient }> {
  const desktop = await startDesktop({ wm: 'openbox', ...options });
  const { myeditor } = await makeExecutables(desktop, ['myeditor']);
  writeGrants(desktop, [rowFor(myeditor)]);
  const editor = await openFixtureWindow(desktop, { place: PLACE }, { executable: myeditor });
  await editor.activate();
  return { desktop, editor, server: await connectServer(desktop) };
}

async function addDesktopEntry(desktop: Desktop, id: string, executable: string): Promise<void> {
  const folder = join(desktop.env['XDG_DATA_HOME'] ?? '', 'applications');
  await mkdir(folder, { recursive: true });
  const text = `[Desktop Entry]\nType=Application\nName=Notes\nExec=${executable} %f\n`;
  await writeFile(join(folder, `${id}.desktop`), text);
}

describe('a call that makes no sense is answered, and the next one works', () => {
  let desktop: Desktop;
  let editor: FixtureWindow;
  let server: ToolClient;

  beforeAll(async () => {
    ({ desktop, editor, server } = await startWithEditor());
    await addDesktopEntry(desktop, 'one', '/usr/bin/mousepad');
    await addDesktopEntry(desktop, 'two', '/usr/bin/galculator');
  });
  afterAll(() => desktop.close());

  const click = (coordinate: unknown) => ['left_click', { coordinate }] as const;
  const cases: readonly (readonly [
    what: string,
    code: string,
    call: readonly [string, object],
    hint: RegExp,
  ])[] = [
    ['right of the screen', 'outside_screen', click([1280, 10]), /from 0 to 1279/],
    ['below the screen', 'outside_screen', click([10, 800]), /from 0 to 799/],
    ['a negative coordinate', 'outside_screen', click([-1, 10]), /from 0/],
    ['a huge coordinate', 'outside_screen', click([1e12, 10]), /from 0/],
    [
      'a frame that never was',
      'stale_frame',
      ['left_click', { coordinate: [1, 1], frame: 'f99' }],
      /screenshot/,
    ],
    ['a key that no keyboard has', 'unknown_key', ['key', { text: 'Retrun' }], /Return/],
    ['two letters at once', 'unknown_key', ['key', { text: 'a+b' }], /ctrl/],
    ['a letter as modifier', 'not_modifiers', ['left_click', { coordinate: [300, 200], text: 'q' }], /ctrl/],
    ['a megabyte of text', 'text_too_long', ['type', { text: 'x'.repeat(1 << 20) }], /parts/],
    ['a control character', 'untypable_character', ['type', { text: 'a\u0007b' }], /line ends/],
    ['half a surrogate pair', 'untypable_character', ['type', { text: 'a\ud83d' }], /Leave it out/],
    ['a name of two applications', 'ambiguous_app', ['open_application', { app: 'Notes' }], /path/],
    ['an unknown application', 'no_such_app', ['open_application', { app: 'nonesuch' }], /path/],
    [
      'asking for an unknown application',
      'no_such_app',
      ['request_access', { apps: ['nonesuch'], reason: 'x' }],
      /path/,
    ],
    ['a window that is not there', 'no_such_window', ['focus_window', { window: 12345 }], /list_windows/],
  ];
  test.each(cases)('%s: %s', async (_what, code, [tool, input], hint) => {
    const before = (await editor.journal()).length;
    const failure = failureOf(await server.call(tool, { ...input }));
    expect(failure.code).toBe(code);
    expect(failure.hint).toMatch(hint);
    expect((await editor.journal()).slice(before)).toEqual([]);
    expect(codeOf(await server.call('get_frontmost'))).toBe('ok');
  });

  test('both applications of one name are listed, and a path tells them apart', async () => {
    const { message } = failureOf(await server.call('open_application', { app: 'Notes' }));
    expect(message).toContain('/usr/bin/mousepad');
    expect(message).toContain('/usr/bin/galculator');
    const byPath = await server.call('open_application', { app: '/usr/bin/galculator' });
    expect(codeOf(byPath)).toBe('not_granted');
  });

  const malformed: readonly (readonly [what: string, tool: string, input: object])[] = [
    ['an unknown argument', 'left_click', { coordinate: [10, 10], force: true }],
    ['a missing argument', 'left_click', {}],
    ['a coordinate of one number', 'left_click', { coordinate: [10] }],
    ['a coordinate of words', 'left_click', { coordinate: ['ten', 'ten'] }],
    ['an empty text', 'type', { text: '' }],
    ['a thousand repeats', 'key', { text: 'a', repeat: 1000 }],
    ['too many notches', 'scroll', { coordinate: [1, 1], scroll_direction: 'down', scroll_amount: 1e6 }],
  ];
  test.each(malformed)('%s is refused with words', async (_what, tool, input) => {
    const before = (await editor.journal()).length;
    const answer = await server.call(tool, { ...input });
    expect(answer.isError).toBe(true);
    expect(answer.text).toMatch(/\w+ \w+/);
    expect((await editor.journal()).slice(before)).toEqual([]);
    expect(codeOf(await server.call('get_frontmost'))).toBe('ok');
  });

  test('and after all that a click arrives', async () => {
    await editor.activate();
    expect(codeOf(await server.call('left_click', { coordinate: [300, 200] }))).toBe('ok');
    const buttons = (await editor.journal()).filter(({ event }) => event === 'ButtonPress');
    expect(buttons).toHaveLength(1);
  });
});

describe('a display that is not there', () => {
  test('is said by every tool, and the server lives on', async () => {
    const desktop = await startDesktop({ wm: 'openbox' });
    for (const display of ['', ':9999']) {
      const server = await connectServer(desktop, { env: { DISPLAY: display } });
      for (const [tool, input] of [
        ['screenshot', {}],
        ['left_click', { coordinate: [1, 1] }],
        ['type', { text: 'x' }],
        ['request_access', { apps: ['mousepad'], reason: 'x' }],
      ] as const) {
        const failure = failureOf(await server.call(tool, input));
        expect([tool, failure.code]).toEqual([tool, 'desktop_unavailable']);
        expect(failure.hint).toContain('DISPLAY');
      }
      expect(codeOf(await server.call('list_granted_applications'))).toBe('ok');
      await server.close();
    }
    await desktop.close();
  });

  test('any more in the middle of a call is said, and a new one at its place is used', async () => {
    // other desktops take the first number that is free, also when its server was killed
    const { desktop, editor, server } = await startWithEditor({ number: LONELY + (process.pid % 10_000) });
    const typing = server.call('type', { text: 'x'.repeat(9000) });
    await eventually('some keys', async () => (await editor.journal()).length > 50);
    if (desktop.xPid === null) throw new Error('the X server is not ours');
    process.kill(desktop.xPid, 'SIGKILL');
    const { structured } = await typing;
    expect(structured).toMatchObject({ because: 'desktop_unavailable', total: 9000 });
    expect(structured['typed']).toBeGreaterThan(0);
    expect(codeOf(await server.call('screenshot'))).toBe('desktop_unavailable');

    const successor = desktop.own(
      startProcess({
        command: 'Xvfb',
        args: [desktop.display, '-auth', desktop.env['XAUTHORITY'] ?? '', '-noreset', '-nolisten', 'tcp'],
        env: desktop.env,
        cwd: desktop.folder,
      }),
    );
    await eventually('a picture of the new screen', async () => {
      if (!successor.isRunning()) throw new Error(successor.stderr());
      return codeOf(await server.call('screenshot')) === 'ok';
    });
    await desktop.close();
  });
});
