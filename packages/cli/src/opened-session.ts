import {
  headOf,
  type Limits,
  say,
  type Session,
  type Sessions,
  type Stop,
  tellBeginning,
  tellReturn,
  toolsOf,
} from '@deskhand/agent-host';
import type { Ask, Mode } from '@deskhand/gateway';
import { PriceList, PRICES } from '@deskhand/model';
import { ulid } from 'ulid';
import { z } from 'zod';
import { answerQuestions, recordedAsk, type Given } from './answers.ts';
import type { Context } from './context.ts';
import { Host, runSession } from './host.ts';
import { chooseModel, DEFAULT_MODEL, windowOf, type ModelOptions } from './model-choice.ts';
import { mountOf } from './mount.ts';
import { askAtTerminal, nobody } from './person.ts';
import { givePrompt, type PromptTask } from './prompt.ts';
import { jsonView, TerminalView, type View } from './view.ts';

export const MODES = ['ask', 'accept-edits', 'plan', 'bypass'] as const satisfies readonly Mode[];

export interface RunOptions extends ModelOptions {
  readonly mode?: (typeof MODES)[number];
  readonly mount?: readonly string[];
  readonly servers?: readonly string[];
  readonly maxUsd?: number;
  readonly maxTurns?: number;
  readonly json?: boolean;
  /** Nobody is asked: a question parks. */
  readonly unattended?: boolean;
  /** Shows it instead of what `json` says. */
  readonly view?: View;
  /** Of the new session. */
  readonly id?: string;
  /** Gives up its start. */
  readonly signal?: AbortSignal;
}

export interface Place {
  readonly home: string;
  readonly sessions: Sessions;
  readonly context: Context;
}

/** What is to be done, in the person's words or in those of a server. */
export type Task = string | PromptTask;

/** A new session that knows its task; none where a server does not give it. */
export const beginTask = (task: Task, options: RunOptions, place: Place): Promise<Opened> =>
  typeof task === 'string'
    ? begin({ words: task, tell: ({ session }) => say(session, task) }, options, place)
    : begin(
        { words: `${task.server}:${task.name}`, tell: (opened) => givePrompt(task, opened, place.context) },
        options,
        place,
      );

interface Return {
  readonly id: string;
  /** Of the person, where there are more. */
  readonly words: string | undefined;
  /** To what parked it. */
  readonly given: Given | undefined;
}

/** An earlier session with its servers, ready to go on. */
export async function reopen(
  { id, words, given }: Return,
  options: RunOptions,
  place: Place,
): Promise<Opened> {
  const { sessions, context, home } = place;
  const session = await sessions.open(id);
  const { head } = session.state;
  const mode = options.mode ?? z.enum(MODES).parse(head.mode);
  const ask = recordedAsk(askOf(options, context), () => session);
  let host: Host | null = null;
  try {
    const seen = seer({ ...options, model: options.model ?? session.state.model }, context);
    host = await Host.open({ home, id, mounts: head.mounts, mode, ask, ...chosen(options) }, context);
    answerQuestions(session, given);
    tellReturn(session, { gateway: host.gateway, own: host.own, now: new Date() });
    if (mode !== head.mode)
      session.append({ kind: 'noted', topic: 'mode', text: `[Mode: ${mode} from now on.]` });
    goOn(session, options);
    if (words !== undefined) say(session, words);
    const opened = host;
    return { host, session, seen: (of) => seen(of, opened) };
  } catch (error) {
    session.close();
    await host?.close();
    throw error;
  }
}

type Seen = (session: Session, host: Host) => Promise<Stop>;

export interface Opened {
  readonly host: Host;
  readonly session: Session;
  readonly seen: (session: Session) => Promise<Stop>;
}

interface Beginning {
  readonly words: string;
  /** Says the first thing. */
  readonly tell?: (opened: Opened) => void | Promise<void>;
}

/** A new session with its servers; none is left where that comes to nothing. */
export async function begin(
  { words, tell }: Beginning,
  options: RunOptions,
  { home, sessions, context }: Place,
): Promise<Opened> {
  const id = options.id ?? ulid();
  const mode = options.mode ?? 'ask';
  const model = options.model ?? DEFAULT_MODEL;
  const mounts = (options.mount ?? []).map((text) => mountOf(text, context));
  const seen = seer(options, context);
  let session: Session | null = null;
  const ask = recordedAsk(askOf(options, context), () => session);
  const host = await Host.open({ home, id, mounts, mode, ask, ...chosen(options) }, context);
  const head = headOf({ words, model, mode, mounts, window: windowOf(options), limits: limitsOf(options) });
  try {
    session = await sessions.create({ ...head, tools: toolsOf(host.gateway, host.own) }, id);
    tellBeginning(session, { home, gateway: host.gateway, mode, now: new Date() });
    const opened: Opened = { host, session, seen: (of) => seen(of, host) };
    await tell?.(opened);
    options.signal?.throwIfAborted();
    return opened;
  } catch (error) {
    session?.close();
    await host.close();
    if (session !== null) await sessions.delete(id);
    throw error;
  }
}

/** How a session is run and shown. @throws Refusal where the model cannot be reached */
function seer(options: RunOptions, context: Context): Seen {
  const model = chooseModel(options.model ?? DEFAULT_MODEL, options, context);
  const prices = new PriceList(PRICES);
  const view = options.view ?? (options.json ? jsonView(context) : new TerminalView(context, prices).hear);
  return (session, host) => runSession({ session, host, model, prices, view }, context);
}

const askOf = ({ json, unattended }: RunOptions, context: Context): Ask =>
  json || unattended || !context.input.isTTY ? nobody : askAtTerminal(context);

const chosen = ({ servers, signal }: RunOptions): Pick<RunOptions, 'servers' | 'signal'> => ({
  ...(servers && { servers }),
  ...(signal && { signal }),
});

const limitsOf = ({ maxTurns, maxUsd }: RunOptions, before: Limits = { turns: null, usd: null }): Limits => ({
  turns: maxTurns ?? before.turns,
  usd: maxUsd ?? before.usd,
});

export function goOn(session: Session, options: RunOptions): void {
  const { limits, model } = session.state;
  session.append({ kind: 'resumed', limits: limitsOf(options, limits), model: options.model ?? model });
}
