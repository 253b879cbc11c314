import { copyFile } from 'node:fs/promises';
import { join } from 'node:path';

import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest';

import type { Closable } from '../lab/belongings.ts';
import { eventually } from '../lab/eventually.ts';
import { isKwinInstalled, startFakeKwin, startKwin, startPlasma, type PlasmaLab } from '../lab/kwin.ts';
import { startProcess } from '../lab/owned-process.ts';
import { connectServer, type ToolClient } from '../lab/tool-client.ts';
import { codeOf } from './answers.ts';
import { rowFor, writeGrants } from './grant-rows.ts';

let lab: PlasmaLab;
let server: ToolClient;
let mine: { readonly executable: string; readonly pid: number };
let stranger: { readonly executable: string; readonly pid: number };

async function programNamed(name: string): Promise<typeof mine> {
  const executable = join(lab.folder, name);
  await copyFile('/usr/bin/sleep', executable);
  const { pid } = lab.own(
    startProcess({ command: executable, args: ['600'], env: lab.env, cwd: lab.folder }),
  );
  return { executable, pid };
}

beforeAll(async () => {
  lab = await startPlasma();
  [mine, stranger] = [await programNamed('mine'), await programNamed('stranger')];
  writeGrants(lab, [rowFor(mine.executable)]);
  server = await connectServer(lab);
});
afterAll(() => lab.close());

const WAYLAND = 'KWin::XdgToplevelWindow';
const windowsOf = (kind = WAYLAND) => [
  {
    id: '{b}',
    kind,
    pid: stranger.pid,
    title: 'secret',
    rect: { x: 0, y: 0, width: 99, height: 99 },
    isActive: false,
  },
  {
    id: '{a}',
    kind,
    pid: mine.pid,
    title: 'page',
    rect: { x: 9, y: 9, width: 50, height: 40 },
    isActive: true,
  },
];

describe.each([5, 6] as const)('a session of KWin %i', (version) => {
  let kwin: Closable | null = null;
  const start = async (about: Partial<Parameters<typeof startFakeKwin>[1]> = {}) => {
    kwin = await startFakeKwin(lab, { version, windows: windowsOf(), ...about });
  };
  afterEach(async () => kwin?.close());

  test('tells who is in front, and the windows with their owners, the topmost first', async () => {
    await start();
    const front = await server.call('get_frontmost');
    expect(front.structured).toMatchObject({
      tier: 'full',
      frontmost: { executable: mine.executable, granted: true },
    });
    const { structured, text } = await server.call('list_windows');
    expect(structured['windows']).toMatchObject([{ granted: true, active: true }, { granted: false }]);
    expect(text).toContain('page');
    expect(text).not.toContain('secret');
  });

  test('a window of X11 belongs to nobody, because it says itself whose it is', async () => {
    await start({ windows: windowsOf('KWin::X11Window') });
    const { structured } = await server.call('get_frontmost');
    expect(structured).toMatchObject({ tier: 'none', frontmost: null });
  });

  test('what another program says in the place of KWin is not heard', async () => {
    const lie = JSON.stringify({ windows: [], screen: { width: 1, height: 1 } });
    await start({ lie });
    const { structured } = await server.call('get_frontmost');
    expect(structured).toMatchObject({ frontmost: { executable: mine.executable } });
  });

  test.each([
    ['screenshot', {}],
    ['left_click', { coordinate: [20, 20] }],
    ['type', { text: 'a' }],
    ['key', { text: 'ctrl+a' }],
  ])('%s is not to be had, and says why and what to do', async (tool, args) => {
    await start();
    const { text } = await server.call(tool, args);
    expect(text).toContain('Plasma on Wayland can only be looked at');
    expect(text).toContain('Plasma (X11)');
  });
});

test('a KWin that runs no scripts, or is not there, is said so with what to try', async () => {
  const mute = await startFakeKwin(lab, { version: 6, windows: windowsOf(), isMute: true });
  const late = await server.call('get_frontmost');
  await mute.close();
  expect(late.text).toContain('did not call back in time');
  const none = await server.call('get_frontmost');
  expect(none.text).toContain('qdbus org.kde.KWin');
  expect([codeOf(late), codeOf(none)]).toEqual(['desktop_unavailable', 'desktop_unavailable']);
});

test.skipIf(!isKwinInstalled())(
  'the real KWin tells its windows (kwin_wayland has to be installed)',
  async () => {
    await startKwin(lab);
    const executable = join(lab.folder, 'dialog');
    await copyFile('/usr/bin/zenity', executable);
    const args = ['--entry', '--title=a real one'];
    lab.own(startProcess({ command: executable, args, env: lab.env, cwd: lab.folder }));
    writeGrants(lab, [rowFor(executable)]);
    const front = await eventually('the dialog in front', async () => {
      const { structured } = await server.call('get_frontmost');
      return JSON.stringify(structured).includes(executable) ? structured : undefined;
    });
    expect(front).toMatchObject({ tier: 'full', frontmost: { executable, granted: true } });
    const { text } = await server.call('list_windows');
    expect(text).toContain('a real one');
  },
);
