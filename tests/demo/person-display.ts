import { readFile, readlink } from 'node:fs/promises';
import { homedir } from 'node:os';
import { basename, join } from 'node:path';

import { Belongings } from '../lab/belongings.ts';
import { homeEnvironment, makeFolders, type Desktop } from '../lab/desktop.ts';
import { endLeftoversOf } from '../lab/leftovers.ts';
import { startSessionBus } from '../lab/session-bus.ts';
import { makeTemporaryFolder } from '../lab/temporary-folder.ts';
import { pidOf } from '../lab/windows.ts';
import { connectX, type XConnection } from '../lab/x-connection.ts';

/** Executables that the demo lets its agent use. */
const USED = ['mousepad', 'galculator', 'xterm', 'chromium'] as const;

const COOKIE_NAME = 'MIT-MAGIC-COOKIE-1';
const COOKIE_BYTES = 16;

/** The fields of an Xauthority file: for each entry a family, then address, number, name and data. */
function* entriesOf(file: Buffer): Generator<{ number: string; name: string; data: Buffer }> {
  let at = 0;
  const field = (): Buffer => {
    const length = file.readUInt16BE(at);
    at += 2 + length;
    return file.subarray(at - length, at);
  };
  while (at < file.length) {
    at += 2;
    field();
    yield { number: field().toString(), name: field().toString(), data: field() };
  }
}

/** The key to a display; zeros where the server lets its user in without one. */
async function cookieFor(display: string, authority: string): Promise<Buffer> {
  const number = /:(\d+)/.exec(display)?.[1] ?? '';
  const file = await readFile(authority).catch(() => Buffer.alloc(0));
  const entry = [...entriesOf(file)].find(
    (candidate) => candidate.name === COOKIE_NAME && ['', number].includes(candidate.number),
  );
  return entry?.data ?? Buffer.alloc(COOKIE_BYTES);
}

async function executableOf(x: XConnection, window: number): Promise<string> {
  const pid = await pidOf(x, window).catch(() => undefined);
  return pid === undefined ? '' : basename(await readlink(`/proc/${pid}/exe`).catch(() => ''));
}

/** What is allowed is a program, not a window: the agent could see and use the person's own windows of it too. */
async function refuseOwnWindows(x: XConnection, display: string): Promise<void> {
  const windows = await x.numbers(x.root, '_NET_CLIENT_LIST');
  const open = await Promise.all(windows.map((window) => executableOf(x, window)));
  const taken = USED.filter((name) => open.includes(name));
  if (taken.length === 0) return;
  throw new Error(
    `${taken.join(', ')}: open on display ${display}, so the agent of the demo could see or use windows of yours. ` +
      'Close them first, or run the demo without --display.',
  );
}

async function attachIn(folder: string, belongings: Belongings, display: string): Promise<Desktop> {
  await makeFolders(folder);
  const authority = process.env['XAUTHORITY'] ?? join(homedir(), '.Xauthority');
  const cookie = await cookieFor(display, authority);
  const x = belongings.own(await connectX({ display, cookie }));
  const [manager] = await x.numbers(x.root, '_NET_SUPPORTING_WM_CHECK');
  if (manager === undefined) throw new Error(`no window manager runs on display ${display}`);
  await refuseOwnWindows(x, display);
  const onDisplay = { ...homeEnvironment(folder, false), DISPLAY: display, XAUTHORITY: authority };
  const bus = belongings.own(await startSessionBus(folder, onDisplay));
  return {
    display,
    env: { ...onDisplay, DBUS_SESSION_BUS_ADDRESS: bus.address },
    folder,
    cookie,
    wm: 'other',
    xPid: null,
    wmPid: (await pidOf(x, manager)) ?? 0,
    x,
    own: (thing) => belongings.own(thing),
    close: () => belongings.close(),
  };
}

/** The display of a person, with a home folder and a session bus of the demo's own for what it starts there. */
export async function attachToDisplay(display: string): Promise<Desktop> {
  const belongings = new Belongings();
  const folder = belongings.own(await makeTemporaryFolder());
  belongings.own({ close: () => endLeftoversOf(folder.path) });
  return belongings.orClose(() => attachIn(folder.path, belongings, display));
}
