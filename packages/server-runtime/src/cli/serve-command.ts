import { randomUUID } from 'node:crypto';
import { join } from 'node:path';
import { makeOwnFolder } from '../daemon/socket-file.ts';
import { Doors } from '../daemon/doors.ts';
import { createLog } from '../log.ts';
import { CliError, exitCodes } from './cli-error.ts';
import { defineCommand } from './command.ts';
import { doorOptions } from './door-options.ts';
import { closeHouse, openHome, openHouse } from './house.ts';
import { openHttpDoor, tokensOf } from './http-door.ts';
import { untilSignal } from './signal.ts';

/** How long running calls get at the end. */
export const DRAIN_MS = 10_000;
/** What is still alive so long after the drain is made to exit. */
export const BACKSTOP_MS = 5_000;

export const serveCommand = defineCommand({
  name: 'serve',
  options: doorOptions,
  takesServerOptions: true,
  example: 'serve --http --port 4711',
  async run(options, { program, host, given, standard }) {
    const { name } = program.config;
    if (!options.http) {
      throw new CliError('say over what to serve', {
        hint: `Run: ${name} serve --http, or ${name} without a command for stdio`,
      });
    }
    const folder = join(openHome(standard, host), 'daemons');
    makeOwnFolder(folder);
    const log = createLog({ level: standard.logLevel, write: (line) => host.stderr.write(line) });
    const house = await openHouse({ program, given, host, log, session: standard.session ?? randomUUID() });
    const asked = untilSignal(host, ['SIGINT', 'SIGTERM', 'SIGHUP']);
    try {
      const doors = new Doors({ http: await openHttpDoor({ program, house, folder, options, log }) });
      host.stdout.write(`${String(doors.url)}\nThe token is in ${tokensOf(program, folder).ownerFile}\n`);
      const idle = new AbortController();
      await Promise.race([
        asked,
        ...(options.idleExit === undefined ? [] : [doors.untilIdle(options.idleExit, idle.signal)]),
      ]);
      idle.abort();
      setTimeout(() => host.exit(exitCodes.ok), DRAIN_MS + BACKSTOP_MS).unref();
      await doors.drain(DRAIN_MS);
    } finally {
      await closeHouse(house.close, log);
    }
    return exitCodes.ok;
  },
});
