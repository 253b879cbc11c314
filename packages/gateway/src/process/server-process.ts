import { setTimeout as delay } from 'node:timers/promises';
import type { Readable, Writable } from 'node:stream';

/** How a process ended. */
export interface ProcessEnd {
  readonly code: number | null;
  readonly signal: NodeJS.Signals | null;
}

/** A server that runs, with all that it started. */
export interface ServerProcess {
  readonly stdin: Writable;
  readonly stdout: Readable;
  readonly stderr: Readable;
  /** Resolves when nothing of it runs any more. */
  readonly ended: Promise<ProcessEnd>;
  /** To all of it. */
  signal(name: 'SIGTERM' | 'SIGKILL'): void;
}

/** Waits for something, but no longer than this. */
export async function within(ms: number, wanted: Promise<unknown>): Promise<void> {
  const enough = new AbortController();
  const late = delay(ms, undefined, { signal: enough.signal }).catch(() => undefined); // enough
  await Promise.race([wanted, late]);
  enough.abort();
}
