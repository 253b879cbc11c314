import type { SessionSummary } from '@deskhand/agent-host';
import { visible } from './visible.ts';

/** One line for each, newest first. */
export function sessionsTable(sessions: readonly SessionSummary[], isJson: boolean): string {
  const rows = sessions.map(({ id, state, startedAt, changedAt }) => ({
    ...{ id, status: statusOf(state), startedAt, changedAt, model: state.model },
    ...{ turns: state.spent.turns.length, title: state.head.title },
  }));
  if (isJson) return JSON.stringify(rows);
  if (rows.length === 0) return 'There are no sessions yet.';
  return rows
    .map(({ id, status, changedAt, turns, title }) =>
      visible(
        `${id}  ${changedAt.slice(0, 16).replace('T', ' ')}  ${status.padEnd(9)} ${String(turns).padStart(4)} turns  ${title}`,
      ),
    )
    .join('\n');
}

/** `open`: it runs, or its process was killed. */
const statusOf = ({ parked, isDue, open }: SessionSummary['state']): string =>
  parked?.why ?? (isDue || open.length > 0 ? 'open' : 'done');
