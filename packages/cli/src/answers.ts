import type { Answer, Ask, Question } from '@deskhand/gateway';
import type { PersonAnswer } from '@deskhand/session-daemon';
import { z } from 'zod';
import type { Session } from '@deskhand/agent-host';
import { EXIT, Refusal } from './context.ts';

/** By a word or its first letter; null for another one. */
export function answerOf(word: string): Answer | null {
  for (const scope of ['once', 'session', 'always'] as const)
    if (word === scope || word === scope[0]) return { kind: 'allow', scope };
  return ['no', 'n', 'deny'].includes(word) ? { kind: 'deny' } : null;
}

const decisionForm = z.looseObject({
  properties: z.looseObject({ decision: z.looseObject({ enum: z.array(z.string()) }) }),
});

/** The same answer in the form that a server of this project asks with; null where a form wants something else. */
export function fitting(answer: Answer, { form }: Pick<Question, 'form'>): Answer | null {
  if (answer.kind === 'filled') return form === null ? null : answer;
  if (form === null || answer.kind === 'deny') return answer;
  const parsed = decisionForm.safeParse(form.schema);
  if (!parsed.success || !parsed.data.properties.decision.enum.includes(answer.scope)) return null;
  return { kind: 'filled', content: { decision: answer.scope } };
}

const WORDS = ['once', 'session', 'always', 'no'];

/** The option with the words that answer all these questions; none where only a form at the terminal does. */
export function answerOption(questions: readonly Pick<Question, 'form'>[]): string {
  const fits = (answer: Answer): boolean => questions.every((question) => fitting(answer, question) !== null);
  const words = WORDS.filter((word) => fits(knownAnswer(word)));
  return questions.length === 0 || words.length < 2 ? '' : ` --answer ${words.join('|')}`;
}

/**
 * Asks, and has the session keep that it asks and what was answered: who leaves without an answer is asked again. What
 * was answered before, maybe to another process, is not asked again for the same call.
 */
export const recordedAsk =
  (ask: Ask, sessionOf: () => Session | null): Ask =>
  async (question, options) => {
    const session = sessionOf();
    const [id = ''] = question.id.split(':'); // of the call
    const before = session?.state.open.find(({ call }) => call.id === id)?.answers[question.id];
    if (before !== undefined) return before;
    session?.append({ kind: 'asked-person', id, question });
    const answer = await ask(question, options);
    if (answer.kind === 'nobody' || session === null || options.signal.aborted) return answer;
    session.append({ kind: 'person-answered', id, answer });
    session.append({ kind: 'call-started', id });
    return answer;
  };

/** What a person says to questions: one word, or the fields of a form; to all of them, or to that of an id. */
export interface Given {
  readonly answer?: string | undefined;
  readonly fields?: Extract<Answer, { kind: 'filled' }>['content'] | undefined;
  readonly question?: string | undefined;
}

/** Keeps in the session what was said. @throws Refusal where that is no answer, or nothing was asked */
export function answerQuestions(session: Session, given: Given | undefined): void {
  if (given === undefined) return;
  const answer = givenAnswer(given);
  const asked = session.state.open.flatMap(({ call, question }) =>
    question === null || (given.question ?? question.id) !== question.id ? [] : [{ id: call.id, question }],
  );
  if (asked.length === 0)
    throw new Refusal(
      'This session waits for no answer.',
      `Go on without one: deskhand resume ${session.id}`,
    );
  const fits = asked.map(({ id, question }) => ({ id, fit: fitting(answer, question) }));
  if (fits.some(({ fit }) => fit === null))
    throw new Refusal(
      'It asks for something that this does not answer.',
      'Leave out --answer and --unattended, and answer at the terminal.',
    );
  for (const { id, fit } of fits)
    if (fit !== null) session.append({ kind: 'person-answered', id, answer: fit });
}

const givenAnswer = ({ answer = '', fields }: Given): Answer =>
  fields === undefined ? knownAnswer(answer) : { kind: 'filled', content: fields };

/** @throws Refusal where the word is no answer */
export function knownAnswer(word: string): Answer {
  const known = answerOf(word);
  if (known !== null) return known;
  throw new Refusal(`${word} is no answer.`, 'Use once, session, always or no.', EXIT.usage);
}

/** An answer as the daemon takes it. */
export function saidOf(answer: Answer): PersonAnswer {
  if (answer.kind === 'filled') return { fields: { ...answer.content } };
  return { answer: answer.kind === 'allow' ? answer.scope : 'no' };
}
