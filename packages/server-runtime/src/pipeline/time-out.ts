import { ToolError } from '../tool-error.ts';
import type { Outcome, ToolCall } from './call.ts';
import type { Layer } from './layer.ts';

/** Ends a call whose time is up or whose caller left. The work is told by its signal and keeps its turn until it ends. */
export function timeOut(defaultMs: number): Layer<ToolCall> {
  return async (call, next) => {
    if (call.signal.aborted) throw cancelled();
    const stop = new AbortController();
    const leave = (): void => stop.abort(call.signal.reason);
    const clock = new Clock(call.tool.timeoutMs ?? defaultMs, () => stop.abort());
    call.signal.addEventListener('abort', leave);
    try {
      const work = next({ ...call, signal: stop.signal, offTheClock: (wait) => clock.pausedWhile(wait) });
      call.hold(work);
      const why = (): ToolError => (clock.isUp ? timedOut(call.name, clock.ms) : cancelled());
      return await unlessStopped(work, stop.signal, why);
    } finally {
      call.signal.removeEventListener('abort', leave);
      clock.stop();
    }
  };
}

/** What `setTimeout` can wait, 24 days; it would end anything longer at once. */
const longestTimer = 2 ** 31 - 1;

/** A countdown that stands still during waits that are not the tool's fault. */
class Clock {
  readonly ms: number;
  isUp = false;
  readonly #onUp: () => void;
  #left: number;
  #startedAt = 0;
  #timer: NodeJS.Timeout | undefined;
  #pauses = 0;

  constructor(ms: number, onUp: () => void) {
    this.ms = ms;
    this.#onUp = onUp;
    this.#left = Math.min(ms, longestTimer);
    this.#start();
  }

  async pausedWhile<T>(wait: () => Promise<T>): Promise<T> {
    if (this.#pauses++ === 0) this.#pause();
    try {
      return await wait();
    } finally {
      if (--this.#pauses === 0) this.#start();
    }
  }

  stop(): void {
    clearTimeout(this.#timer);
    this.#pauses = Infinity;
  }

  #start(): void {
    this.#startedAt = performance.now();
    this.#timer = setTimeout(() => {
      this.isUp = true;
      this.#onUp();
    }, this.#left);
  }

  #pause(): void {
    clearTimeout(this.#timer);
    this.#left = Math.max(0, this.#left - (performance.now() - this.#startedAt));
  }
}

/** What the work comes to; from the moment that it is told to stop, the reason for that. */
function unlessStopped(work: Promise<Outcome>, signal: AbortSignal, why: () => ToolError): Promise<Outcome> {
  return new Promise((resolve, reject) => {
    const stop = (): void => reject(why());
    if (signal.aborted) stop();
    signal.addEventListener('abort', stop);
    work.then(resolve, reject);
  });
}

function timedOut(name: string, ms: number): ToolError {
  return new ToolError('timeout', `${name} did not finish within ${ms} ms and was told to stop`, {
    hint: 'Part of it may have happened: look at the state before you try again.',
  });
}

/** The error of a call that its caller gave up. */
export function cancelled(): ToolError {
  return new ToolError('cancelled', 'The caller cancelled this call');
}
