import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';

import { Belongings, type Closable } from './belongings.ts';
import { endLeftoversOf } from './leftovers.ts';
import type { Environment } from './owned-process.ts';
import { startAccessibility, startSessionBus } from './session-bus.ts';
import { makeTemporaryFolder } from './temporary-folder.ts';
import { startWindowManager, type WindowManagerName } from './window-manager.ts';
import { connectX, type XConnection } from './x-connection.ts';
import { startXServer } from './x-server.ts';

export interface DesktopOptions {
  readonly wm: WindowManagerName;
  readonly width?: number;
  readonly height?: number;
  /** Runs the accessibility bus; without it applications are told not to look for one. */
  readonly accessibility?: boolean;
  /** Lets clients connect over TCP too, still only with the cookie. */
  readonly tcp?: boolean;
  /** Has a place for a person with a keyboard and a mouse: see `sitDown`. */
  readonly seat?: boolean;
  /** Extensions that the X server lacks. */
  readonly lacks?: readonly string[];
  /** Of its display, which nobody else takes when its server ends; the first one that is free unless told. */
  readonly number?: number;
}

/** A desktop with its own X server, session bus, window manager and home folder. */
export interface Desktop extends Closable {
  /** Such as `:7`. */
  readonly display: string;
  /** The whole environment of what runs on this desktop; nothing is inherited but PATH. */
  readonly env: Environment;
  /** Everything that the desktop's processes write goes in here; removed on close. */
  readonly folder: string;
  readonly cookie: Buffer;
  /** `other` on a person's own display. */
  readonly wm: WindowManagerName | 'other';
  readonly wmPid: number;
  /** Of the X server; `null` on a person's own display. */
  readonly xPid: number | null;
  readonly x: XConnection;
  /** Closes `thing` before the desktop, unless it is closed already. */
  own<T extends Closable>(thing: T): T;
}

export const BACKGROUND = 0x2e5a7d;

const FOLDERS = [
  'home',
  'home/.config',
  'home/.cache',
  'home/.local/share',
  'state',
  'run',
  'tmp',
  'deskhand',
];

/** Where the system bus of the desktop in this folder would be. */
export const systemBusOf = (folder: string): string => `unix:path=${join(folder, 'run', 'system')}`;

export async function makeFolders(folder: string): Promise<void> {
  for (const name of FOLDERS) await mkdir(join(folder, name), { recursive: true, mode: 0o700 });
}

export function homeEnvironment(folder: string, accessibility: boolean): Environment {
  const home = join(folder, 'home');
  return {
    PATH: process.env['PATH'] ?? '/usr/bin:/bin',
    LANG: 'C.UTF-8',
    HOME: home,
    USER: 'person',
    TMPDIR: join(folder, 'tmp'),
    XDG_CONFIG_HOME: join(home, '.config'),
    XDG_CACHE_HOME: join(home, '.cache'),
    XDG_DATA_HOME: join(home, '.local/share'),
    XDG_STATE_HOME: join(folder, 'state'),
    XDG_RUNTIME_DIR: join(folder, 'run'),
    XDG_SESSION_TYPE: 'x11',
    // nobody is there, unless a test starts one
    DBUS_SYSTEM_BUS_ADDRESS: systemBusOf(folder),
    GDK_BACKEND: 'x11',
    GSETTINGS_BACKEND: 'memory',
    DESKHAND_HOME: join(folder, 'deskhand'),
    ...(accessibility ? { GTK_MODULES: 'gail:atk-bridge' } : { NO_AT_BRIDGE: '1' }),
  };
}

/** The socket through which a person uses the desktop in this folder. */
export const seatOf = (folder: string): string => join(folder, 'seat');

function paintBackground(x: XConnection): void {
  x.client.ChangeWindowAttributes(x.root, { backgroundPixel: BACKGROUND });
  x.client.ClearArea(x.root, 0, 0, 0, 0, 0);
}

async function startIn(folder: string, belongings: Belongings, options: DesktopOptions): Promise<Desktop> {
  const { wm, width = 1280, height = 800, accessibility = false, tcp = false, lacks = [], number } = options;
  const seat = options.seat === true ? seatOf(folder) : null;
  await makeFolders(folder);
  const home = homeEnvironment(folder, accessibility);
  const server = belongings.own(
    await startXServer({ folder, env: home, width, height, tcp, seat, lacks, number }),
  );
  const display = `:${server.number}`;
  const onDisplay = { ...home, DISPLAY: display, XAUTHORITY: server.authority };
  const bus = belongings.own(await startSessionBus(folder, onDisplay));
  const env = { ...onDisplay, DBUS_SESSION_BUS_ADDRESS: bus.address };
  if (accessibility) belongings.own(await startAccessibility(folder, env));
  const x = belongings.own(await connectX({ display, cookie: server.cookie }));
  const manager = belongings.own(await startWindowManager({ name: wm, x, env, folder }));
  paintBackground(x);
  await x.client.sync();
  return {
    display,
    env,
    folder,
    cookie: server.cookie,
    wm,
    wmPid: manager.pid,
    xPid: server.pid,
    x,
    own: (thing) => belongings.own(thing),
    close: () => belongings.close(),
  };
}

/** Starts a desktop, and waits until its window manager is up. */
export async function startDesktop(options: DesktopOptions): Promise<Desktop> {
  const belongings = new Belongings();
  const folder = belongings.own(await makeTemporaryFolder());
  belongings.own({ close: () => endLeftoversOf(folder.path) });
  return belongings.orClose(() => startIn(folder.path, belongings, options));
}
