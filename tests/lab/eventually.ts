import { setTimeout as delay } from 'node:timers/promises';

/** Most things come at once, and the others need not be asked for more often than this. */
const LONGEST_PAUSE_MS = 10;

/** Asks `probe` again and again until it gives something else than `undefined` or `false`. */
export async function eventually<T>(
  what: string,
  probe: () => T | undefined | false | Promise<T | undefined | false>,
  timeoutMs = 60_000,
): Promise<T> {
  const deadline = performance.now() + timeoutMs;
  for (let pause = 1; ; pause = Math.min(2 * pause, LONGEST_PAUSE_MS)) {
    const found = await probe();
    if (found !== undefined && found !== false) return found;
    if (performance.now() > deadline) throw new Error(`waited ${timeoutMs} ms in vain for ${what}`);
    await delay(pause);
  }
}
