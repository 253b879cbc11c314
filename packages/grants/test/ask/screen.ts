import { execFile, spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync } from 'node:fs';
import { createInterface } from 'node:readline';
import { Readable } from 'node:stream';
import { setTimeout as delay } from 'node:timers/promises';
import { promisify } from 'node:util';
import { onTestFinished } from 'vitest';

const run = promisify(execFile);

export interface Screen {
  /** What a program needs to show its windows here. */
  readonly env: Readonly<Record<string, string>>;
  /** Waits until the process shows its window, and presses keys in it that end it. */
  press(pid: number, ...keys: readonly string[]): Promise<void>;
  /** Waits until the process shows its window. */
  shown(pid: number): Promise<void>;
  /** Closes the window of the process by its close button's key, which a window manager is started for. */
  closeWindow(pid: number): Promise<void>;
}

/** Starts a program that ends with the test, and gives the first line that it writes to `stdio[from]`. */
async function firstLine(
  [path = '', ...rest]: readonly string[],
  from: 1 | 3,
  env?: Screen['env'],
): Promise<string> {
  const child = spawn(path, rest, { env, stdio: ['ignore', 'pipe', 'ignore', 'pipe'] });
  const closed = once(child, 'close');
  onTestFinished(async () => {
    child.kill();
    await closed;
  });
  const pipe = child.stdio[from];
  if (!(pipe instanceof Readable)) throw new Error('no pipe');
  return new Promise((resolve) => createInterface(pipe).once('line', resolve));
}

/** A toolkit that is still starting drops keys, and a person presses them again when nothing happens. */
const TRIES = 3;
const PATIENCE_MS = 5000;

async function hasEnded(pid: number): Promise<boolean> {
  const deadline = performance.now() + PATIENCE_MS;
  while (existsSync(`/proc/${pid}`)) {
    if (performance.now() > deadline) return false;
    await delay(20);
  }
  return true;
}

/** An X server of the test's own. */
export async function openScreen(): Promise<Screen> {
  // without -noreset it starts anew whenever its last client leaves, and drops whoever connects meanwhile
  const server = ['Xvfb', '-displayfd', '3', '-noreset', '-screen', '0', '1024x768x24', '-nolisten', 'tcp'];
  const number = await firstLine(server, 3);
  const env = { DISPLAY: `:${number}`, PATH: '/usr/bin:/bin', NO_AT_BRIDGE: '1' };
  const xdotool = (...argv: readonly string[]) => run('xdotool', argv, { env });
  const windowOf = async (pid: number): Promise<string> => {
    const which = ['--sync', '--onlyvisible', '--all', '--pid', String(pid), '--name', '^Deskhand$'];
    return (await xdotool('search', ...which)).stdout.trim();
  };
  const press: Screen['press'] = async (pid, ...keys) => {
    const window = await windowOf(pid);
    for (let time = 0; time < TRIES; time++) {
      try {
        await xdotool('windowfocus', '--sync', window, 'key', '--delay', '50', ...keys);
      } catch (error) {
        if (existsSync(`/proc/${pid}`)) throw error; // else the dialog ended by the keys of before
      }
      if (await hasEnded(pid)) return;
    }
  };
  return {
    env,
    press,
    shown: async (pid) => {
      await windowOf(pid);
    },
    closeWindow: async (pid) => {
      await firstLine(['openbox', '--startup', 'echo ready'], 1, env);
      await press(pid, 'alt+F4');
    },
  };
}
