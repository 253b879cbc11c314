import { randomBytes } from 'node:crypto';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { text } from 'node:stream/consumers';
import { CliError, spawnOwned } from '@deskhand/server-runtime';
import { isInstalled } from '../is-installed.ts';
import type { PrivateDesktop } from '../private-desktop.ts';

/** Larger than the windows of the drill need. */
const SCREEN = '1600x1000x24';
/** The first one that is installed manages the windows. */
const WINDOW_MANAGERS: readonly (readonly [command: string, ...args: string[]])[] = [
  ['openbox', '--sm-disable'],
  ['xfwm4', '--compositor=off', '--sm-client-disable'],
  ['icewm'],
  ['metacity', '--no-composite'],
  ['marco', '--no-composite'],
  ['kwin_x11'],
];
const COOKIE_NAME = 'MIT-MAGIC-COOKIE-1';
const ANY_ADDRESS = Buffer.from([0xff, 0xff]);

/**
 * An X server with a window manager.
 *
 * @throws CliError when a program for it is not installed
 */
export async function openPrivateDisplay(
  folder: string,
  env: PrivateDesktop['env'],
): Promise<PrivateDesktop> {
  const [command, ...args] = WINDOW_MANAGERS.find(([name]) => isInstalled(name, env)) ?? [];
  if (!isInstalled('Xvfb', env) || command === undefined) {
    throw new CliError('a display of its own needs Xvfb and a window manager', {
      hint: 'Run: sudo apt install xvfb openbox, or name a display: --display :0',
    });
  }
  const authority = join(folder, 'Xauthority');
  writeFileSync(authority, authorityEntry(randomBytes(16)), { mode: 0o600 });
  const server = await spawnOwned(
    'Xvfb',
    ['-displayfd', '1', '-auth', authority, '-noreset', '-nolisten', 'tcp', '-screen', '0', SCREEN],
    { env, cwd: folder },
  );
  const wrote = server.stderr === undefined ? Promise.resolve('') : text(server.stderr);
  const number = await createInterface({ input: server.stdout })[Symbol.asyncIterator]().next();
  if (number.done === true) throw new CliError(`Xvfb did not start: ${(await wrote).trim()}`);
  const display = `:${number.value}`;
  const shown = { ...env, DISPLAY: display, XAUTHORITY: authority };
  const manager = await spawnOwned(command, args, { env: shown, cwd: folder, stderr: 'ignore' });
  manager.stdout.resume();
  return {
    name: `${display}, with ${command}`,
    args: ['--display', display],
    env: shown,
    close: async () => {
      await manager.close();
      await server.close();
    },
  };
}

/** For any address and any display: the number is not known before the server runs. */
function authorityEntry(cookie: Buffer): Buffer {
  const field = (value: Buffer): Buffer => {
    const length = Buffer.alloc(2);
    length.writeUInt16BE(value.length);
    return Buffer.concat([length, value]);
  };
  const empty = Buffer.alloc(0);
  return Buffer.concat([ANY_ADDRESS, ...[empty, empty, Buffer.from(COOKIE_NAME), cookie].map(field)]);
}
