import { finished, pipeline } from 'node:stream/promises';
import type { GivenConfig } from '../config/parse-config.ts';
import { connectToDaemon } from '../daemon/connection.ts';
import { CliError, exitCodes } from './cli-error.ts';
import { placeOf } from './daemon-place.ts';
import type { BinHost } from './host.ts';
import { standardOf, type Program } from './house.ts';

/** Options that mean something to a pipe; all others are the daemon's. */
const OF_THE_PIPE = ['attach', 'session', 'tools', 'config', 'logLevel'];

interface AttachOptions {
  readonly program: Program;
  readonly host: BinHost;
  readonly given: GivenConfig;
}

/** Joins stdin and stdout to a session of the running daemon until one side ends; resolves with the exit code. */
export async function attach({ program, host, given }: AttachOptions): Promise<number> {
  const { name, version } = program.config;
  const standard = standardOf(given);
  refuseDaemonOptions(given, name);
  const place = placeOf({ program, host, standard });
  const { session, tools } = standard;
  const connection = await connectToDaemon({
    place,
    version,
    wants: { what: 'attach', ...(session !== undefined && { session }), ...(tools && { tools }) },
  });
  if (connection === undefined) {
    throw new CliError('no daemon runs', {
      exitCode: exitCodes.unreachable,
      hint: `Run: ${name} daemon start`,
    });
  }
  const { socket } = connection;
  const inward = pipeline(host.stdin, socket).catch(() => undefined); // what the other side left open ends below
  socket.pipe(host.stdout, { end: false });
  await finished(socket, { writable: false }).catch(() => undefined); // a reset is an end as well
  host.stdin.destroy();
  socket.destroy();
  await inward;
  return exitCodes.ok;
}

function refuseDaemonOptions(given: GivenConfig, name: string): void {
  const isOurs = (key: string): boolean => OF_THE_PIPE.includes(key);
  const foreign = given.byFlag.find((key) => !isOurs(key));
  const isReadOnly = standardOf(given).readOnly ? 'readOnly' : undefined;
  const key = foreign ?? isReadOnly;
  if (key === undefined) return;
  const flag = given.options.find((option) => option.key === key)?.flag ?? key;
  throw new CliError(`${flag} is for the daemon, and this only attaches to it`, {
    hint: `Run: ${name} daemon restart ${flag} ...`,
  });
}
