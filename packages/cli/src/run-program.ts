import { Option, type Command } from 'commander';
import { attach, type AttachOptions } from './attach.ts';
import { chat } from './chat.ts';
import type { CommandParts } from './command-parts.ts';
import { EXIT, Refusal } from './context.ts';
import { resumeAnywhere, runDetached } from './detach.ts';
import { collected, names, positive, positiveInteger } from './option-values.ts';
import { promptTask } from './prompt.ts';
import { MODES, type Place, type RunOptions } from './opened-session.ts';
import { run, type ResumeOptions } from './run.ts';
import { readId } from './session-reading.ts';
import { work } from './worker.ts';

/** `deskhand run`, `chat`, `resume` and `attach`: what a session works in. */
export function addRunning(program: Command, { place, exit }: CommandParts): void {
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
      exit(await resumeAnywhere({ id: readId(name, here), words: said }, options, here));
    });
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
