/** Gives turns one after another, in the order in which they were asked for. */
export class Turns {
  #last: Promise<unknown> = Promise.resolve();

  /** Waits for the turn and does the work; gives up the wait, not the order of the others, when aborted. */
  async inTurn<T>(work: () => Promise<T>, signal: AbortSignal): Promise<T> {
    const before = this.#last;
    const { promise: ended, resolve: end } = deferred();
    this.#last = before.then(() => ended);
    try {
      await unlessAborted(before, signal);
      return await work();
    } finally {
      end();
    }
  }
}

function deferred(): { readonly promise: Promise<void>; readonly resolve: () => void } {
  let resolve = (): void => undefined;
  const promise = new Promise<void>((give) => {
    resolve = give;
  });
  return { promise, resolve };
}

/** Does work within a time that is not counted any longer than the work takes, so that it holds nothing afterwards. */
export async function inTime<T>(
  ms: number,
  outer: AbortSignal,
  work: (signal: AbortSignal) => Promise<T>,
): Promise<T> {
  const stop = new AbortController();
  const timer = setTimeout(() => stop.abort(new DOMException('it took too long', 'TimeoutError')), ms);
  try {
    return await alsoStoppedBy(outer, stop, () => work(stop.signal));
  } finally {
    clearTimeout(timer);
  }
}

/** While work is done, `stop` is aborted with `outer`. What `AbortSignal.any` makes outlives the work by minutes. */
export async function alsoStoppedBy<T>(
  outer: AbortSignal,
  stop: AbortController,
  work: () => Promise<T>,
): Promise<T> {
  const leave = (): void => stop.abort(outer.reason);
  if (outer.aborted) leave();
  outer.addEventListener('abort', leave);
  try {
    return await work();
  } finally {
    outer.removeEventListener('abort', leave);
  }
}

/** What the promise comes to, or the reason of the signal if that comes first. */
export function unlessAborted<T>(promise: Promise<T>, signal: AbortSignal): Promise<T> {
  return new Promise((resolve, reject) => {
    const leave = (): void =>
      reject(
        signal.reason instanceof Error ? signal.reason : new Error('given up', { cause: signal.reason }),
      );
    if (signal.aborted) leave();
    signal.addEventListener('abort', leave);
    promise.then(resolve, reject).finally(() => signal.removeEventListener('abort', leave));
  });
}
