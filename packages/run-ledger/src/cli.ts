#!/usr/bin/env node
import { homedir } from 'node:os';
import { Command, CommanderError, InvalidArgumentError } from 'commander';
import { exportLedger, type ExportCommand } from './cli/export.ts';
import { ledgerFolder, type PlaceOptions } from './cli/ledger-place.ts';
import { UsageError, type CommandResult } from './cli/outcome.ts';
import { coloured, uncoloured, type Paint } from './cli/plain-text.ts';
import { redact } from './cli/redact.ts';
import { runs, show } from './cli/show.ts';
import { stats } from './cli/stats.ts';
import { tail } from './cli/tail.ts';
import { printAnchors, verify, type VerifyCommand } from './cli/verify.ts';
import { LedgerError } from './ledger-error.ts';
import { version } from './version.ts';

const EXIT_CODES = `
Exit codes:
  0  done; the ledger holds
  1  used wrongly, or something cannot be read or written
  2  the ledger does not hold`;

/** `run-ledger`, or the command that calls it as one of its own. */
const called = /^deskhand \w+$/.test(process.argv0) ? process.argv0 : 'run-ledger';

const EXAMPLES = `
Examples:
${[
  ['verify', 'has anything been changed, cut or taken away?'],
  ['anchors print > anchor.txt', "keep this line where the ledger's owner cannot write"],
  ['verify --anchor "$(cat anchor.txt)"', 'later: is everything of then still there?'],
  ['tail -f', 'what the agent does now'],
  ['show 3f2a', 'one of those that runs lists, call by call'],
  ['export --html --run 3f2a -o replay.html', 'a page to step through, with what was recorded'],
  ['export --otel > traces.json', 'for any OpenTelemetry collector'],
]
  .map(([words = '', about = '']) => `  ${called} ${words.padEnd(40)} ${about}`)
  .join('\n')}`;

interface WithJson extends PlaceOptions {
  readonly json?: boolean;
}

const paint: Paint = process.stdout.isTTY && !process.env['NO_COLOR'] ? coloured : uncoloured;

const print = ({ text, exitCode }: CommandResult): void => {
  process.stdout.write(`${text}\n`);
  process.exitCode = exitCode;
};

const place = (options: PlaceOptions): string =>
  ledgerFolder(options, { env: process.env, platform: process.platform, homedir });

const rows = (text: string): number => {
  if (!/^\d{1,7}$/.test(text)) throw new InvalidArgumentError('expected a number of rows');
  return Number(text);
};

const command = (program: Command, name: string, description: string): Command =>
  program
    .command(name)
    .description(description)
    .option('--folder <folder>', 'the ledger folder itself')
    .option(
      '--home <folder>',
      "the state folder that holds it (default: $DESKHAND_HOME, else the platform's)",
    );

const addChecks = (program: Command): void => {
  command(program, 'verify', 'check every row, file and anchor')
    .option('--anchor <text>', 'also check against a line that `anchors print` printed')
    .option('--json', 'print the whole verdict')
    .action((options: PlaceOptions & VerifyCommand) => print(verify(place(options), options, paint)));
  const anchors = program.command('anchors').description('vouch for what is there now');
  command(anchors, 'print', 'one line that vouches for everything so far, to be kept elsewhere').action(
    (options: PlaceOptions) => print(printAnchors(place(options))),
  );
};

const addReading = (program: Command): void => {
  command(program, 'tail', 'the newest rows')
    .option('-n, --lines <rows>', 'how many', rows, 10)
    .option('-f, --follow', 'go on with rows as they are written')
    .option('--json', 'print rows as they are stored')
    .action(
      async ({
        lines,
        follow = false,
        json = false,
        ...where
      }: WithJson & { lines: number; follow?: boolean }) => {
        const ended = new AbortController();
        process.once('SIGINT', () => ended.abort());
        const write = (line: string): void => void process.stdout.write(`${line}\n`);
        await tail(place(where), { lines, follow, json }, { print: write, paint, signal: ended.signal });
      },
    );
  command(program, 'runs', 'every run: one life of a server')
    .option('--json', 'print them as JSON')
    .action((options: WithJson) => print(runs(place(options), options)));
  command(program, 'show <run>', 'one run, call by call; the beginning of its id is enough')
    .option('--json', 'print its rows, tied together')
    .action((run: string, options: WithJson) => print(show(place(options), run, options, paint)));
  command(program, 'stats', 'calls, failures and durations by tool')
    .option('--json', 'print them as JSON')
    .action((options: WithJson) => print(stats(place(options), options)));
};

const addRest = (program: Command): void => {
  command(program, 'export', 'the ledger in another form')
    .option('--otel', 'traces in the JSON form of OTLP')
    .option('--html', 'one page that replays what happened, with what was recorded')
    .option('--run <run>', 'only this run')
    .option('-o, --output <file>', 'write a file (mode 0600) instead of standard output')
    .action((options: PlaceOptions & ExportCommand) => print(exportLedger(place(options), options)));
  command(program, 'redact <digest>', 'remove what was recorded under a digest; the chain still holds')
    .option('--json', 'print what was removed as JSON')
    .action((digest: string, options: WithJson) => print(redact(place(options), digest, options)));
};

const main = async (argv: readonly string[]): Promise<void> => {
  const program = new Command(called)
    .description('Check, read and export the record of what an agent did.')
    .version(version)
    .addHelpText('after', EXIT_CODES + EXAMPLES)
    .exitOverride()
    .showHelpAfterError('(add --help for the options)');
  addChecks(program);
  addReading(program);
  addRest(program);
  try {
    await program.parseAsync([...argv]);
  } catch (error) {
    if (error instanceof UsageError || error instanceof LedgerError)
      process.stderr.write(`${error.message}\n`);
    else if (!(error instanceof CommanderError)) throw error;
    process.exitCode = error instanceof CommanderError && error.exitCode === 0 ? 0 : 1;
  }
};

process.stdout.on('error', (error: NodeJS.ErrnoException) => {
  // whoever read the output has seen enough
  if (error.code === 'EPIPE') process.exit(0);
  throw error;
});

await main(process.argv);
