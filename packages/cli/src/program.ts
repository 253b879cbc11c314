import { stateHome } from '@deskhand/grants';
import { Command, Option } from 'commander';
import { setImmediate } from 'node:timers/promises';
import {
  DaySpending,
  dollars,
  effective,
  htmlOf,
  markdownOf,
  Sessions,
  type SessionSummary,
} from '@deskhand/agent-host';
import { chat } from './chat.ts';
import { attach, type AttachOptions } from './attach.ts';
import { daemonBin, holderOf, runningDaemon } from './daemon-process.ts';
import { delegate } from './delegate.ts';
import { resumeAnywhere, runDetached } from './detach.ts';
import { version } from './version.ts';
import { work } from './worker.ts';
import { EXIT, Refusal, type Context } from './context.ts';
import { COST_KEYS, costRows, costText, type CostKey } from './cost.ts';
import { demo } from './demo/demo.ts';
import { doctor } from './doctor.ts';
import type { ModelOptions } from './model-choice.ts';
import { addServers } from './mcp-program.ts';
import { collected, dailyLimit, names, positive, positiveInteger } from './option-values.ts';
import { promptTask } from './prompt.ts';
import { MODES, run, type Place, type ResumeOptions, type RunOptions } from './run.ts';
import { binOf } from './servers.ts';
import { sessionsTable } from './sessions-table.ts';
import { announce, shown } from './waiting.ts';

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
  addRunning(program, { place, exit });
  addKeeping(program, { place, print, context });
  addServers(program, { place, print, context });
  addDoctor(program, { place, print, context });
  addDemo(program, { context, exit });
  addDelegates(program, { context, exit });
  addWatching(program, { place, exit });
  return program;
}

export type PlaceOf = () => Place;
export type Print = (text: string, code?: number) => void;

function addRunning(
  program: Command,
  { place, exit }: { place: PlaceOf; exit: (code: number) => void },
): void {
  withRunOptions(program.command('run [task...]').description('Do a task'), true)
    .option('--prompt <SERVER:NAME>', 'Do what a server offers as a task, with NAME=VALUE for what it needs')
    .option('--detach', 'Give it to the daemon, and print its id')
    .action(async (task: string[], options: TaskOptions) => exit(await runTask(task, options, place())));
  withRunOptions(program.command('chat').description('Speak with the agent, line by line'), true).action(
    async (options: RunOptions) => exit(await chat(options, place())),
  );
  withRunOptions(program.command('resume <session> [words...]').description('Go on with a session'), false)
    .option('--answer <WORD>', 'Answer what it waits for: once, session, always or no')
    .option('--detach', 'Go on in the daemon')
    .action(async (name: string, words: string[], options: ResumeOptions & { readonly detach?: boolean }) => {
      const here = place();
      const said = words.length === 0 ? undefined : words.join(' ');
      exit(await resumeAnywhere({ id: longId(name, here), words: said }, options, here));
    });
}

interface TaskOptions extends RunOptions {
  readonly prompt?: string;
  readonly detach?: boolean;
}

/** @throws Refusal where there is no task */
function runTask(words: readonly string[], options: TaskOptions, place: Place): Promise<number> {
  if (options.prompt === undefined && words.length === 0)
    throw new Refusal('There is no task.', 'deskhand run WORDS', EXIT.usage);
  const task = options.prompt === undefined ? words.join(' ') : promptTask(options.prompt, words);
  return (options.detach === true ? runDetached : run)(task, options, place);
}

function withRunOptions(command: Command, isNew: boolean): Command {
  command
    .option('--model <NAME>', 'Model, such as claude-opus-5-5 or qwen3:8b')
    .option('--chat-url <URL>', 'Chat completions of this model, such as http://127.0.0.1:11434/v1')
    .addOption(new Option('--mode <MODE>', 'What needs no question').choices(MODES))
    .option('--servers <NAMES>', 'Only these servers, separated by commas; or none', names)
    .option('--max-usd <USD>', 'Park before the session costs more', positive)
    .option('--max-turns <COUNT>', 'Park after so many answers of the model', positiveInteger)
    .option('--unattended', 'Ask nobody: park instead')
    .option('--json', 'Print each event as a line of JSON, and ask nobody');
  if (!isNew) return command;
  return command
    .option('--mount <NAME=PATH[:ro]>', 'Folder to share; can be repeated', collected)
    .option('--window <TOKENS>', 'What the model takes at once', positiveInteger);
}

