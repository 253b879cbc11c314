import { appendFile, chmod, copyFile, mkdtemp, rename, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';

import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest';

import { Belongings } from '../lab/belongings.ts';
import { startDesktop, type Desktop } from '../lab/desktop.ts';
import {
  openFixtureWindow,
  type FixtureOptions,
  type FixtureWindow,
  type Opening,
} from '../lab/fixture-window.ts';
import { startSentinel, type Sentinel } from '../lab/sentinel.ts';
import { connectServer, type ToolClient } from '../lab/tool-client.ts';
import { codeOf } from './answers.ts';
import { makeExecutables } from './executables.ts';
import { rowFor, writeGrants } from './grant-rows.ts';

const PLACE = { x: 200, y: 150, width: 300, height: 200 };
const MIDDLE = [350, 250];
const PRESSES = new Set(['ButtonPress', 'KeyPress']);

const NAMES = ['myeditor', 'stranger', 'keepassxc'] as const;

let desktop: Desktop;
let sentinel: Sentinel;
let server: ToolClient;
let executables: Readonly<Record<(typeof NAMES)[number], string>>;

const opened = new Belongings();

beforeAll(async () => {
  desktop = await startDesktop({ wm: 'openbox', tcp: true });
  sentinel = await startSentinel(desktop);
  executables = await makeExecutables(desktop, NAMES);
  server = await connectServer(desktop);
});
afterAll(() => desktop.close());
afterEach(() => opened.close());

async function open(options: FixtureOptions, look: Partial<Opening> = {}): Promise<FixtureWindow> {
  return opened.own(await openFixtureWindow(desktop, { place: PLACE, ...look }, options));
}

const allow = (...paths: readonly string[]): void =>
  writeGrants(
    desktop,
    paths.map((path) => rowFor(path)),
  );

/** A click into the middle and two letters: what was answered, what the window got, and what was made at all. */
async function use(window: FixtureWindow) {
  const before = (await window.journal()).length;
  await sentinel.forget();
  const click = codeOf(await server.call('left_click', { coordinate: MIDDLE }));
  const type = codeOf(await server.call('type', { text: 'ab' }));
  const got = (await window.journal()).slice(before).map(({ event }) => event);
  const made = await sentinel.events();
  return { click, type, got: got.filter((event) => PRESSES.has(event)), isAnythingMade: made.length > 0 };
}

const REACHED = {
  click: 'ok',
  type: 'ok',
  got: ['ButtonPress', 'KeyPress', 'KeyPress'],
  isAnythingMade: true,
};

const refused = (code: string) => ({ click: code, type: code, got: [], isAnythingMade: false });

describe('what a window says of itself counts for nothing', () => {
  test('a stranger with the class, title and process id of a granted editor is refused', async () => {
    allow(executables.myeditor);
    const editor = await open({ executable: executables.myeditor }, { title: 'notes - myeditor' });
    await editor.activate();
    expect(await use(editor)).toEqual(REACHED);

    const stranger = await open(
      { executable: executables.stranger },
      { title: 'notes - myeditor', windowClass: ['myeditor', 'Myeditor'], pid: editor.pid },
    );
    await stranger.activate();
    expect(await use(stranger)).toEqual(refused('not_granted'));

    allow(executables.myeditor, executables.stranger);
    expect(await use(stranger)).toEqual(REACHED);
  });

  test('a password manager that looks like a granted editor is refused', async () => {
    allow(executables.myeditor, executables.keepassxc);
    const liar = await open(
      { executable: executables.keepassxc },
      { windowClass: ['myeditor', 'Myeditor'], title: 'myeditor' },
    );
    await liar.activate();
    expect(await use(liar)).toEqual(refused('protected_app'));

    const humble = await open(
      { executable: executables.myeditor },
      { windowClass: ['keepassxc', 'KeePassXC'], title: 'KeePassXC' },
    );
    await humble.activate();
    expect(await use(humble)).toEqual(REACHED);
  });

  test('without a process id on its window a stranger is refused, and a granted editor still works', async () => {
    allow(executables.myeditor);
    const stranger = await open({ executable: executables.stranger }, { pid: 'none' });
    await stranger.activate();
    expect(await use(stranger)).toEqual(refused('not_granted'));

    const editor = await open({ executable: executables.myeditor }, { pid: 'none' });
    await editor.activate();
    expect(await use(editor)).toEqual(REACHED);
  });

  test('a dialog that claims to belong to a granted editor is refused', async () => {
    allow(executables.myeditor);
    const editor = await open({ executable: executables.myeditor });
    const dialog = await open({ executable: executables.stranger }, { transientFor: editor.window });
    await dialog.activate();
    expect(await use(dialog)).toEqual(refused('not_granted'));

    const own = await editor.fixture.open({ place: PLACE, transientFor: editor.window });
    await own.activate();
    expect(await use(own)).toEqual(REACHED);
  });

  test('a dialog of a granted editor over a password manager is refused', async () => {
    allow(executables.myeditor);
    const manager = await open({ executable: executables.keepassxc });
    const dialog = await open({ executable: executables.myeditor }, { transientFor: manager.window });
    await dialog.activate();
    expect(await use(dialog)).toEqual(refused('protected_app'));
  });

  test('a client over TCP is refused, and the same program on this computer works', async () => {
    allow(executables.myeditor);
    const remote = await open({ executable: executables.myeditor, tcp: true });
    await remote.activate();
    expect(await use(remote)).toEqual(refused('unknown_app'));

    const local = await open({ executable: executables.myeditor });
    await local.activate();
    expect(await use(local)).toEqual(REACHED);
  });
});

describe('the file that runs is the one that was allowed', () => {
  async function ownExecutable(): Promise<string> {
    const path = join(await mkdtemp(join(desktop.folder, 'own-')), 'diary');
    await copyFile(process.execPath, path);
    return path;
  }

  test('a program whose file was deleted is refused', async () => {
    const executable = await ownExecutable();
    allow(executable);
    const window = await open({ executable });
    await window.activate();
    expect(await use(window)).toEqual(REACHED);

    await rm(executable);
    expect(await use(window)).toEqual(refused('unknown_app'));
  });

  test('a program whose file was replaced is refused, and so is the replacement until it is allowed', async () => {
    const executable = await ownExecutable();
    allow(executable);
    const window = await open({ executable });
    await window.activate();
    expect(await use(window)).toEqual(REACHED);

    const other = await ownExecutable();
    await appendFile(other, 'changed');
    await rename(other, executable);
    expect(await use(window)).toEqual(refused('unknown_app'));

    const successor = await open({ executable });
    await successor.activate();
    expect(await use(successor)).toEqual(refused('not_granted'));
    allow(executable);
    expect(await use(successor)).toEqual(REACHED);
  });

  test('a script is not its interpreter and not its name, but itself', async () => {
    const folder = await mkdtemp(join(desktop.folder, 'own-'));
    const [script, other] = [join(folder, 'mousepad'), join(folder, 'other')];
    for (const file of [script, other]) {
      await writeFile(file, `#!${process.execPath}\nimport(process.argv[2]);\n`);
      await chmod(file, 0o755);
    }
    const keyOf = (file: string) => `linux+argv:${process.execPath} ${file}`;
    allow(process.execPath, '/usr/bin/mousepad', script);
    const window = await open({ executable: script });
    await window.activate();
    expect(await use(window)).toEqual(refused('not_granted'));

    writeGrants(desktop, [rowFor(process.execPath, { app: keyOf(other) })]);
    expect(await use(window)).toEqual(refused('not_granted'));

    writeGrants(desktop, [rowFor(process.execPath, { app: keyOf(script) })]);
    expect(await use(window)).toEqual(REACHED);
  });
});

describe('input goes where it seems to go', () => {
  test('a window without the window manager over a granted editor is refused', async () => {
    allow(executables.myeditor);
    const editor = await open({ executable: executables.myeditor });
    await editor.activate();
    const cover = await open({ executable: executables.stranger }, { overrideRedirect: true });
    expect(await use(cover)).toMatchObject({ click: 'not_granted', got: [] });

    await cover.change({ input: 'none' });
    expect(await use(editor)).toEqual(REACHED);
    expect((await cover.journal()).filter(({ event }) => PRESSES.has(event))).toEqual([]);
  });

  test('a menu of the granted editor itself works', async () => {
    allow(executables.myeditor);
    const editor = await open({ executable: executables.myeditor });
    await editor.activate();
    const menu = await editor.fixture.open({ place: PLACE, overrideRedirect: true });
    expect(await use(menu)).toMatchObject({ click: 'ok', got: ['ButtonPress'] });
  });

  test('keys are refused while another program has grabbed the keyboard', async () => {
    allow(executables.myeditor);
    const editor = await open({ executable: executables.myeditor });
    const thief = await open({ executable: executables.stranger }, { place: { ...PLACE, x: 800 } });
    await editor.activate();
    expect(await thief.grabKeyboard()).toBe(0);
    await sentinel.forget();
    const answer = await server.call('type', { text: 'secret' });
    expect([codeOf(answer), await sentinel.events()]).toEqual(['foreign_grab', []]);

    await thief.fixture.releaseKeyboard();
    expect(await use(editor)).toEqual(REACHED);
    expect((await thief.journal()).filter(({ event }) => PRESSES.has(event))).toEqual([]);
  });

  test('clicks are refused while another program has grabbed the pointer', async () => {
    allow(executables.myeditor);
    const editor = await open({ executable: executables.myeditor });
    const thief = await open({ executable: executables.stranger }, { place: { ...PLACE, x: 800 } });
    await editor.activate();
    expect(await thief.grabPointer()).toBe(0);
    await sentinel.forget();
    const answer = await server.call('left_click', { coordinate: MIDDLE });
    expect([codeOf(answer), await sentinel.events()]).toEqual(['foreign_grab', []]);

    await thief.fixture.releasePointer();
    expect(await use(editor)).toEqual(REACHED);
    expect((await thief.journal()).filter(({ event }) => PRESSES.has(event))).toEqual([]);
  });

  test('with nobody in front nothing is made, and a picture is taken', async () => {
    allow(executables.myeditor);
    await sentinel.forget();
    const answers = [
      await server.call('left_click', { coordinate: MIDDLE }),
      await server.call('type', { text: 'ab' }),
      await server.call('screenshot'),
    ];
    expect([answers.map(codeOf), await sentinel.events()]).toEqual([
      ['unknown_app', 'unknown_app', 'ok'],
      [],
    ]);
    const editor = await open({ executable: executables.myeditor });
    await editor.activate();
    expect(await use(editor)).toEqual(REACHED);
  });
});
