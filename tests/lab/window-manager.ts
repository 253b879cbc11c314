import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';

import type { Closable } from './belongings.ts';
import { eventually } from './eventually.ts';
import { startProcess, type Environment } from './owned-process.ts';
import { untilManaged } from './windows.ts';
import type { XConnection } from './x-connection.ts';

export type WindowManagerName = 'openbox' | 'xfwm4' | 'icewm';

export interface WindowManager extends Closable {
  readonly pid: number;
  readonly name: WindowManagerName;
}

const ARGUMENTS: Readonly<Record<WindowManagerName, readonly string[]>> = {
  openbox: ['--sm-disable'],
  xfwm4: ['--compositor=off', '--sm-client-disable'],
  icewm: [],
};

const ICEWM_PREFERENCES = ['ShowTaskBar=0', 'ShowWorkspaceStatus=0', 'AutoReloadMenus=0'];

async function configureIcewm(env: Environment): Promise<void> {
  const folder = join(env['HOME'] ?? '', '.icewm');
  await mkdir(folder, { recursive: true });
  await writeFile(join(folder, 'preferences'), ICEWM_PREFERENCES.join('\n') + '\n');
}

/** A window manager is up when the window that it names on the root names itself. */
async function isUp(x: XConnection): Promise<boolean> {
  const [check] = await x.numbers(x.root, '_NET_SUPPORTING_WM_CHECK');
  if (!check) return false;
  // The window may be a stale one, of a manager that is gone.
  const [self] = await x.numbers(check, '_NET_SUPPORTING_WM_CHECK').catch(() => []);
  return self === check;
}

export interface WindowManagerOptions {
  readonly name: WindowManagerName;
  readonly x: XConnection;
  readonly env: Environment;
  readonly folder: string;
}

export async function startWindowManager({
  name,
  x,
  env,
  folder,
}: WindowManagerOptions): Promise<WindowManager> {
  if (name === 'icewm') await configureIcewm(env);
  const manager = startProcess({ command: name, args: ARGUMENTS[name], env, cwd: folder });
  try {
    await eventually(name, () => {
      if (!manager.isRunning()) throw new Error(`${name} ended: ${manager.stderr()}`);
      return isUp(x);
    });
    await untilManaged(x);
  } catch (error) {
    await manager.close();
    throw error;
  }
  return { pid: manager.pid, name, close: () => manager.close() };
}
