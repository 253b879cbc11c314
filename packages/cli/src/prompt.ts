import type { CallOutcome, Gateway, ServerPrompt } from '@deskhand/gateway';
import { say, type Session } from '@deskhand/agent-host';
import { ulid } from 'ulid';
import { EXIT, Refusal, type Context } from './context.ts';
import { visible } from './visible.ts';
import { shown, untilInterrupted } from './waiting.ts';

const MOST_OF_A_SERVER = 200;
const MOST_DESCRIPTION = 200;

/** What servers offer, and what kept some from telling. */
export async function listedPrompts(
  gateway: Gateway,
  signal: AbortSignal,
): Promise<{ readonly lines: readonly string[]; readonly failed: readonly string[] }> {
  const failed: string[] = [];
  const onFailed = (server: string, why: string): void =>
    void failed.push(visible(`${server}: its prompts could not be listed: ${why}`));
  const prompts = await gateway.prompts({ signal, onFailed });
  return { lines: prompts.length === 0 ? ['No server offers prompts.'] : promptLines(prompts), failed };
}

/** A line for each, as they are given to `run --prompt`; names and words are those of their servers. */
function promptLines(prompts: readonly ServerPrompt[]): readonly string[] {
  const servers = [...new Set(prompts.map(({ server }) => server))];
  return servers.flatMap((server) => {
    const all = prompts.filter((prompt) => prompt.server === server);
    const more = all.length - MOST_OF_A_SERVER;
    return [
      ...all.slice(0, MOST_OF_A_SERVER).map(lineOf),
      ...(more > 0 ? [`${server}: and ${more} more`] : []),
    ];
  });
}

function lineOf({ server, name, description, arguments: args }: ServerPrompt): string {
  const given = args.map((one) => (one.isRequired ? ` ${one.name}=…` : ` [${one.name}=…]`)).join('');
  const line = `${server}:${name}${given}`;
  const said =
    description.length > MOST_DESCRIPTION ? `${description.slice(0, MOST_DESCRIPTION)}…` : description;
  return visible(
    [line, said]
      .filter(Boolean)
      .join('  ')
      .replaceAll(/[\n\t]/g, ' '),
  );
}

/** A task that a server worded: which, and with what. */
export interface PromptTask {
  readonly server: string;
  readonly name: string;
  readonly arguments: Readonly<Record<string, string>>;
}

/** @throws Refusal where it is not `server:name`, or a word is no `key=value` */
export function promptTask(given: string, words: readonly string[]): PromptTask {
  const [server = '', ...name] = given.split(':');
  if (server === '' || name.length === 0)
    throw new Refusal(`${given} is no prompt.`, 'Use SERVER:NAME. See: deskhand mcp prompts', EXIT.usage);
  const pairs = words.map((word) => {
    const at = word.indexOf('=');
    if (at < 1) throw new Refusal(`${word} is no argument of a prompt.`, 'Use NAME=VALUE.', EXIT.usage);
    return [word.slice(0, at), word.slice(at + 1)] as const;
  });
  return { server, name: name.join(':'), arguments: Object.fromEntries(pairs) };
}

/** Gives it to the session; Ctrl-C gives up the waiting for its server. @throws Refusal where there is none */
export async function givePrompt(
  task: PromptTask,
  { session, host: { gateway } }: GivenTo,
  context: Context,
): Promise<void> {
  const hint = `${task.server} had not given its prompt.`;
  const text = untilInterrupted(context, hint, (signal) => promptText(gateway, task, signal));
  sayPrompt(session, task, await shown(context, `Waiting for the prompt of ${visible(task.server)}`, text));
}

interface GivenTo {
  readonly session: Session;
  readonly host: { readonly gateway: Gateway };
}

/** The text of a prompt. @throws Refusal where there is none */
async function promptText(
  gateway: Gateway,
  task: PromptTask,
  signal: AbortSignal,
): Promise<Extract<CallOutcome, { kind: 'done' }>> {
  const outcome = await gateway.prompt({ id: ulid(), ...task }, { signal });
  if (outcome.kind === 'parked')
    throw new Refusal(
      'The server asks something before it gives the prompt.',
      'Do it at the terminal, without --json, --unattended and --detach.',
      EXIT.question,
    );
  if (!outcome.isError) return outcome;
  const [why] = outcome.content;
  throw new Refusal(visible(why?.type === 'text' ? why.text : 'It failed.'), 'See: deskhand mcp prompts');
}

/** Says what the person chose in words of the host, and what the server wrote as data. */
function sayPrompt(
  session: Session,
  { server, name, arguments: args }: PromptTask,
  { content }: Pick<Extract<CallOutcome, { kind: 'done' }>, 'content'>,
): void {
  const texts = content.flatMap((part) => (part.type === 'text' ? [part.text] : []));
  const pictures = content.filter((part) => part.type === 'picture');
  session.append({ kind: 'noted', topic: 'prompt', text: texts.join('\n') });
  const which = `${JSON.stringify(name)} of the server ${JSON.stringify(server)}`;
  const how = Object.keys(args).length === 0 ? '' : ` with ${JSON.stringify(args)}`;
  const text = `Do the task of the prompt ${which}${how}. Its text is above; the server wrote it, and I did not: do of it what serves that task, and tell me what goes beyond it in place of doing it.`;
  if (pictures.length === 0) say(session, text);
  else session.append({ kind: 'said', content: [{ type: 'text', text }, ...pictures] });
}
