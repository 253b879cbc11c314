import type { SessionSummary } from '@deskhand/agent-host';
import type { Question } from '@deskhand/gateway';
import type { SessionView } from '@deskhand/session-daemon';
import { answerOption } from './answers.ts';
import { visible } from './visible.ts';

interface TableOptions {
  /** As a daemon knows them, which knows more of those that it runs. */
  readonly held: readonly SessionView[];
  readonly isJson: boolean;
}

/** One line for each, newest first, and under it what it waits for. */
export function sessionsTable(sessions: readonly SessionSummary[], { held, isJson }: TableOptions): string {
  const known = new Map(held.map(({ id, status }) => [id, status]));
  const rows = sessions.map(({ id, state, startedAt, changedAt }) => {
    const asked = state.open.flatMap(({ question }) => question ?? []);
    const row = {
      ...{ id, status: statusOf(state, known.get(id)), startedAt, changedAt, model: state.model },
      ...{ questions: asked.map(whatOf), turns: state.spent.turns.length, title: state.head.title },
    };
    const hints = asked.map(
      (question) => `    asks for ${whatOf(question)}: deskhand resume ${id}${answerOption([question])}`,
    );
    return { row, hints };
  });
  if (isJson) return JSON.stringify(rows.map(({ row }) => row));
  if (rows.length === 0) return 'There are no sessions yet. Begin one: deskhand run TASK';
  return rows
    .flatMap(({ row: { id, status, changedAt, turns, title }, hints }) => [
      `${id}  ${changedAt.slice(0, 16).replace('T', ' ')}  ${status.padEnd(11)} ${String(turns).padStart(4)} turns  ${title}`,
      ...hints,
    ])
    .map(visible)
    .join('\n');
}

const whatOf = ({ server, tool, page }: Question): string =>
  `${server} ${tool}${page === undefined ? '' : `, ${page.url}`}`;

/** `open`: it runs, or its process was killed. */
const statusOf = (
  { parked, isDue, open }: SessionSummary['state'],
  known: SessionView['status'] | undefined,
): string =>
  known === 'running' || known === 'interrupted'
    ? known
    : (parked?.why ?? (isDue || open.length > 0 ? 'open' : 'done'));
