import { GrantsError } from '@deskhand/grants';
import { randomUUID } from 'node:crypto';
import { z } from 'zod';
import { ConfigError } from '../config/config-error.ts';
import { gatherConfig } from '../config/parse-config.ts';
import { DaemonError } from '../daemon/daemon-error.ts';
import { createLog } from '../log.ts';
import { serve } from '../process/serve.ts';
import type { ServerDefinition } from '../server-definition.ts';
import { CliError, exitCodes } from './cli-error.ts';
import { commandFooter, isCommandWord } from './command-list.ts';
import type { BinHost } from './host.ts';
import { openHouse, programOf, standardOf, type Program } from './house.ts';

/**
 * The whole bin of a server: `process.exitCode = await runBin(definition, process)`. Without a command it serves
 * stdio; what other commands need is loaded when they are used.
 *
 * Resolves with the exit code: 0 ok, 1 usage or a failure that is explained on stderr, 4 the daemon cannot be
 * reached, 5 a tool failed, 128 and the signal. Rejects only for a bug.
 */
export async function runBin<S extends z.ZodObject>(
  definition: ServerDefinition<S>,
  host: BinHost,
): Promise<number> {
  const program = programOf(definition);
  const [first] = host.argv.slice(2);
  return explainedRun({ program, host }, async () => {
    if (first === undefined || first.startsWith('-')) return serveStdio(program, host);
    return runCommandOf(program, host);
  });
}

/** The same for a definition with `isDaemonOnly`, whose command line begins with `daemon`. */
export async function runDaemonBin<S extends z.ZodObject>(
  definition: ServerDefinition<S>,
  host: BinHost,
): Promise<number> {
  const program = programOf({ ...definition, isDaemonOnly: true });
  return explainedRun({ program, host }, () => runCommandOf(program, host));
}

async function runCommandOf(program: Program, host: BinHost): Promise<number> {
  const { runCommand } = await import('./dispatch.ts');
  return runCommand(host.argv.slice(2), { program, host });
}

async function explainedRun(
  bin: { readonly program: Program; readonly host: BinHost },
  run: () => Promise<number>,
): Promise<number> {
  // nobody reads any more, as `| head` does: what is left to say is lost, and what is left to do is done
  for (const stream of [bin.host.stdout, bin.host.stderr]) stream.on('error', () => undefined);
  try {
    return await run();
  } catch (error) {
    return explained(error, bin);
  }
}

async function serveStdio(program: Program, host: BinHost): Promise<number> {
  const { config } = program;
  const footer = commandFooter(config.name, program);
  const argv = host.argv.slice(2);
  const gathered = await gatherConfig(config, { argv, env: host.env }, { footer }).catch((error: unknown) => {
    const command = argv.find((word) => isCommandWord(word, program));
    if (!(error instanceof ConfigError) || command === undefined) throw error;
    throw new CliError(error.message, { hint: `A command comes first: ${config.name} ${command} ...` });
  });
  if (gathered.action === 'print') {
    host.stdout.write(gathered.text);
    return exitCodes.ok;
  }
  const { given } = gathered;
  const standard = standardOf(given);
  const log = createLog({ level: standard.logLevel, write: (line) => host.stderr.write(line) });
  if (standard.attach) {
    const { attach } = await import('./attach.ts');
    return attach({ program, host, given });
  }
  const session = standard.session ?? randomUUID();
  const { sessions, close } = await openHouse({ program, given, host, log, session });
  return serve(sessions.server({ id: session, actor: 'stdio' }), { host, log, close });
}

/** Prints what a person can act on, and lets bugs through. */
function explained(error: unknown, { program, host }: { program: Program; host: BinHost }): number {
  const { hint, exitCode } = plain(error, program.config.name);
  const { name } = program.config;
  const message = error instanceof Error ? error.message : '';
  const isNamed = [`${name}: `, `${name} `].some((start) => message.startsWith(start));
  const lines = [isNamed ? message : `${name}: ${message}`, hint];
  host.stderr.write(`${lines.filter((line) => line !== undefined).join('\n')}\n`);
  return exitCode;
}

/** What the machine lacks, not the program: room, rights, files. */
const systemFailure = z.object({
  syscall: z.string(),
  code: z.enum([
    'ENOSPC',
    'EDQUOT',
    'EROFS',
    'EACCES',
    'EPERM',
    'EMFILE',
    'ENFILE',
    'EEXIST',
    'ENOTDIR',
    'EISDIR',
    'EIO',
  ]),
});

function plain(
  error: unknown,
  name: string,
): { readonly hint: string | undefined; readonly exitCode: number } {
  if (error instanceof CliError) return { hint: error.hint, exitCode: error.exitCode };
  if (error instanceof DaemonError) return { hint: error.hint, exitCode: exitCodes.unreachable };
  if (error instanceof GrantsError) return { hint: error.hint, exitCode: exitCodes.usage };
  if (error instanceof ConfigError) return { hint: undefined, exitCode: exitCodes.usage };
  if (systemFailure.safeParse(error).success) {
    return { hint: `Run: ${name} daemon doctor`, exitCode: exitCodes.usage };
  }
  throw error;
}
