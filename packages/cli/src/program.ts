import { Sessions } from '@deskhand/agent-host';
import { stateHome } from '@deskhand/grants';
import { Command } from 'commander';
import type { CommandParts } from './command-parts.ts';
import { EXIT, type Context } from './context.ts';
import { daemonBin } from './daemon-process.ts';
import { delegate } from './delegate.ts';
import { demo } from './demo/demo.ts';
import { doctor } from './doctor.ts';
import { addServers } from './mcp-program.ts';
import type { ModelOptions } from './model-choice.ts';
import { addRunning } from './run-program.ts';
import { binOf } from './servers.ts';
import { addSessions } from './session-program.ts';
import { version } from './version.ts';

const CODES = `
Exit codes: 0 done, 1 failed, 2 used wrongly, 3 a person has to answer, 4 a limit of turns or money,
5 the model failed or refused, 130 stopped. After 3, 4, 5 and 130: deskhand resume ID.
daemon, grants and ledger have codes of their own: see their --help.`;

/** The command `deskhand`; `exit` gets the code of what was done. */
export function deskhandProgram(context: Context, exit: (code: number) => void): Command {
  const program = new Command('deskhand')
    .description('Works on a person’s own computer with tools, until a task is done.')
    .version(version, '-V, --version', 'Print the version')
    .exitOverride()
    .configureOutput({ outputError: (text, write) => write(text.replace(/^error: /, 'deskhand: ')) })
    .showHelpAfterError('See: deskhand --help, and --help behind each command')
    .addHelpText('after', CODES);
  const print = (text: string, code: number = EXIT.done): void => {
    context.output.write(`${text}\n`);
    exit(code);
  };
  const place = () => {
    const home = stateHome(context);
    return { home, sessions: new Sessions(home), context };
  };
  const parts = { place, print, exit, context };
  addRunning(program, parts);
  addSessions(program, parts);
  addServers(program, parts);
  addDoctor(program, parts);
  addDemo(program, parts);
  addDelegates(program, parts);
  return program;
}

function addDoctor(program: Command, { place, print, context }: CommandParts): void {
  program
    .command('doctor')
    .description('Try what a session needs')
    .action(async () => {
      const { text, exitCode } = await doctor(place(), context);
      print(text, exitCode);
    });
}

function addDemo(program: Command, { context, exit }: CommandParts): void {
  program
    .command('demo')
    .description('Do a small task in a folder of its own; without a key the model’s words are recorded')
    .option('--model <NAME>', 'Model, such as claude-opus-5-5 or qwen3:8b')
    .option('--chat-url <URL>', 'Chat completions of this model, such as http://127.0.0.1:11434/v1')
    .action(async (options: ModelOptions) => exit(await demo(options, context)));
}

/** Commands that other bins have. */
function addDelegates(program: Command, { context, exit }: CommandParts): void {
  const bins = [
    ['grants', 'What the person allowed', () => [binOf('grants', context)]],
    ['ledger', 'What agents did', () => [binOf('run-ledger', context)]],
    ['daemon', 'Run sessions in the background', () => daemonBin(context)],
  ] as const;
  for (const [name, description, bin] of bins)
    program
      .command(`${name} [arguments...]`)
      .description(`${description}: see deskhand ${name} --help`)
      .helpOption(false)
      .allowUnknownOption()
      .action(async (_given: unknown, _options: unknown, { args }: Command) =>
        exit(await delegate({ name, bin: bin(), args }, context)),
      );
}
