import { say } from '@deskhand/agent-host';
import { createInterface } from 'node:readline/promises';
import { complaintOf } from './complaint.ts';
import { EXIT, Refusal, type Context } from './context.ts';
import { givePrompt, listedPrompts, promptTask } from './prompt.ts';
import { begin, goOn, type Opened, type Place, type RunOptions } from './opened-session.ts';
import { NOT_BEGUN } from './run.ts';
import { untilInterrupted } from './waiting.ts';

const LIST_MS = 60_000;

const HELP = `Say what is to be done. /prompts lists the tasks that servers offer, /prompt SERVER:NAME NAME=VALUE does one.
Ctrl-C parks what runs; here it ends the chat, as Ctrl-D does.`;

/** A session that the person speaks to, line by line, until the end of the input. */
export async function chat(options: RunOptions, place: Place): Promise<number> {
  const { context } = place;
  const opened = await untilInterrupted(context, NOT_BEGUN, (signal) =>
    begin({ words: 'Chat' }, { ...options, signal }, place),
  );
  const { host, session, seen } = opened;
  if (context.input.isTTY) context.errors.write(`${HELP}\n`);
  try {
    for await (const line of linesOf(context)) {
      if (!(await taken(line, opened, context))) continue;
      if (session.state.parked !== null) goOn(session, options);
      await seen(session);
    }
    return EXIT.done;
  } finally {
    context.errors.write(`Session ${session.id}. Go on: deskhand resume ${session.id} WORDS\n`);
    session.close();
    await host.close();
  }
}

/** Whether the session has something to do after this line. */
async function taken(line: string, opened: Opened, context: Context): Promise<boolean> {
  const [command, ...words] = wordsOf(line);
  if (command !== '/prompts' && command !== '/prompt') {
    say(opened.session, line);
    return true;
  }
  try {
    if (command === '/prompts') {
      const { lines, failed } = await listedPrompts(opened.host.gateway, AbortSignal.timeout(LIST_MS));
      context.errors.write(`${[...lines, ...failed].join('\n')}\n`);
      return false;
    }
    const [given, ...values] = words;
    if (given === undefined)
      throw new Refusal('There is no prompt.', 'Use /prompt SERVER:NAME NAME=VALUE. See: /prompts');
    await givePrompt(promptTask(given, values), opened, context);
    return true;
  } catch (error) {
    context.errors.write(`${complaintOf(error).text}\n`);
    return false;
  }
}

/** Of a line; quotes keep words together, as in a shell. */
const wordsOf = (line: string): readonly string[] =>
  (line.match(/(?:[^\s"']|"[^"]*"|'[^']*')+/g) ?? []).map((word) =>
    word.replaceAll(/"([^"]*)"|'([^']*)'/g, '$1$2'),
  );

/** What the person types, without empty lines, until the end of the input. */
async function* linesOf({ input, errors }: Context): AsyncGenerator<string> {
  if (!input.isTTY) {
    for await (const line of createInterface({ input })) if (line.trim() !== '') yield line.trim();
    return;
  }
  for (;;) {
    const line = await readLine(input, errors);
    if (line === null) return;
    if (line !== '') yield line;
  }
}

/** Opened for each line, so that questions can use the terminal in between; null at its end, and at Ctrl-C. */
async function readLine(input: NodeJS.ReadableStream, output: NodeJS.WritableStream): Promise<string | null> {
  const lines = createInterface({ input, output });
  const ended = new AbortController();
  lines.once('close', () => ended.abort());
  lines.once('SIGINT', () => lines.close());
  try {
    return (await lines.question('> ', { signal: ended.signal })).trim();
  } catch {
    return null; // what the abort above makes of it
  } finally {
    lines.close();
  }
}
