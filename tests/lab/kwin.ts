import { once, type EventEmitter } from 'node:events';
import { existsSync, readFileSync } from 'node:fs';
import { copyFile } from 'node:fs/promises';
import { join } from 'node:path';
import { runInNewContext } from 'node:vm';

import { Message, MessageType, sessionBus, type MessageBus } from '@jellybrick/dbus-next';
import { z } from 'zod';

import { Belongings, type Closable } from './belongings.ts';
import { homeEnvironment, makeFolders } from './desktop.ts';
import { eventually } from './eventually.ts';
import { endLeftoversOf } from './leftovers.ts';
import { startProcess, type Environment } from './owned-process.ts';
import { startSessionBus } from './session-bus.ts';
import { makeTemporaryFolder } from './temporary-folder.ts';
import type { Rect } from './windows.ts';

const KWIN = '/usr/bin/kwin_wayland';
const NAME = 'org.kde.KWin';
const SOCKET = 'wayland-kwin';

export const isKwinInstalled = (): boolean => existsSync(KWIN);

/** Surroundings as in a session of Plasma on Wayland, still without KWin. */
export interface PlasmaLab extends Closable {
  readonly env: Environment;
  readonly folder: string;
  readonly bus: string;
  own<T extends Closable>(thing: T): T;
}

export async function startPlasma(): Promise<PlasmaLab> {
  const belongings = new Belongings();
  const { path: folder } = belongings.own(await makeTemporaryFolder());
  belongings.own({ close: () => endLeftoversOf(folder) });
  return belongings.orClose(async () => {
    await makeFolders(folder);
    const home = { ...homeEnvironment(folder, false), XDG_SESSION_TYPE: 'wayland', GDK_BACKEND: 'wayland' };
    const bus = belongings.own(await startSessionBus(folder, home));
    const plasma = { XDG_CURRENT_DESKTOP: 'KDE', WAYLAND_DISPLAY: SOCKET };
    return {
      env: { ...home, ...plasma, DBUS_SESSION_BUS_ADDRESS: bus.address },
      folder,
      bus: bus.address,
      own: (thing) => belongings.own(thing),
      close: () => belongings.close(),
    };
  });
}

/** Starts the real KWin on a screen that nobody sees. */
export async function startKwin(lab: PlasmaLab): Promise<void> {
  // the installed file has rights that not every machine lets programs have
  const command = join(lab.folder, 'kwin_wayland');
  await copyFile(KWIN, command);
  const args = ['--virtual', '--width', '800', '--height', '600', '--no-lockscreen', '--no-global-shortcuts'];
  const env = { ...lab.env, KWIN_COMPOSE: 'Q' };
  const kwin = lab.own(startProcess({ command, args: [...args, '--socket', SOCKET], env, cwd: lab.folder }));
  await eventually('KWin', () => {
    if (!kwin.isRunning()) throw new Error(`kwin_wayland ended: ${kwin.stderr()}`);
    return existsSync(join(lab.folder, 'run', SOCKET));
  });
}

/** A window as scripts in KWin see it. */
export interface ScriptedWindow {
  readonly id: string;
  /** The class of the window in KWin. */
  readonly kind: string;
  readonly pid: number;
  readonly title: string;
  readonly rect: Rect;
  readonly isActive: boolean;
}

export interface FakeKwinOptions {
  readonly version: 5 | 6;
  /** From the bottom to the top. */
  readonly windows: readonly ScriptedWindow[];
  /** What another program on the bus says in KWin's place, before KWin does. */
  readonly lie?: string;
  /** Takes scripts, and never runs them. */
  readonly isMute?: boolean;
}

const Loaded = z.tuple([z.string(), z.string()]);
const Called = z.tuple([z.string(), z.string(), z.string(), z.string(), z.string()]);

async function connect(address: string): Promise<MessageBus> {
  const bus: MessageBus = sessionBus({ busAddress: address });
  const emitter: EventEmitter = bus;
  emitter.on('error', () => undefined); // the bus ended first
  await once(emitter, 'connect');
  return bus;
}

/** A program with KWin's name on the bus, which runs scripts on windows that a test made up. */
export async function startFakeKwin(lab: PlasmaLab, options: FakeKwinOptions): Promise<Closable> {
  const [kwin, stranger] = [await connect(lab.bus), await connect(lab.bus)];
  const scripts: string[] = [];
  const pathOf = (index: number) => (options.version === 6 ? `/Scripting/Script${index}` : `/${index}`);
  const say = (bus: MessageBus, args: unknown) => {
    const [destination, path, iface, member, text] = Called.parse(args);
    bus.send(new Message({ destination, path, interface: iface, member, signature: 's', body: [text] }));
  };
  const runScript = (text: string) => {
    if (options.isMute === true) return;
    const workspace = workspaceOf(options);
    const callDBus = (...args: readonly unknown[]) => {
      if (options.lie !== undefined) say(stranger, [...args.slice(0, 4), options.lie]);
      say(kwin, args);
    };
    runInNewContext(text, { workspace, callDBus });
  };
  const answer = ({ member, path, body }: Message): { signature: string; body: unknown[] } | null => {
    if (member === 'loadScript') {
      scripts.push(readFileSync(Loaded.parse(body)[0], 'utf8'));
      return { signature: 'i', body: [scripts.length - 1] };
    }
    if (member === 'unloadScript') return { signature: 'b', body: [true] };
    const script = scripts.find((_, index) => member === 'run' && path === pathOf(index));
    if (script === undefined) return null;
    runScript(script);
    return { signature: '', body: [] };
  };
  kwin.addMethodHandler((message: Message) => {
    const reply = message.type === MessageType.METHOD_CALL ? answer(message) : null;
    if (reply === null) return false;
    kwin.send(Message.newMethodReturn(message, reply.signature, reply.body));
    return true;
  });
  await kwin.requestName(NAME);
  return lab.own({
    close: () => {
      kwin.disconnect();
      stranger.disconnect();
      return Promise.resolve();
    },
  });
}

/** `workspace` of a script; versions 5 and 6 name things differently. */
function workspaceOf({ version, windows }: FakeKwinOptions): unknown {
  const scripted = windows.map(({ id, kind, pid, title, rect, isActive }, index) => ({
    internalId: id,
    pid,
    caption: title,
    [version === 5 ? 'frameGeometry' : 'clientGeometry']: rect,
    active: isActive,
    minimized: false,
    desktopWindow: false,
    dock: false,
    deleted: false,
    ...(version === 5 && { stackingOrder: index }),
    toString: () => `${kind}(0x5566)`,
  }));
  const virtualScreenSize = { width: 800, height: 600 };
  return version === 5
    ? { clientList: () => scripted.toReversed(), virtualScreenSize }
    : { windowList: () => scripted.toReversed(), stackingOrder: scripted, virtualScreenSize };
}
