import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { closeSync, fstatSync, openSync, readSync } from 'node:fs';
import { dirname } from 'node:path';
import { finished } from 'node:stream/promises';
import { connectToDaemon } from '../daemon/connection.ts';
import type { DaemonStatus } from '../daemon/hello.ts';
import type { DaemonPlace } from '../daemon/place.ts';
import { readyReport, withReadyPipe, type ReadyReport } from '../daemon/ready-pipe.ts';
import { openLog } from '../daemon/rotating-file.ts';
import { makeOwnFolder } from '../daemon/socket-file.ts';
import { CliError, exitCodes } from './cli-error.ts';
import { defineCommand, type CommandContext } from './command.ts';
import { placeOf } from './daemon-place.ts';
import { doorOptions } from './door-options.ts';
import { logText } from './log-text.ts';
import { statusText } from './status-text.ts';

/** After so long a person is told that it is still starting. */
const PATIENCE_MS = 2_000;
const START_MS = 60_000;
/** Others may start and stop daemons meanwhile. */
const ATTEMPTS = 5;
/** How much of a failed start's log is shown. */
const TAIL_BYTES = 4_000;

export const daemonStart = defineCommand({
  name: 'daemon start',
  options: doorOptions,
  takesServerOptions: true,
  example: 'daemon start --http --idle-exit 2h',
  async run(_options, context) {
    const { status, isNew } = await startDaemon(context, { args: context.argv, cwd: process.cwd() });
    context.host.stdout.write(`${isNew ? 'started' : 'runs already'}: ${statusText(status)}\n`);
    return exitCodes.ok;
  },
});

/** What a daemon is started with. */
export interface StartWith {
  /** Options as on the command line. */
  readonly args: readonly string[];
  readonly cwd: string;
}

/**
 * Starts the daemon unless it runs, and waits until it can be used.
 *
 * @throws CliError with the end of its log when it does not come up
 */
export async function startDaemon(
  context: Pick<CommandContext, 'program' | 'host' | 'standard'>,
  wish: StartWith,
  attempts = ATTEMPTS,
): Promise<{ readonly status: DaemonStatus; readonly isNew: boolean }> {
  const place = placeOf(context);
  const running = await statusOf(place, context);
  if (running?.state === 'ready') return { status: running, isNew: false };
  if (running?.state === 'ending') await untilGone(place, context);
  const { report, wrote } = await launch(place, context, wish);
  if (report?.state === 'ready') return { status: report.status, isNew: true };
  // the one that was faster runs now, or was stopped again by then
  if (report?.state === 'taken' && attempts > 1) return startDaemon(context, wish, attempts - 1);
  const { name } = context.program.config;
  throw new CliError(`the daemon did not start${wrote === '' ? '' : `. It wrote:\n${wrote}`}`, {
    hint: `Run: ${name} daemon doctor`,
  });
}

/** Undefined when no daemon runs. */
export async function statusOf(
  place: DaemonPlace,
  { program }: Pick<CommandContext, 'program'>,
): Promise<DaemonStatus | undefined> {
  const { version } = program.config;
  const connection = await connectToDaemon({ place, version, wants: { what: 'status' } });
  connection?.socket.destroy();
  return connection?.status;
}

/** Waits for the end of a daemon that is ending: the kernel closes its sockets then. */
async function untilGone(place: DaemonPlace, { program }: Pick<CommandContext, 'program'>): Promise<void> {
  const { version } = program.config;
  const connection = await connectToDaemon({ place, version, wants: { what: 'stop', drainMs: 0 } });
  if (connection === undefined) return;
  await finished(connection.socket.resume(), { writable: false }).catch(() => undefined); // a reset is an end as well
  connection.socket.destroy();
}

async function launch(
  place: DaemonPlace,
  { host }: Pick<CommandContext, 'host'>,
  { args, cwd }: StartWith,
): Promise<{ readonly report: ReadyReport | undefined; readonly wrote: string }> {
  makeOwnFolder(dirname(place.logFile));
  const log = openLog(place.logFile);
  const before = fstatSync(log).size;
  const child = spawn(host.execPath, [String(host.argv[1]), 'daemon', 'run', ...args], {
    cwd,
    env: withReadyPipe(host.env),
    detached: true,
    windowsHide: true,
    stdio: ['ignore', log, log, 'pipe'],
  });
  closeSync(log);
  const patience = setTimeout(() => host.stderr.write(`${place.name} is starting ...\n`), PATIENCE_MS);
  const report = await reported(child).finally(() => clearTimeout(patience));
  if (report === undefined) return { report, wrote: since(place.logFile, before) };
  child.unref();
  return { report, wrote: '' };
}

/** What the daemon says of itself; undefined when it ends, or the time does, before. */
async function reported(child: ChildProcess): Promise<ReadyReport | undefined> {
  await once(child, 'spawn');
  const pipe = child.stdio[3];
  if (pipe === null || pipe === undefined || !('read' in pipe))
    throw new Error('there is no pipe to the daemon');
  const timer = setTimeout(() => child.kill('SIGKILL'), START_MS);
  let said = '';
  pipe.setEncoding('utf8');
  for await (const chunk of pipe) said += String(chunk);
  clearTimeout(timer);
  if (said !== '') return readyReport.parse(JSON.parse(said));
  if (child.exitCode === null && child.signalCode === null) await once(child, 'exit');
  return undefined;
}

function since(path: string, offset: number): string {
  const fd = openSync(path, 'r');
  try {
    const length = fstatSync(fd).size - offset;
    if (length <= 0) return '';
    const bytes = Buffer.alloc(Math.min(length, TAIL_BYTES));
    readSync(fd, bytes, 0, bytes.length, offset + length - bytes.length);
    return logText(bytes.toString());
  } finally {
    closeSync(fd);
  }
}
