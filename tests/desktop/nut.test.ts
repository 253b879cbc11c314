import { loadBackend, type Desktop as Adapter, type Judge } from '@deskhand/computer-use-mcp/desktop';
import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest';

import { startDesktop, type Desktop } from '../lab/desktop.ts';
import { startFixture, type FixtureWindow } from '../lab/fixture-window.ts';
import { run } from '../lab/owned-process.ts';
import { connectServer, type ToolClient } from '../lab/tool-client.ts';
import { openZenity } from '../lab/zenity.ts';
import { codeOf } from './answers.ts';
import { makeExecutables } from './executables.ts';
import { rowFor, writeGrants } from './grant-rows.ts';

const allow: Judge = () => ({
  allowed: true,
  code: 'allowed',
  tier: 'full',
  needed: 'full',
  warnings: [],
});

const PRINTABLE = Array.from({ length: 95 }, (_, index) => String.fromCodePoint(0x20 + index));
const SIZE = { width: 300, height: 200 };
const BEYOND = Array.from('äß€漢🎉');

describe('text through nut-js', () => {
  let lab: Desktop;
  let adapter: Adapter;
  beforeAll(async () => {
    lab = await startDesktop({ wm: 'openbox' });
    // the library reads it by itself
    vi.stubEnv('DISPLAY', lab.display).stubEnv('XAUTHORITY', lab.env['XAUTHORITY']);
    const make = await loadBackend({ kind: 'nut', platform: 'linux', display: lab.display });
    adapter = make({ isOwnDialog: () => false, abortKey: null, env: lab.env });
  });
  afterAll(async () => {
    vi.unstubAllEnvs();
    await adapter.close();
    await lab.close();
  });

  const steps = { signal: new AbortController().signal, onDone: () => Promise.resolve() };
  const isTyped = (text: string) =>
    adapter.type(text, allow, steps).then(
      () => true,
      (error: unknown) => {
        if (error instanceof Error && error.name === 'DesktopLacks') return false;
        throw error;
      },
    );

  test.each([
    ['us', 95],
    ['us(dvorak)', 95],
    ['de', 80],
    ['fr', 75],
    ['ru', 25],
    ['gr', 40],
  ])('with the layout %s each character is right or refused', async (layout, atLeast) => {
    const [name = '', variant = ''] = layout.split(/[()]/);
    await run({
      command: 'setxkbmap',
      args: ['-layout', name, '-variant', variant],
      env: lab.env,
      cwd: lab.folder,
    });
    const dialog = await openZenity(lab, ['--entry', '--text=Name']);
    await dialog.activate();
    const typed: string[] = [];
    for (const character of [...PRINTABLE, ...BEYOND]) if (await isTyped(character)) typed.push(character);
    expect(typed.length).toBeGreaterThanOrEqual(atLeast);
    expect(await isTyped('\n')).toBe(true);
    expect((await dialog.answer()).text).toBe(typed.join(''));
  });

  test('a text with one character that is refused is refused whole', async () => {
    const dialog = await openZenity(lab, ['--entry', '--text=Name']);
    await dialog.activate();
    expect(await isTyped('1 漢')).toBe(false);
    expect(await isTyped('1\n')).toBe(true);
    expect((await dialog.answer()).text).toBe('1');
  });
});

describe('the server with CU_BACKEND=nut', () => {
  let lab: Desktop;
  let mine: FixtureWindow;
  let stranger: FixtureWindow;
  let server: ToolClient;
  beforeAll(async () => {
    lab = await startDesktop({ wm: 'openbox' });
    const executables = await makeExecutables(lab, ['mine', 'stranger']);
    const open = (executable: string, x: number) =>
      startFixture(lab, { executable }).open({
        place: { x, y: 60, ...SIZE },
        fill: 0x40a0f0,
        title: executable,
      });
    mine = await open(executables.mine, 60);
    stranger = await open(executables.stranger, 500);
    writeGrants(lab, [rowFor(executables.mine)]);
    server = await connectServer(lab, { env: { CU_BACKEND: 'nut' } });
  });
  afterAll(() => lab.close());

  test('a click on the granted window counts, and one on the other is refused', async () => {
    await mine.activate();
    await server.call('screenshot');
    expect(codeOf(await server.call('left_click', { coordinate: [200, 150] }))).toBe('ok');
    expect(codeOf(await server.call('left_click', { coordinate: [650, 150] }))).toBe('not_granted');
  });

  test('keys go to the granted window, and not to the other', async () => {
    await mine.activate();
    expect(codeOf(await server.call('type', { text: 'abc' }))).toBe('ok');
    expect(codeOf(await server.call('type', { text: '漢' }))).toBe('not_on_this_desktop');
    await stranger.activate();
    expect(codeOf(await server.call('type', { text: 'abc' }))).toBe('not_granted');
  });
});

test('a display that is not there is an answer, and no end of the process', async () => {
  const lab = await startDesktop({ wm: 'openbox' });
  try {
    const server = await connectServer(lab, {
      env: { CU_BACKEND: 'nut', DISPLAY: ':987' },
    });
    expect(codeOf(await server.call('screenshot'))).toBe('desktop_unavailable');
    expect(codeOf(await server.call('cursor_position'))).toBe('desktop_unavailable');
    const other = await connectServer(lab, {
      env: { CU_BACKEND: 'nut', DISPLAY: ':987' },
      args: ['--display', lab.display],
    });
    expect(codeOf(await other.call('screenshot'))).toBe('desktop_unavailable');
  } finally {
    await lab.close();
  }
});
