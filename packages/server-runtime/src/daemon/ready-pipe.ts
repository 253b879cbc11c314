import { closeSync, writeSync } from 'node:fs';
import { z } from 'zod';
import { daemonStatus } from './hello.ts';

/** The descriptor on which `daemon start` waits for word from the daemon it started. */
const FD = 3;
const VARIABLE = 'DESKHAND_READY_FD';

/** What a starting daemon reports. */
export const readyReport = z.discriminatedUnion('state', [
  z.object({ state: z.literal('ready'), status: daemonStatus }),
  /** Another one was faster. */
  z.object({ state: z.literal('taken') }),
]);

export type ReadyReport = z.output<typeof readyReport>;

type Environment = Readonly<Record<string, string | undefined>>;

/** Variables that are about the descriptors of one process, and wrong in any other. */
const ofOneProcess = [VARIABLE, 'LISTEN_FDS', 'LISTEN_PID', 'LISTEN_FDNAMES'];

/** The environment for what a daemon starts. */
export const forOthers = (env: Environment): Environment =>
  Object.fromEntries(Object.entries(env).filter(([key]) => !ofOneProcess.includes(key)));

/** The environment for a daemon that is to report. */
export const withReadyPipe = (env: Environment): Record<string, string | undefined> => ({
  ...forOthers(env),
  [VARIABLE]: String(FD),
});

/** Reports, once, when somebody waits for it. */
export function reportReady(env: Environment, report: ReadyReport): void {
  if (env[VARIABLE] !== String(FD)) return;
  try {
    writeSync(FD, `${JSON.stringify(report)}\n`);
    closeSync(FD);
  } catch (error) {
    // who waited has gone
    if (!(error instanceof Error && 'code' in error)) throw error;
  }
}
