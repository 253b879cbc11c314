import type { Session, Stop } from '@deskhand/agent-host';
import { forgetRun } from '@deskhand/session-daemon';
import { answerOption } from './answers.ts';
import { EXIT, type Context } from './context.ts';
import { beginTask, reopen, type Place, type RunOptions, type Task } from './opened-session.ts';
import { pageText } from './person.ts';
import { untilInterrupted } from './waiting.ts';

export const NOT_BEGUN = 'It had not begun, and nothing of it is left.';

/** A new session with one task. */
export async function run(task: Task, options: RunOptions, place: Place): Promise<number> {
  const { host, session, seen } = await untilInterrupted(place.context, NOT_BEGUN, (signal) =>
    beginTask(task, { ...options, signal }, place),
  );
  try {
    return finish(await seen(session), session, place.context);
  } finally {
    session.close();
    await host.close();
  }
}

export interface ResumeOptions extends RunOptions {
  /** To what parked it. */
  readonly answer?: string;
}

/** Goes on with a session, with more words where there are some. */
export async function resume(
  { id, words }: { readonly id: string; readonly words: string | undefined },
  options: ResumeOptions,
  place: Place,
): Promise<number> {
  const given = options.answer === undefined ? undefined : { answer: options.answer };
  const kept = `The session is as it was. Go on: deskhand resume ${id}`;
  const { host, session, seen } = await untilInterrupted(place.context, kept, (signal) =>
    reopen({ id, words, given }, { ...options, signal }, place),
  );
  try {
    forgetRun(session.folder);
    return finish(await seen(session), session, place.context);
  } finally {
    session.close();
    await host.close();
  }
}

function finish(stop: Stop, { id, state }: Session, { errors }: Context): number {
  if (stop.kind === 'idle') {
    errors.write(`\nSession ${id}\n`);
    return EXIT.done;
  }
  const asked = state.open.flatMap(({ question }) => question ?? []);
  const [first] = asked;
  const answer = answerOption(asked);
  if (first?.page !== undefined) errors.write(`\n${pageText(first.page)}`);
  if (first?.isBegun) errors.write('\nThe call had begun: it is made again from its beginning.');
  errors.write(`\nParked: ${stop.message} Go on: deskhand resume ${id}${answer}\n`);
  return CODES[stop.why];
}

export const CODES = {
  ...{ question: EXIT.question, stopped: EXIT.stopped, turns: EXIT.limit, usd: EXIT.limit },
  ...{ fault: EXIT.model, refused: EXIT.model, cut: EXIT.model },
} as const satisfies Record<Extract<Stop, { kind: 'parked' }>['why'], number>;
