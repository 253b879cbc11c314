import { setMaxListeners } from 'node:events';

/**
 * Works until it is over, its caller leaves or the time is up; then nothing is held any longer. With a combination of
 * signals in its place the end could never come: nothing else would hold `AbortSignal.timeout`, which Node 20 collects
 * as garbage, and what `AbortSignal.any` makes outlives the work by minutes.
 */
export async function inTime<T>(
  ms: number,
  outer: AbortSignal,
  work: (signal: AbortSignal) => Promise<T>,
): Promise<T> {
  const stop = new AbortController();
  // made when it is over: an error holds all that was going on when it was made
  const end = (): void => stop.abort(new DOMException('it took too long', 'TimeoutError'));
  const timer = setTimeout(end, ms).unref();
  try {
    return await alsoStoppedBy(outer, stop, () => work(stop.signal));
  } finally {
    clearTimeout(timer);
  }
}

/** While work is done, `stop` is aborted with `outer`. */
export async function alsoStoppedBy<T>(
  outer: AbortSignal,
  stop: AbortController,
  work: () => Promise<T>,
): Promise<T> {
  const leave = (): void => stop.abort(outer.reason);
  if (outer.aborted) leave();
  setMaxListeners(0, outer); // work on each of many frames may wait for one caller
  outer.addEventListener('abort', leave);
  try {
    return await work();
  } finally {
    outer.removeEventListener('abort', leave);
  }
}
