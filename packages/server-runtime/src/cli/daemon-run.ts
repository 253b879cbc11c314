import { dirname } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { DaemonError } from '../daemon/daemon-error.ts';
import { Doors } from '../daemon/doors.ts';
import type { DaemonStatus } from '../daemon/hello.ts';
import { removeInfo, writeInfo } from '../daemon/info-file.ts';
import { claimInstance, isAnswered, untilSettled, type Instance } from '../daemon/instance.ts';
import { inheritedSockets } from '../daemon/listen-fds.ts';
import { LocalDoor } from '../daemon/local-door.ts';
import type { DaemonPlace } from '../daemon/place.ts';
import { forOthers, reportReady } from '../daemon/ready-pipe.ts';
import { RotatingFile } from '../daemon/rotating-file.ts';
import { makeOwnFolder } from '../daemon/socket-file.ts';
import { createLog, type Log } from '../log.ts';
import { exitCodes } from './cli-error.ts';
import { defineCommand, type CommandContext } from './command.ts';
import { placeOf } from './daemon-place.ts';
import { doorOptions, type DoorOptions } from './door-options.ts';
import { closeHouse, openHouse, type OpenHouse } from './house.ts';
import { openHttpDoor } from './http-door.ts';
import { BACKSTOP_MS, DRAIN_MS } from './serve-command.ts';
import { untilSignal } from './signal.ts';

/** How long it may take to find out whether somebody else is the daemon, and somebody else to become it. */
const CLAIM_MS = 30_000;
/** Between two attempts to become the daemon instead of a holder of its name that is none. */
const RETRY_MS = 200;

export const daemonRun = defineCommand({
  name: 'daemon run',
  options: doorOptions,
  takesServerOptions: true,
  example: 'daemon run --http --idle-exit 10m',
  async run(options, context) {
    const { host, program, standard } = context;
    const place = placeOf(context);
    makeOwnFolder(place.folder);
    const instance = await claimPatiently(place);
    if (instance === undefined) {
      reportReady(host.env, { state: 'taken' });
      host.stdout.write(`${program.config.name}'s daemon runs already\n`);
      return exitCodes.ok;
    }
    makeOwnFolder(dirname(place.logFile));
    const file = new RotatingFile(place.logFile);
    const log = createLog({ level: standard.logLevel, write: (line) => file.write(line) });
    host.on('SIGHUP', () => file.reopen());
    logFatal(host, log);
    const { platform } = host;
    const house = await openHouse({
      program,
      given: context.given,
      host: { platform, env: forOthers(host.env) },
      log,
      session: 'daemon',
    });
    let doors: Doors | undefined;
    try {
      doors = await live({ options, context, place, house, log, listening: () => instance.listening() });
    } finally {
      await closeHouse(house.close, log);
      doors?.close();
      removeInfo(place.infoFile);
      log.info('ended', { pid: host.pid });
      await instance.release();
      file.close();
    }
    return exitCodes.ok;
  },
});

/**
 * Becomes the daemon, also when another one that was faster does not come up; undefined when one runs.
 *
 * @throws DaemonError when something else holds the daemon's name
 */
async function claimPatiently(place: DaemonPlace): Promise<Instance | undefined> {
  const inTime = AbortSignal.timeout(CLAIM_MS);
  for (;;) {
    const instance = await claimInstance(place, inTime);
    if (instance !== undefined) return instance;
    await untilSettled(place, inTime);
    if (await isAnswered(place.socket)) return undefined;
    if (inTime.aborted) throw squatted(place);
    await delay(RETRY_MS);
  }
}

function squatted({ name, exclusive = '' }: DaemonPlace): DaemonError {
  const shown = exclusive.replace('\0', '@');
  return new DaemonError(
    `a process that is no ${name} daemon holds its name, the socket ${shown}`,
    `Find it and end it: ss -xlp | grep ${shown.slice(1)}`,
  );
}

function logFatal(host: CommandContext['host'], log: Log): void {
  for (const event of ['uncaughtException', 'unhandledRejection'] as const) {
    host.on(event, (err) => {
      log.error('the daemon failed', { err });
      host.exit(1);
    });
  }
}

interface Life {
  readonly options: DoorOptions;
  readonly context: CommandContext;
  readonly place: DaemonPlace;
  readonly house: OpenHouse;
  readonly log: Log;
  /** Called when the local socket listens. */
  readonly listening: () => void;
}

/** Opens the doors, says so, waits for the end and drains; only the local socket is still open then. */
async function live(life: Life): Promise<Doors> {
  const { context, place, log, options } = life;
  const { host } = context;
  const over = new AbortController();
  const asked = untilSignal(host);
  const { doors, stopped, status } = await openDoors(life);
  writeInfo(place.infoFile, status());
  log.info('ready', { pid: host.pid, socket: place.socket, url: doors.url });
  reportReady(host.env, { state: 'ready', status: status() });
  const idle =
    options.idleExit === undefined
      ? []
      : [doors.untilIdle(options.idleExit, over.signal).then(() => 'idle' as const)];
  const why = await Promise.race([asked.then(() => 'signal' as const), stopped, ...idle]);
  over.abort();
  const drainMs = typeof why === 'number' ? why : DRAIN_MS;
  log.info('ending', { why: typeof why === 'number' ? 'stop' : why, running: doors.running });
  setTimeout(() => host.exit(exitCodes.ok), drainMs + BACKSTOP_MS).unref();
  await doors.drain(drainMs);
  return doors;
}

interface Opened {
  readonly doors: Doors;
  /** Resolves with the time for running calls, in ms, when a client asks for the end. */
  readonly stopped: Promise<number>;
  readonly status: () => DaemonStatus;
}

async function openDoors({ context, place, house, log, options, listening }: Life): Promise<Opened> {
  const { program, host, argv } = context;
  const { name, version } = program.config;
  const startedAt = new Date().toISOString();
  const inherited = inheritedSockets(host.env, host.pid);
  let doors = new Doors({});
  let stop: (drainMs: number) => void = () => undefined;
  const stopped = new Promise<number>((resolve) => (stop = resolve));
  const status = (): DaemonStatus => ({
    state: doors.isEnding ? 'ending' : 'ready',
    name,
    version,
    pid: host.pid,
    startedAt,
    args: [...argv],
    cwd: process.cwd(),
    socket: place.socket,
    ...(doors.url !== undefined && { url: doors.url }),
    attached: doors.attached,
    calls: doors.running,
  });
  // first, so that whoever connects locally finds everything open
  const isHttp = options.http || program.isDaemonOnly === true || inherited.http !== undefined;
  const http = isHttp
    ? await openHttpDoor({ program, house, folder: place.folder, options, listenFd: inherited.http, log })
    : undefined;
  const { sessions } = house;
  const local = await LocalDoor.open({
    socket: place.socket,
    ...(inherited.local !== undefined && { listenFd: inherited.local }),
    name,
    version,
    sessions,
    log,
    status,
    stop,
  });
  listening();
  doors = new Doors({ local, http });
  return { doors, stopped, status };
}
