/**
 * Aborts when `signal` does, or after so many milliseconds. With `AbortSignal.timeout` in its place it could last
 * forever: nothing but the combination would hold the timeout, and Node 20 collects it as garbage.
 */
export function deadlineAfter(ms: number, signal: AbortSignal): AbortSignal {
  const tooLate = new AbortController();
  // made when it is over: an error holds all that was going on when it was made
  const end = (): void => tooLate.abort(new DOMException('it took too long', 'TimeoutError'));
  setTimeout(end, ms).unref(); // holds what it aborts
  return AbortSignal.any([signal, tooLate.signal]);
}
