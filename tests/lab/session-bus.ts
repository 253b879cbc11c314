import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';

import type { Closable } from './belongings.ts';
import { eventually } from './eventually.ts';
import { run, startProcess, type Environment } from './owned-process.ts';

export interface SessionBus extends Closable {
  readonly address: string;
}

/** A session bus of its own; the services that it starts get `env`. */
export async function startSessionBus(folder: string, env: Environment): Promise<SessionBus> {
  const runtime = join(folder, 'run');
  await mkdir(runtime, { recursive: true, mode: 0o700 });
  return startBus(`unix:path=${runtime}/bus`, folder, env);
}

/** A message bus that lets this user do everything. */
export async function startBus(at: string, folder: string, env: Environment): Promise<SessionBus> {
  const bus = startProcess({
    command: 'dbus-daemon',
    args: ['--session', '--nofork', '--print-address=1', `--address=${at}`],
    env,
    cwd: folder,
  });
  const address = await eventually('the message bus', () => {
    if (!bus.isRunning()) throw new Error(`dbus-daemon ended: ${bus.stderr()}`);
    return /^(unix:\S+)\n/.exec(bus.stdout())?.[1];
  });
  return { address, close: () => bus.close() };
}

/** Starts the accessibility bus and tells applications that something listens. */
export async function startAccessibility(folder: string, env: Environment): Promise<Closable> {
  const launcher = startProcess({
    command: '/usr/libexec/at-spi-bus-launcher',
    args: ['--launch-immediately'],
    env,
    cwd: folder,
  });
  const call = ['call', '--session', '--dest', 'org.a11y.Bus', '--object-path', '/org/a11y/bus', '--method'];
  await run({
    command: 'gdbus',
    args: [
      ...[...call, 'org.freedesktop.DBus.Properties.Set'],
      ...['org.a11y.Status', 'IsEnabled', '<true>'],
    ],
    env,
    cwd: folder,
  });
  return launcher;
}
