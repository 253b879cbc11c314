import { Argument, Command, CommanderError, Option } from 'commander';
import { stateHome } from '../state-home.ts';
import { version } from '../version.ts';
import { allow, deny, revoke, type AllowOptions } from './give.ts';
import { exportGrants, list } from './list.ts';
import type { CliContext, CommandResult } from './outcome.ts';
import { answer, pending, type AnswerOptions } from './pending.ts';
import { RESOURCE_HELP } from './resource-text.ts';

const EXIT_CODES = `
Exit codes:
  0  done
  1  used wrongly
  5  refused or failed`;

const examples = (called: string): string => `
Examples:
  ${called} list
  ${called} allow mousepad --for 2h
  ${called} allow folder:~/notes:rw
  ${called} deny "command:rm *"
  ${called} revoke mousepad
  ${called} pending
  ${called} answer 3f9c01d2ab44 allow

What a command allows, or no longer denies, has to be confirmed at the terminal.`;

interface ProgramOptions {
  readonly context: Omit<CliContext, 'home'>;
  readonly print: (result: CommandResult) => void;
}

/** The command line; every command prints one result. */
export function grantsProgram({ context, print }: ProgramOptions): Command {
  const program = new Command(context.called)
    .description(
      'What agents may touch on this computer: see it, allow, deny, revoke, and answer what they asked.',
    )
    .version(version)
    .option('--home <folder>', 'the state folder (default: $DESKHAND_HOME, else the platform’s own)')
    .addHelpText('after', RESOURCE_HELP + EXIT_CODES + examples(context.called))
    .exitOverride()
    .showHelpAfterError('(add --help for the commands)');
  const here = (): CliContext => ({
    ...context,
    home: homeFrom(program.opts<{ home?: string }>().home, context),
  });
  addReading(program, here, print);
  addGiving(program, here, print);
  addPending(program, here, print);
  return program;
}

/** 0 for help, 1 when the command line could not be read, which has been said; `undefined` for other errors. */
export function exitCodeOfParser(error: unknown): 0 | 1 | undefined {
  if (!(error instanceof CommanderError)) return undefined;
  return error.exitCode === 0 ? 0 : 1;
}

type Here = () => CliContext;
type Print = ProgramOptions['print'];

const homeFrom = (
  folder: string | undefined,
  { env, platform, homedir }: ProgramOptions['context'],
): string =>
  stateHome({ env: folder === undefined ? env : { ...env, DESKHAND_HOME: folder }, platform, homedir });

function addReading(program: Command, here: Here, print: Print): void {
  program
    .command('list')
    .description('what is allowed and denied now, and whether the approved files changed since')
    .option('--all', 'also what was revoked or expired')
    .option('--json', 'print it as JSON')
    .action(async (options: { all?: boolean; json?: boolean }) => print(await list(here(), options)));
  program
    .command('export')
    .description('print the whole file of grants')
    .action(() => print(exportGrants(here())));
}

const withRights = (command: Command): Command =>
  command
    .option('--clipboard-read', 'it may also read what you copied')
    .option('--clipboard-write', 'it may also replace what you copied')
    .option('--system-key-combos', 'it may also press shortcuts that switch or close windows');

function addGiving(program: Command, here: Here, print: Print): void {
  withRights(program.command('allow'))
    .description('allow a resource to every agent, until it is revoked')
    .argument('<resource>')
    .addOption(new Option('--tier <tier>', 'allow no more than this').choices(['read', 'click', 'full']))
    .option('--for <time>', 'allow it for so long only, such as 30m, 2h or 7d')
    .addHelpText('after', RESOURCE_HELP)
    .action(async (resource: string, options: AllowOptions) => print(await allow(resource, options, here())));
  program
    .command('deny')
    .description('deny a resource to every agent; this beats what is allowed')
    .argument('<resource>')
    .addHelpText('after', RESOURCE_HELP)
    .action(async (resource: string) => print(await deny(resource, here())));
  program
    .command('revoke')
    .description('end a grant, by its id or all of a resource')
    .argument('<id|resource>')
    .action(async (target: string) => print(await revoke(target, here())));
}

function addPending(program: Command, here: Here, print: Print): void {
  program
    .command('pending')
    .description('what agents asked while nobody could answer')
    .option('--json', 'print it as JSON')
    .action((options: { json?: boolean }) => print(pending(here(), options)));
  withRights(program.command('answer'))
    .description('answer such a question, for the session that asked')
    .argument('<id>')
    .addArgument(new Argument('<decision>', 'what you decide').choices(['allow', 'deny']))
    .option('--always', 'for every session, until it is revoked')
    .action(async (id: string, decision: 'allow' | 'deny', options: AnswerOptions) =>
      print(await answer({ id, decision }, options, here())),
    );
}
