import { mkdirSync, writeFileSync } from 'node:fs';
import { userInfo } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { text } from 'node:stream/consumers';
import { CliError, spawnOwned } from '@deskhand/server-runtime';
import { isInstalled } from '../is-installed.ts';
import type { PrivateDesktop } from '../private-desktop.ts';

/** Larger than the windows of the drill need. */
const CONFIG = `xwayland disable
output HEADLESS-1 resolution 1600x1000 position 0 0
exec echo $WAYLAND_DISPLAY
`;
const NEEDED = ['sway', 'grim'];
/** Sway refuses to run as root, who is somebody else in a namespace of their own. */
const AS_ORDINARY_USER = ['unshare', '--user', '--map-user=1000', '--map-group=1000'];

/**
 * A sway without a screen.
 *
 * @throws CliError when a program for it is not installed
 */
export async function openPrivateSway(folder: string, env: PrivateDesktop['env']): Promise<PrivateDesktop> {
  if (!NEEDED.every((command) => isInstalled(command, env))) {
    throw new CliError('a sway of its own needs sway and grim', { hint: 'Run: sudo apt install sway grim' });
  }
  const runtime = join(folder, 'run');
  mkdirSync(runtime, { mode: 0o700 });
  const config = join(folder, 'sway.conf');
  writeFileSync(config, CONFIG);
  const socket = join(runtime, 'sway.sock');
  const headless = { WLR_BACKENDS: 'headless', WLR_LIBINPUT_NO_DEVICES: '1', WLR_RENDERER: 'pixman' };
  const others = { ...env, DISPLAY: undefined, WAYLAND_DISPLAY: undefined };
  const start = ['sway', '--config', config];
  const [command = '', ...args] = userInfo().uid === 0 ? [...AS_ORDINARY_USER, ...start] : start;
  const sway = await spawnOwned(command, args, {
    env: { ...others, ...headless, XDG_RUNTIME_DIR: runtime, SWAYSOCK: socket },
    cwd: folder,
  });
  const wrote = sway.stderr === undefined ? Promise.resolve('') : text(sway.stderr);
  const first = await createInterface({ input: sway.stdout })[Symbol.asyncIterator]().next();
  if (first.done === true) throw new CliError(`sway did not start: ${(await wrote).trim()}`);
  return {
    name: 'a sway of its own',
    args: ['--backend', 'sway'],
    env: { ...others, WAYLAND_DISPLAY: join(runtime, first.value), SWAYSOCK: socket },
    close: () => sway.close(),
  };
}
