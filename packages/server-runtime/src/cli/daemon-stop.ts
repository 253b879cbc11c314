import { once } from 'node:events';
import { connect } from 'node:net';
import { finished } from 'node:stream/promises';
import { z } from 'zod';
import { connectToDaemon, DaemonSilent } from '../daemon/connection.ts';
import { isAlive, readInfo, removeInfo } from '../daemon/info-file.ts';
import type { DaemonPlace } from '../daemon/place.ts';
import { CliError, exitCodes } from './cli-error.ts';
import { defineCommand, type CommandContext } from './command.ts';
import { placeOf } from './daemon-place.ts';
import { startDaemon, type StartWith } from './daemon-start.ts';
import { doorOptions, durationFrom } from './door-options.ts';
import { statusText } from './status-text.ts';
import { BACKSTOP_MS } from './serve-command.ts';

const drain = durationFrom(z.string().default('10s')).meta({
  description: 'How long running calls get before they are cut off',
  placeholder: 'TIME',
});

export const daemonStop = defineCommand({
  name: 'daemon stop',
  options: z.object({ drain }),
  takesServerOptions: false,
  example: 'daemon stop --drain 1m',
  async run({ drain: drainMs }, context) {
    const ended = await stopDaemon(context, drainMs);
    context.host.stdout.write(ended === undefined ? 'it does not run\n' : `${endings[ended.how]}\n`);
    return exitCodes.ok;
  },
});

export const daemonRestart = defineCommand({
  name: 'daemon restart',
  options: doorOptions.extend({ drain }),
  takesServerOptions: true,
  example: 'daemon restart',
  async run({ drain: drainMs }, context) {
    const { argv, host } = context;
    const ended = await stopDaemon(context, drainMs);
    const args = withoutDrain(argv);
    const was = ended?.was;
    const wish = args.length > 0 || was === undefined ? { args, cwd: process.cwd() } : was;
    const isHttp = context.program.isDaemonOnly === true || wish.args.includes('--http');
    const again = isHttp ? onSamePort(wish.args, was?.url) : wish.args;
    const { status } = await startDaemon(context, { ...wish, args: again });
    host.stdout.write(`restarted: ${statusText(status)}\n`);
    return exitCodes.ok;
  },
});

const endings = { drained: 'stopped', killed: 'stopped, by force: it did not end in time' } as const;

interface Ended {
  readonly how: keyof typeof endings;
  /** What it had been started with, when that is known. */
  readonly was: (StartWith & { readonly url?: string | undefined }) | undefined;
}

/** Clients know the address that a daemon got, also when it took any free port. */
function onSamePort(args: readonly string[], url: string | undefined): readonly string[] {
  const isTold = args.some((arg) => arg === '--port' || arg.startsWith('--port='));
  if (url === undefined || isTold) return args;
  return [...args, '--port', new URL(url).port];
}

/** Ends the daemon, gently and then by force, and waits until its process is gone; undefined when none runs. */
async function stopDaemon(context: CommandContext, drainMs: number): Promise<Ended | undefined> {
  const place = placeOf(context);
  const { version } = context.program.config;
  try {
    const connection = await connectToDaemon({ place, version, wants: { what: 'stop', drainMs } });
    if (connection === undefined) return undefined;
    const { socket, status } = connection;
    // the kernel closes the socket when the process is gone, so that nothing has to be asked again and again
    let how: Ended['how'] = 'drained';
    const timer = setTimeout(
      () => {
        how = 'killed';
        process.kill(status.pid, 'SIGKILL');
      },
      drainMs + 2 * BACKSTOP_MS,
    );
    await finished(socket.resume(), { writable: false }).catch(() => undefined); // a reset is an end as well
    clearTimeout(timer);
    socket.destroy();
    return { how, was: status };
  } catch (error) {
    if (!(error instanceof DaemonSilent)) throw error;
    return killSilent(place, error);
  }
}

async function killSilent(place: DaemonPlace, silence: DaemonSilent): Promise<Ended> {
  const info = readInfo(place.infoFile);
  if (info === undefined || !isAlive(info)) {
    throw new CliError(silence.message, {
      exitCode: exitCodes.unreachable,
      hint: `Find out which process holds ${place.socket}, and end it.`,
      cause: silence,
    });
  }
  const socket = connect(place.socket);
  await once(socket, 'connect');
  process.kill(info.pid, 'SIGKILL');
  await finished(socket.resume(), { writable: false }).catch(() => undefined); // a reset is an end as well
  socket.destroy();
  removeInfo(place.infoFile);
  return { how: 'killed', was: info };
}

/** `--drain` is about the old daemon. */
function withoutDrain(argv: readonly string[]): readonly string[] {
  const at = argv.findIndex((arg) => arg === '--drain' || arg.startsWith('--drain='));
  return at === -1 ? argv : argv.toSpliced(at, argv[at] === '--drain' ? 2 : 1);
}
