import type { Answer, Ask, Question } from '@deskhand/gateway';
import { z } from 'zod';
import type { Session } from '@deskhand/agent-host';

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
  if (form === null || answer.kind !== 'allow') return answer;
  const parsed = decisionForm.safeParse(form.schema);
  if (!parsed.success || !parsed.data.properties.decision.enum.includes(answer.scope)) return null;
  return { kind: 'filled', content: { decision: answer.scope } };
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