function addKeeping(
  program: Command,
  { place, print, context }: { place: PlaceOf; print: Print; context: Context },
): void {
  program
    .command('sessions')
    .description('List the sessions')
    .option('--json', 'As JSON')
    .action(async ({ json }: { json?: boolean }) => {
      const here = place();
      const listed = (await runningDaemon(here))?.list();
      const [held = [], all] = await Promise.all([listed, summaries(here)]);
      print(sessionsTable(all, { held, isJson: json === true }));
    });
  program
    .command('fork <session>')
    .description('Begin a new session that knows what this one knew')
    .option('--at <EVENT>', 'As it was after the event of this number', positiveInteger)
    .action(async (name: string, { at }: { at?: number }) => {
      const here = place();
      const session = await here.sessions.fork(longId(name, here), at);
      session.close();
      context.errors.write(`Go on with it: deskhand resume ${session.id} WORDS\n`);
      print(session.id);
    });
  program
    .command('rewind <session>')
    .argument('<event>', 'Its number', positiveInteger)
    .description('Take a session back to how it was after the event of this number')
    .action(async (name: string, event: number) => {
      const here = place();
      const session = await here.sessions.open(longId(name, here));
      try {
        session.rewind(event);
      } finally {
        session.close();
      }
      print(`Now as after event ${event}.`);
    });
  program
    .command('export <session>')
    .description('Print a session as Markdown')
    .option('--html', 'As a page with its pictures, in which nothing runs')
    .action((name: string, { html }: { html?: boolean }) => {
      const here = place();
      const events = effective(here.sessions.read(longId(name, here)));
      const title = events[0]?.kind === 'started' ? events[0].title : name;
      print((html ? htmlOf : markdownOf)(title, events));
    });
  program
    .command('stop <session>')
    .description('Park a session that runs in another process')
    .action(async (name: string) => {
      const here = place();
      const id = here.sessions.find(name);
      const daemon = await holderOf(id, here);
      if (daemon === undefined) here.sessions.stop(id);
      else await shown(context, PARKS, daemon.stop(id));
      print(daemon === undefined ? `Told ${id} to stop.` : `Stopped ${id}.`);
    });
  program
    .command('delete <session>')
    .description('Delete a session and all that it kept')
    .action(async (name: string) => {
      const here = place();
      const id = here.sessions.find(name);
      await shown(context, PARKS, ((await holderOf(id, here)) ?? here.sessions).delete(id));
      print(`Deleted ${id}.`);
    });
  program
    .command('budget')
    .argument('[usd]', 'A number of US dollars, or none', dailyLimit)
    .description('What all sessions together may cost a day (UTC): a number of US dollars, or none')
    .action((usd: number | null | undefined) => print(budget(new DaySpending(place().home), usd)));
  program
    .command('cost')
    .description('What sessions cost')
    .addOption(new Option('--by <KEY>', 'Sum up by').choices(COST_KEYS).default('day'))
    .option('--json', 'As JSON')
    .action(async ({ by, json }: { by: CostKey; json?: boolean }) => {
      const rows = costRows(await summaries(place()), by);
      print(json ? JSON.stringify(rows) : costText(rows, by));
    });
}

function addDoctor(
  program: Command,
  { place, print, context }: { place: PlaceOf; print: Print; context: Context },
): void {
  program
    .command('doctor')
    .description('Try what a session needs')
    .action(async () => {
      const { text, exitCode } = await doctor(place(), context);
      print(text, exitCode);
    });
}

function addDemo(
  program: Command,
  { context, exit }: { context: Context; exit: (code: number) => void },
): void {
  program
    .command('demo')
    .description('Do a small task in a folder of its own; without a key the model’s words are recorded')
    .option('--model <NAME>', 'Model, such as claude-opus-5-5 or qwen3:8b')
    .option('--chat-url <URL>', 'Chat completions of this model, such as http://127.0.0.1:11434/v1')
    .action(async (options: ModelOptions) => exit(await demo(options, context)));
}

/** Commands that other bins have. */
function addDelegates(
  program: Command,
  { context, exit }: { context: Context; exit: (code: number) => void },
): void {
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

/** Of a session that is read; a terminal is told where that takes long. */
function longId(name: string, { sessions, context }: Place): string {
  const id = sessions.find(name);
  const megabytes = Math.round(sessions.size(id) / 1e6);
  if (megabytes >= LONG_MB) announce(context, `Reading ${megabytes} MB of events`);
  return id;
}

/** Of all sessions, newest first. */
async function summaries({ sessions, context }: Place): Promise<readonly SessionSummary[]> {
  const ids = sessions.ids().toReversed();
  const read = async (): Promise<readonly SessionSummary[]> => {
    const all: SessionSummary[] = [];
    for (const id of ids) {
      all.push(...[sessions.summary(id) ?? []].flat());
      await setImmediate(); // so that the time may be told
    }
    return all;
  };
  return shown(context, `Reading ${ids.length} sessions`, read());
}

const PARKS = 'Waiting for it to park';
const LONG_MB = 4;

function budget(day: DaySpending, usd: number | null | undefined): string {
  if (usd !== undefined) day.limit = usd;
  const spent = `Today $${dollars(day.spent(new Date()))} were spent or are reserved`;
  return day.limit === null ? `${spent}; there is no limit.` : `${spent}, of $${day.limit} a day.`;
}

function addWatching(
  program: Command,
  { place, exit }: { place: PlaceOf; exit: (code: number) => void },
): void {
  program
    .command('attach <session>')
    .description('Watch a session of the daemon; Ctrl-C leaves it running')
    .option('--json', 'Print each event as a line of JSON, and ask nobody')
    .action(async (name: string, options: AttachOptions) => {
      const here = place();
      exit(await attach(here.sessions.find(name), options, here));
    });
  program.command('worker', { hidden: true }).action(() => work(place()));
}
