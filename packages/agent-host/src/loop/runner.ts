import type { Gateway, GatewayEvent, Question } from '@deskhand/gateway';
import { ModelError, type Model, type ModelEvent, type ModelTurn, type PriceList } from '@deskhand/model';
import { setTimeout as sleep } from 'node:timers/promises';
import type { Happening, ParkReason, SessionEvent } from '../log/event.ts';
import { next, waitAfter, type Effect } from '../log/next.ts';
import { INTERRUPTED, STOPPED_AT_DESKTOP } from '../log/reduce.ts';
import { textOf } from '../log/plain.ts';
import type { OpenCall } from '../log/state.ts';
import { requestOf, summaryRequestOf } from '../prompt/request.ts';
import { shortenedText } from '../prompt/summary.ts';
import type { DaySpending } from '../store/day-spending.ts';
import type { Session } from '../store/session.ts';
import { abortable } from './abortable.ts';
import { isFree, openAccount, type Account } from './accounts.ts';
import { inOrder } from './call-ids.ts';
import type { OwnTool } from './own-tool.ts';
import { digestOf, intent, type Rows } from './record.ts';

/** What one sees of a run. */
export type Heard =
  | { readonly kind: 'event'; readonly event: SessionEvent }
  | { readonly kind: 'model'; readonly event: ModelEvent }
  | { readonly kind: 'progress'; readonly id: string; readonly text: string }
  | { readonly kind: 'gateway'; readonly event: GatewayEvent };

export interface RunnerParts {
  readonly session: Session;
  readonly model: Model;
  readonly gateway: Gateway;
  readonly prices: PriceList;
  readonly day: DaySpending;
  readonly ledger: Rows;
  readonly own?: readonly OwnTool[];
  readonly hear?: (heard: Heard) => void;
}

export type Stop = Extract<Effect, { kind: 'idle' | 'parked' }>;

/** Does what a session needs, until the model has said all or someone else is needed. */
export class Runner {
  readonly #parts: RunnerParts;
  readonly #told = new Set<string>();
  /** By the person at the desktop. */
  #stop = new AbortController();

  constructor(parts: RunnerParts) {
    this.#parts = parts;
  }

  /**
   * An abort parks the session, with its reason where that is a text, and so does the person at the desktop; all that
   * throws besides is a fault of the host.
   */
  async run(outer: AbortSignal): Promise<Stop> {
    const { session, gateway } = this.#parts;
    this.#stop = new AbortController();
    const signal = AbortSignal.any([outer, this.#stop.signal]);
    const ends = [
      session.listen((event) => this.#hear({ kind: 'event', event })),
      gateway.listen((event) => this.#hearGateway(event)),
    ];
    try {
      for (;;) {
        const effect = next(session.state);
        if (effect.kind === 'idle' || effect.kind === 'parked') return effect;
        if (signal.aborted) this.#park('stopped', whyOf(signal));
        else await this.#perform(effect, signal);
      }
    } finally {
      for (const end of ends) end();
    }
  }

  async #perform(effect: Exclude<Effect, Stop>, signal: AbortSignal): Promise<void> {
    switch (effect.kind) {
      case 'ask':
        return this.#ask(signal);
      case 'call':
        for (const { call } of effect.calls) this.#append({ kind: 'call-started', id: call.id });
        await Promise.all(effect.calls.map((call) => this.#call(call, signal)));
        return;
      case 'clear':
        this.#append({ kind: 'cleared', before: effect.before });
        return;
      case 'summarize':
        return this.#summarize(effect.upTo, signal);
      case 'park':
        this.#park(effect.why, effect.message);
    }
  }

  async #ask(signal: AbortSignal): Promise<void> {
    const { session, model } = this.#parts;
    const account = await this.#account('turn');
    if (account === null) return;
    const turn = await this.#answer(account, signal, (hear) =>
      model.respond(requestOf(session.state, account.maxTokens), { signal, hear }),
    );
    if (turn === null) return;
    const content = inOrder(turn.content, session.state.ids);
    this.#append({ kind: 'answered', ...turn, model: model.name, content });
  }

  async #summarize(upTo: number, signal: AbortSignal): Promise<void> {
    const { session, model } = this.#parts;
    const account = await this.#account('summary');
    if (account === null) return;
    const request = summaryRequestOf(session.state, upTo, account.maxTokens);
    const turn = await this.#answer(account, signal, () => model.respond(request, { signal }));
    if (turn === null) return;
    const text = shortenedText(session.state, textOf(turn.content));
    this.#append({ kind: 'compacted', upTo, text, usage: turn.usage });
  }

  /** Parks where there is no room for the answer. */
  async #account(purpose: 'turn' | 'summary'): Promise<Account | null> {
    const account = await openAccount(purpose, this.#parts);
    if (typeof account !== 'string') return account;
    this.#park('usd', account);
    return null;
  }

  /** Null where there is none, which the session knows then. */
  async #answer(
    { settle }: Account,
    signal: AbortSignal,
    respond: (hear: (event: ModelEvent) => void) => Promise<ModelTurn>,
  ): Promise<ModelTurn | null> {
    try {
      const turn = await abortable(
        respond((event) => this.#hear({ kind: 'model', event })),
        signal,
      );
      settle({ kind: 'answered', turn });
      return turn;
    } catch (error) {
      if (signal.aborted) settle({ kind: 'cancelled' });
      if (signal.aborted) return null;
      if (!(error instanceof ModelError)) throw error;
      settle({ kind: 'failed', code: error.code, isFree: isFree(error) });
      await this.#fail(error, signal);
      return null;
    }
  }

  async #fail(error: ModelError, signal: AbortSignal): Promise<void> {
    const { code, message, hint, isPassing, retryAfter } = error;
    const failures = this.#parts.session.state.failure?.count ?? 0;
    const wait = isPassing ? waitAfter(failures, retryAfter) : code === 'too_large' ? 0 : null;
    this.#append({ kind: 'failed', code, message, hint, wait, isFree: isFree(error) });
    if (next(this.#parts.session.state).kind === 'park') return;
    await sleep(wait ?? 0, undefined, { signal }).catch(() => undefined); // an abort is seen by who asked
  }

  async #call({ call, answer, answers }: OpenCall, signal: AbortSignal): Promise<void> {
    const { id, name, input } = call;
    const own = this.#parts.own?.find((tool) => tool.name === name);
    if (own !== undefined) return this.#callOwn(own, call);
    const progress = (text: string): void => this.#hear({ kind: 'progress', id, text });
    const answered = Object.entries(answers).findLast(([, one]) => one === answer)?.[0];
    const given = answer === null ? {} : { answer, ...(answered !== undefined && { answered }) };
    const options = { signal, progress, ...given };
    try {
      const outcome = await abortable(this.#parts.gateway.call({ id, name, input }, options), signal);
      if (outcome.kind === 'parked') this.#waits(id, outcome.question);
      else this.#append({ ...outcome, kind: 'call-ended', id });
      if (outcome.kind === 'done' && outcome.code === STOPPED_AT_DESKTOP) this.#stop.abort();
    } catch (error) {
      if (!signal.aborted) throw error;
      if (this.#questionOf(id) !== null) return; // nothing was done: it is asked again
      const content = [{ type: 'text' as const, text: INTERRUPTED }];
      const ended = { content, isError: true, ms: 0, code: 'interrupted', tier: null };
      this.#append({ kind: 'call-ended', id, decision: 'interrupted', ...ended });
    }
  }

  async #callOwn(tool: OwnTool, { id, input }: OpenCall['call']): Promise<void> {
    const begun = performance.now();
    const about = { call: id, server: 'deskhand', tool: tool.name };
    const ended = intent(this.#parts.ledger, {
      name: tool.name,
      decision: about,
      argsSha256: digestOf(input),
    });
    const done = (text: string, isError: boolean): void => {
      const content = [{ type: 'text' as const, text }];
      ended({ decision: { ...about, decision: 'allowed', isError }, resultSha256: digestOf(content) });
      this.#append({
        ...{ kind: 'call-ended', id, content, isError, decision: 'allowed' },
        ...{ ms: performance.now() - begun, code: null, tier: null },
      });
    };
    try {
      done(await tool.run(input), false);
    } catch (error) {
      done(error instanceof Error ? error.message : String(error), true);
    }
  }

