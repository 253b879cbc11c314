import { readdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';

import { Belongings, type Closable } from './belongings.ts';
import { homeEnvironment, makeFolders } from './desktop.ts';
import { eventually } from './eventually.ts';
import { endLeftoversOf } from './leftovers.ts';
import { run, startProcess, type Environment } from './owned-process.ts';
import { startAccessibility, startSessionBus } from './session-bus.ts';
import { makeTemporaryFolder } from './temporary-folder.ts';

export interface SwayOptions {
  readonly width?: number;
  readonly height?: number;
  /** Lines of sway's configuration. */
  readonly config?: readonly string[];
  /** Runs the accessibility bus; without it applications are told not to look for one. */
  readonly accessibility?: boolean;
  /** A file into which sway writes what programs ask of it. */
  readonly log?: string;
}

/** A Wayland desktop without a screen of its own: sway, a session bus and a home folder. */
export interface SwayLab extends Closable {
  readonly env: Environment;
  readonly folder: string;
  /** SWAYSOCK. */
  readonly socket: string;
  /** The path of the Wayland socket. */
  readonly waylandDisplay: string;
  own<T extends Closable>(thing: T): T;
  /** Asks sway from outside, through its own command. */
  ask(...args: readonly string[]): Promise<string>;
}

// Sway refuses to run as root, so root becomes somebody else in a namespace of its own.
const AS_ORDINARY_USER = ['unshare', '--user', '--map-user=1000', '--map-group=1000'];

async function startIn(folder: string, belongings: Belongings, options: SwayOptions): Promise<SwayLab> {
  const { width = 1280, height = 800, config = [], accessibility = false, log } = options;
  await makeFolders(folder);
  const runtime = join(folder, 'run');
  const socket = join(runtime, 'sway.sock');
  const configFile = join(folder, 'sway.conf');
  const home = {
    ...homeEnvironment(folder, accessibility),
    XDG_SESSION_TYPE: 'wayland',
    XDG_CURRENT_DESKTOP: 'sway',
    GDK_BACKEND: 'wayland',
  };
  const lines = [
    'xwayland disable',
    `output HEADLESS-1 resolution ${width}x${height} position 0 0`,
    'default_border pixel 1',
    ...config,
  ];
  await writeFile(configFile, `${lines.join('\n')}\n`);
  const [command = 'sway', ...args] = [
    ...(process.getuid?.() === 0 ? AS_ORDINARY_USER : []),
    ...(log === undefined ? [] : ['sh', '-c', 'exec "$@" 2>"$0"', join(folder, log)]),
    ...['sway', '--config', configFile],
  ];
  const sway = belongings.own(
    startProcess({
      command,
      args,
      env: {
        ...home,
        SWAYSOCK: socket,
        WLR_BACKENDS: 'headless',
        WLR_LIBINPUT_NO_DEVICES: '1',
        WLR_RENDERER: 'pixman',
        ...(log !== undefined && { WAYLAND_DEBUG: 'server' }),
      },
      cwd: folder,
    }),
  );
  const name = await eventually('sway', async () => {
    if (!sway.isRunning()) throw new Error(`sway ended: ${sway.stderr()}`);
    const names = await readdir(runtime);
    return names.includes('sway.sock') ? names.find((file) => /^wayland-\d+$/.test(file)) : undefined;
  });
  const waylandDisplay = join(runtime, name);
  const bus = belongings.own(await startSessionBus(folder, home));
  const env = {
    ...home,
    SWAYSOCK: socket,
    WAYLAND_DISPLAY: name,
    DBUS_SESSION_BUS_ADDRESS: bus.address,
  };
  if (accessibility) belongings.own(await startAccessibility(folder, env));
  return {
    env,
    folder,
    socket,
    waylandDisplay,
    own: (thing) => belongings.own(thing),
    ask: (...question) => run({ command: 'swaymsg', args: question, env, cwd: folder }),
    close: () => belongings.close(),
  };
}

/** Starts sway on a screen that nobody sees. */
export async function startSway(options: SwayOptions = {}): Promise<SwayLab> {
  const belongings = new Belongings();
  const folder = belongings.own(await makeTemporaryFolder());
  belongings.own({ close: () => endLeftoversOf(folder.path) });
  return belongings.orClose(() => startIn(folder.path, belongings, options));
}
