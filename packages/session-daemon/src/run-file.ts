import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { sync as writeFileAtomic } from 'write-file-atomic';
import { z } from 'zod';
import { runOptions } from './protocol.ts';

const runFile = z.object({
  v: z.literal(1),
  options: runOptions,
  /** It was not told to end: where no process runs it, it was interrupted. */
  isRunning: z.boolean(),
});

/** How a session was last run by a daemon. */
export type RunFile = Omit<z.output<typeof runFile>, 'v'>;

const pathIn = (folder: string): string => join(folder, 'run.json');

export function writeRun(folder: string, run: RunFile): void {
  writeFileAtomic(pathIn(folder), `${JSON.stringify({ v: 1, ...run })}\n`, { mode: 0o600 });
}

/** Null where no daemon ran it. */
export function readRun(folder: string): RunFile | null {
  try {
    return runFile.parse(JSON.parse(readFileSync(pathIn(folder), 'utf8')));
  } catch {
    return null; // there is none, or a person's edit: it only says how to go on
  }
}

/** Another process goes on with the session: it is no longer the daemon's to resume. */
export function forgetRun(folder: string): void {
  const run = readRun(folder);
  if (run?.isRunning === true) writeRun(folder, { ...run, isRunning: false });
}
