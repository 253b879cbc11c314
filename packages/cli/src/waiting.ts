import { EXIT, Refusal, type Context } from './context.ts';

/** Who waits longer is told for what. */
const QUIET_MS = 1_000;

/**
 * Gives up what takes long at Ctrl-C, once that has cleaned up; a second one leaves at once.
 *
 * @throws Refusal with the hint, where it was given up
 */
export async function untilInterrupted<T>(
  { onInterrupt, leave }: Pick<Context, 'onInterrupt' | 'leave'>,
  hint: string,
  work: (signal: AbortSignal) => Promise<T>,
): Promise<T> {
  const stop = new AbortController();
  const forget = onInterrupt((why) => {
    if (stop.signal.aborted) leave(EXIT.stopped);
    stop.abort(new Refusal(why ?? 'Given up.', hint, EXIT.stopped));
  });
  try {
    return await work(stop.signal);
  } finally {
    forget();
  }
}

/** Says at a terminal what takes long and cannot tell of it meanwhile. */
export function announce({ errors }: Pick<Context, 'errors'>, words: string): void {
  if (errors.isTTY === true) errors.write(`${words} …\n`);
}

/** Says at a terminal what is waited for, once that takes long. */
export async function shown<T>(
  { errors }: Pick<Context, 'errors'>,
  words: string,
  work: Promise<T>,
): Promise<T> {
  const timer = setTimeout(() => announce({ errors }, words), QUIET_MS);
  try {
    return await work;
  } finally {
    clearTimeout(timer);
  }
}
