/**
 * Aborts when `signal` does, or after so many milliseconds. In its place, `AbortSignal.any` with a timeout never
 * aborts in Node 20 once the timeout was collected as garbage, which nothing but the combination holds.
 */
export function deadlineAfter(ms: number, signal: AbortSignal): AbortSignal {
  const controller = new AbortController();
  const timer = setTimeout(() => controller.abort(new DOMException('it took too long', 'TimeoutError')), ms);
  timer.unref();
  const onAbort = (): void => {
    clearTimeout(timer);
    controller.abort(signal.reason);
  };
  if (signal.aborted) onAbort();
  else signal.addEventListener('abort', onAbort, { once: true, signal: controller.signal });
  return controller.signal;
}
