import { ApiError, DaemonClient } from '@deskhand/session-daemon';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';
import { Refusal, type Context } from './context.ts';
import type { Place } from './opened-session.ts';
import { version } from './version.ts';

/** A bin of its own, which this one need not load, and its first word. */
export const daemonBin = ({ from }: Pick<Context, 'from'>): readonly [string, string] => [
  fileURLToPath(new URL('daemon.js', from)),
  'daemon',
];

/** Undefined where none runs. */
export const runningDaemon = ({ home, context: { platform } }: Place): Promise<DaemonClient | undefined> =>
  DaemonClient.find({ home, version, platform });

/** The daemon that has this session open, at work or not; undefined where none has. */
export async function holderOf(id: string, place: Place): Promise<DaemonClient | undefined> {
  const daemon = await runningDaemon(place);
  return (await daemon?.one(id).catch(unreadable))?.isHeld === true ? daemon : undefined;
}

/** Started where none runs. @throws Refusal where it does not come up; the reason of the signal */
export async function startedDaemon(place: Place, signal: AbortSignal): Promise<DaemonClient> {
  const running = await runningDaemon(place);
  if (running !== undefined) return running;
  const { env } = place.context;
  const stdio = ['ignore', 'ignore', 'inherit'] as const;
  const child = spawn(process.execPath, [...daemonBin(place.context), 'start'], {
    env,
    stdio: [...stdio],
  });
  await once(child, 'exit'); // which Ctrl-C ends as well
  signal.throwIfAborted();
  const started = await runningDaemon(place);
  if (started !== undefined) return started;
  throw new Refusal('The daemon did not start.', 'See why: deskhand daemon logs, deskhand daemon doctor');
}

/** A session that cannot be read is told about by who reads it. */
function unreadable(error: unknown): undefined {
  if (!(error instanceof ApiError)) throw error;
  return undefined;
}
