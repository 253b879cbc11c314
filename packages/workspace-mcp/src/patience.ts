import { inTime, ToolError } from '@deskhand/server-runtime';

/**
 * Works within the time of one call.
 *
 * @param ms - of the work
 * @throws ToolError `not_in_time`
 */
export function inTimeOfCall<T>(
  ms: number,
  signal: AbortSignal,
  work: (patience: AbortSignal) => Promise<T>,
): Promise<T> {
  return inTime(ms, signal, async (patience) => {
    try {
      return await work(patience);
    } catch (error) {
      if (error instanceof ToolError || signal.aborted || !patience.aborted) throw error;
      throw new ToolError('not_in_time', `it took longer than ${ms / 1_000} s, and was ended`, {
        hint: 'Look at less at a time, or start the server with a longer --timeout.',
      });
    }
  });
}