  #waits(id: string, question: Question): void {
    if (this.#questionOf(id)?.id !== question.id) this.#append({ kind: 'asked-person', id, question });
  }

  #questionOf(id: string): Question | null {
    return this.#parts.session.state.open.find(({ call }) => call.id === id)?.question ?? null;
  }

  #park(why: ParkReason, message: string): void {
    this.#append({ kind: 'parked', why, message });
  }

  #append(happening: Happening): void {
    this.#parts.session.append(happening);
  }

  #hear(heard: Heard): void {
    this.#parts.hear?.(heard);
  }

  #hearGateway(event: GatewayEvent): void {
    this.#hear({ kind: 'gateway', event });
    const text = noteOf(event);
    if (text === null || (event.kind === 'changed' && this.#told.has(text))) return;
    this.#told.add(text);
    this.#append({ kind: 'noted', topic: 'servers', text });
  }
}

const whyOf = ({ reason }: AbortSignal): string =>
  typeof reason === 'string' ? reason : 'Stopped by the person.';

/** Nothing that could end the brackets, or be a sentence. */
const NO_URI = /[^\w.:/?#&=%~+@,;-]/g;
const MOST_NAMES = 12;

function noteOf(event: GatewayEvent): string | null {
  if (event.kind === 'changed')
    return `[The tools ${event.tools.join(', ')} of ${event.server} changed: they are refused until the person agrees.]`;
  if (event.kind === 'tools') {
    const { server, added, removed } = event;
    const has = added.length === 0 ? [] : [`new, through find_tools: ${namesIn(added)}`];
    const lacks = removed.length === 0 ? [] : [`gone: ${namesIn(removed)}`];
    return `[Tools of the server ${server}: ${[...has, ...lacks].join('; ')}.]`;
  }
  if (event.kind === 'prompts') return null; // for the person alone
  if (event.kind === 'elicited')
    return `[What the server ${event.server} asked the person to open is done, as it says.]`;
  if (event.kind === 'resource')
    return `[The resource ${event.uri.replaceAll(NO_URI, '_').slice(0, 200)} of ${event.server} changed since it was read.]`;
  const { name, state, problem, retry } = event.status;
  if (state === 'starting') return null;
  return `[The server ${name} is ${state}${problem === null ? '' : `: ${problem}`}${retry === null ? '' : `; ${retry}`}.]`;
}

const namesIn = (names: readonly string[]): string =>
  names.length <= MOST_NAMES
    ? names.join(', ')
    : `${names.slice(0, MOST_NAMES).join(', ')} and ${names.length - MOST_NAMES} more`;
