import type { PersonAnswer, Question } from '../lab/tool-client.ts';
import type { Story } from './story.ts';

/** What the scripted person answers, question by question; every further one is declined. */
const ANSWERS = ['once', 'deny'] as const;

const WORDS = { once: 'Yes, for this session.', deny: 'No.' } as const;

/** The person of the demo, who says in the story what was asked and answered. */
export function scriptedPerson(story: Story): (question: Question) => PersonAnswer {
  let asked = 0;
  return ({ message }) => {
    const decision = ANSWERS[asked] ?? 'deny';
    asked += 1;
    const [first = ''] = message.split('\n');
    const reason = /“.*”/s.exec(message)?.[0] ?? '';
    story.remark(`The server asks the person: ${first} Reason: ${reason}`);
    story.remark(`The person, played by a script of this demo, answers: ${WORDS[decision]}`);
    return decision === 'deny' ? { action: 'decline' } : { action: 'accept', content: { decision } };
  };
}
