import { ToolError } from '@deskhand/server-runtime';

/**
 * Works until its caller leaves or the time is up. The signal for the work is gone with it, unlike that of
 * `deadlineAfter`, which takes a tenth of the time of reading a small file.
 *
 * @param ms - of the work
 * @throws ToolError `not_in_time`
 */
export async function inTime<T>(
  ms: number,
  signal: AbortSignal,
  work: (patience: AbortSignal) => Promise<T>,
): Promise<T> {
  const patience = new AbortController();
  const leave = (): void => patience.abort(signal.reason);
  const timer = setTimeout(() => patience.abort(new Error('it took too long')), ms);
  signal.addEventListener('abort', leave);
  if (signal.aborted) leave();
  try {
    return await work(patience.signal);
  } catch (error) {
    if (error instanceof ToolError || signal.aborted || !patience.signal.aborted) throw error;
    throw new ToolError('not_in_time', `it took longer than ${ms / 1_000} s, and was ended`, {
      hint: 'Look at less at a time, or start the server with a longer --timeout.',
    });
  } finally {
    clearTimeout(timer);
    signal.removeEventListener('abort', leave);
  }
}
