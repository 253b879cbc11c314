import { readFileSync } from 'node:fs';
import { setTimeout as delay } from 'node:timers/promises';

const LOOK_MS = 5;

/**
 * Waits until the main thread of a process sleeps, as it does when it has taken all its events; false when it did not
 * in time. A process that ended is ready: whoever comes next is judged anew.
 */
export async function isReadyWithin(pid: number, ms: number, signal: AbortSignal): Promise<boolean> {
  const until = performance.now() + ms;
  for (;;) {
    if (isAsleep(pid)) return true;
    if (performance.now() > until) return false;
    await delay(LOOK_MS, undefined, { signal });
  }
}

/** Field 3 of `/proc/<pid>/stat`: neither running, waiting for a disk nor stopped. */
function isAsleep(pid: number): boolean {
  try {
    const stat = readFileSync(`/proc/${pid}/stat`, 'utf8');
    return stat.slice(stat.lastIndexOf(')') + 2).startsWith('S');
  } catch {
    return true; // it ended
  }
}
