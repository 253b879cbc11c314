import { inTime } from '@deskhand/server-runtime';

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

/** Waits for something that need not come; `null` when the time is up first. */
export function patiently<T>(
  ms: number,
  outer: AbortSignal,
  wait: (within: AbortSignal) => Promise<T>,
): Promise<T | null> {
  return inTime(ms, outer, async (within) => {
    try {
      return await wait(within);
    } catch (error) {
      if (!within.aborted || outer.aborted) throw error;
      return null;
    }
  });
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
