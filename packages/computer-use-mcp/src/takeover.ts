import { ToolError, type CallContext } from '@deskhand/server-runtime';
import { setTimeout as delay } from 'node:timers/promises';
import type { ControlLease } from './control-lease.ts';
import { DesktopUnavailable } from './desktop/failure.ts';
import type { Holding } from './desktop/holding.ts';
import type { PersonEvent, Presence } from './desktop/presence.ts';

/** Nothing acts for so long after a person stopped it: time to say in the client what should become of the work. */
const HOLD_MS = 10_000;

/** How long a person must have been quiet, and how long that is waited for. */
interface Quiet {
  readonly forMs: number;
  readonly withinMs: number;
}

const BEFORE_WORK: Quiet = { forMs: 300, withinMs: 10_000 };
const DURING_WORK: Quiet = { forMs: 1000, withinMs: 30_000 };

const OF_PERSON: ReadonlySet<string> = new Set([
  ...['aborted_by_person', 'person_is_active'],
  ...['screen_locked', 'password_prompt'],
]);

/** What came from the person's side and ended the work, rather than what went wrong in it. */
export const isOfPerson = ({ code }: ToolError): boolean => OF_PERSON.has(code);

/** Why a person stopped the call; `null` when nobody did. */
export const stopOf = ({ signal }: Pick<CallContext, 'signal'>): ToolError | null =>
  signal.reason instanceof ToolError ? signal.reason : null;

export interface TakeoverOptions {
  readonly presence: Presence | null;
  /** What may be held down from call to call, and is let go of when the person does anything. */
  readonly holding: Holding | null;
  /** For the words to the model. */
  readonly abortKey: string | null;
  readonly lease: ControlLease;
}

/** What the calls of all agents do when a person at the desktop stops them or takes over. */
export class Takeover {
  readonly #presence: Presence | null;
  readonly #holding: Holding | null;
  readonly #abortKey: string;
  readonly #lease: ControlLease;
  readonly #running = new Map<AbortSignal, Running>();
  #watching: Promise<() => void> | null = null;
  #beganAt = 0;
  #activeAt = -Infinity;
  #stoppedAt = -Infinity;

  constructor({ presence, holding, abortKey, lease }: TakeoverOptions) {
    this.#presence = presence;
    this.#holding = holding;
    this.#abortKey = abortKey ?? 'no key';
    this.#lease = lease;
  }

  /** Does work that changes the desktop: when the person is quiet, and until they stop it. */
  async act<T>(call: CallContext, work: (call: CallContext) => Promise<T>): Promise<T> {
    this.#refuseAfterStop();
    return this.#run(call, true, async (running) => {
      if (running.isPart) {
        await this.untilQuiet(running.call);
        return work(running.call);
      }
      try {
        await Promise.all([this.#lease.take(), this.#untilQuietAtFirst(running)]);
        return await work(running.call);
      } finally {
        this.#lease.rest();
      }
    });
  }

  /** Does work that a person can only stop: waiting, and what is part of other work. */
  async wait<T>(call: CallContext, work: (call: CallContext) => Promise<T>): Promise<T> {
    if (this.#running.size > 0) this.#refuseAfterStop();
    return this.#run(call, false, (running) => work(running.call));
  }

  get isAtWork(): boolean {
    return this.#running.size > 0;
  }

  /** Between two steps of a call: waits when the person became active since it began. */
  async untilQuiet({ signal }: CallContext): Promise<void> {
    const running = this.#running.get(signal);
    if (running !== undefined && this.#activeAt > this.#beganAt) await this.#quiet(running, DURING_WORK);
  }

  /** Ends with the call, and when the person becomes active: for what cannot wait for them half done. */
  undisturbed({ signal }: CallContext): AbortSignal {
    const running = this.#running.get(signal);
    return running === undefined ? signal : running.undisturbed();
  }

  /** Ends what acts now, and lets go of what is held; waiting alone goes on. */
  interrupt(why: ToolError): void {
    const [outer] = this.#running.values();
    if (outer?.acts === true) for (const running of this.#running.values()) running.abort(why);
    void this.#letGo(why);
  }

  async #run<T>(call: CallContext, acts: boolean, work: (running: Running) => Promise<T>): Promise<T> {
    const [outer] = this.#running.values();
    if (outer !== undefined && outer.stop !== null) throw outer.stop; // no part of it begins any more
    const running = new Running(call, { isPart: outer !== undefined, acts });
    if (outer === undefined) this.#beganAt = performance.now();
    this.#running.set(running.call.signal, running);
    try {
      await this.#watch();
      return await work(running);
    } catch (error) {
      throw running.stop === null ? error : withDetailsOf(error, running.stop);
    } finally {
      running.end();
      this.#running.delete(running.call.signal);
      if (this.#running.size === 0 && !this.#isHolding) this.#unwatch();
    }
  }

  async #watch(): Promise<void> {
    this.#watching ??= this.#presence?.watch((event) => this.#on(event)) ?? null;
    try {
      await this.#watching;
    } catch (error) {
      this.#watching = null;
      // what needs the desktop says so itself
      if (!(error instanceof DesktopUnavailable)) throw error;
    }
  }

  #unwatch(): void {
    void this.#watching?.then(
      (stop) => stop(),
      () => undefined, // it never began
    );
    this.#watching = null;
  }

