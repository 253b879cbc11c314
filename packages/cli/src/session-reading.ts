import type { SessionSummary } from '@deskhand/agent-host';
import { setImmediate } from 'node:timers/promises';
import type { Place } from './opened-session.ts';
import { announce, shown } from './waiting.ts';

const LONG_MB = 4;

/** Of a session that is read; a terminal is told where that takes long. */
export function readId(name: string, { sessions, context }: Place): string {
  const id = sessions.find(name);
  const megabytes = Math.round(sessions.size(id) / 1e6);
  if (megabytes >= LONG_MB) announce(context, `Reading ${megabytes} MB of events`);
  return id;
}

/** Of all sessions, newest first. */
export async function summaries({ sessions, context }: Place): Promise<readonly SessionSummary[]> {
  const ids = sessions.ids().toReversed();
  const read = async (): Promise<readonly SessionSummary[]> => {
    const all: SessionSummary[] = [];
    for (const id of ids) {
      const summary = sessions.summary(id);
      if (summary !== null) all.push(summary);
      await setImmediate(); // so that the time may be told
    }
    return all;
  };
  return shown(context, `Reading ${ids.length} sessions`, read());
}