  get #isHolding(): boolean {
    return (this.#holding?.heldBy() ?? null) !== null;
  }

  #on(event: PersonEvent): void {
    const now = performance.now();
    const [first] = this.#running.values();
    // what was held between two calls went up meanwhile
    if (first === undefined && !this.#isHolding) {
      this.#unwatch();
      return;
    }
    const why = event === 'abort' ? stopped(this.#abortKey) : tookOver();
    if (event === 'abort') this.#stoppedAt = now;
    else this.#activeAt = now;
    for (const running of this.#running.values()) {
      if (event === 'abort') running.abort(why);
      else running.disturb(why);
    }
    void this.#letGo(why);
  }

  async #letGo(why: ToolError): Promise<void> {
    try {
      await this.#holding?.letGo(undefined, why);
    } finally {
      if (this.#running.size === 0) this.#unwatch();
    }
  }

  async #untilQuietAtFirst(running: Running): Promise<void> {
    if (this.#presence === null || this.#watching === null) return;
    const idle = await this.#presence.idleMs(); // nobody watched before
    this.#activeAt = Math.max(this.#activeAt, performance.now() - idle);
    await this.#quiet(running, BEFORE_WORK);
    this.#beganAt = performance.now();
  }

  async #quiet(running: Running, { forMs, withinMs }: Quiet): Promise<void> {
    const until = performance.now() + withinMs;
    for (;;) {
      const now = performance.now();
      const left = this.#activeAt + forMs - now;
      if (left <= 0) return;
      if (now >= until) throw active(withinMs);
      running.say('Paused: a person is using the keyboard or the mouse');
      await delay(left, undefined, { signal: running.call.signal });
    }
  }

  #refuseAfterStop(): void {
    const left = this.#stoppedAt + HOLD_MS - performance.now();
    if (left > 0) throw stopped(this.#abortKey, Math.ceil(left / 1000));
  }
}

/** A call at work, whose signal a person can abort too. */
class Running {
  readonly call: CallContext;
  readonly isPart: boolean;
  readonly acts: boolean;
  readonly #controller = new AbortController();
  readonly #outer: AbortSignal;
  readonly #leave = (): void => this.#controller.abort(this.#outer.reason);
  #undisturbed = new AbortController();
  #said: { done: number; readonly total: number | undefined } | null = null;

  constructor(call: CallContext, { isPart, acts }: { readonly isPart: boolean; readonly acts: boolean }) {
    this.isPart = isPart;
    this.acts = acts;
    this.#outer = call.signal;
    if (call.signal.aborted) this.#leave();
    call.signal.addEventListener('abort', this.#leave);
    this.call = {
      ...call,
      signal: this.#controller.signal,
      progress: (done, total, message) => {
        this.#said = { done, total };
        call.progress(done, total, message);
      },
    };
  }

  get stop(): ToolError | null {
    return stopOf(this.call);
  }

  abort(reason: ToolError): void {
    this.#controller.abort(reason);
  }

  disturb(reason: ToolError): void {
    this.#undisturbed.abort(reason);
  }

  undisturbed(): AbortSignal {
    this.#undisturbed = new AbortController();
    return AbortSignal.any([this.#controller.signal, this.#undisturbed.signal]);
  }

  end(): void {
    this.#outer.removeEventListener('abort', this.#leave);
  }

  /** Tells the caller something between two steps; the protocol wants numbers that grow. */
  say(message: string): void {
    const { done, total } = this.#said ?? { done: 0, total: undefined };
    const between = Math.floor(done) + 0.5;
    if (done === between) return;
    this.call.progress(between, total, message);
  }
}

/** The stop, with what the work told of how far it came. */
function withDetailsOf(error: unknown, stop: ToolError): ToolError {
  if (!(error instanceof ToolError)) return stop;
  if (error.code === stop.code) return error;
  const { code, message, hint = '' } = stop;
  return new ToolError(code, message, { hint, details: error.details, cause: error });
}

function stopped(key: string, seconds = HOLD_MS / 1000): ToolError {
  return new ToolError('aborted_by_person', `A person pressed ${key}, which stops everything`, {
    hint: `Stop here and ask the person what to do. Nothing acts for the next ${seconds} s.`,
  });
}

function tookOver(): ToolError {
  return new ToolError('person_is_active', 'A person took over the keyboard or the mouse', {
    hint: 'What was held is let go of, and nothing was dropped. Look at the screen before you do it again.',
  });
}

function active(ms: number): ToolError {
  return new ToolError(
    'person_is_active',
    `A person has been using the keyboard or the mouse for ${ms / 1000} s`,
    { hint: 'Leave the desktop to them. Call wait and try again, or ask whether they are done.' },
  );
}
