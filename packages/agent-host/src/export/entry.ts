import type { Picture, Text } from '@deskhand/model';
import type { SessionEvent } from '../log/event.ts';

/** A part of a session as a reader wants it. */
export interface Entry {
  readonly who: 'person' | 'agent' | 'tool' | 'host';
  readonly at: string;
  /** Of its event. */
  readonly seq: number;
  /** Markdown where the agent or the person speaks, else plain. */
  readonly text: string;
  /** Of a call: its name and what became of it. */
  readonly title: string | null;
  readonly pictures: readonly Picture[];
}

/** What was said and done, oldest first; what was thought is left out. */
export function entriesOf(events: readonly SessionEvent[]): readonly Entry[] {
  const names = new Map<string, string>();
  return events.flatMap((event): readonly Entry[] => {
    const plain = { at: event.at, seq: event.seq, title: null, pictures: [] };
    switch (event.kind) {
      case 'said':
        return [{ ...plain, who: 'person', ...shownOf(event.content) }];
      case 'answered':
        return event.content.flatMap((part): readonly Entry[] => {
          if (part.type === 'text') return [{ ...plain, who: 'agent', text: part.text }];
          if (part.type === 'thinking') return [];
          names.set(part.id, part.name);
          const text = JSON.stringify(part.input, null, 2);
          return [{ ...plain, who: 'agent', title: part.name, text }];
        });
      case 'call-ended': {
        const { decision, code, tier } = event;
        const how = [decision, ...(tier === null ? [] : [`tier ${tier}`]), ...(code === null ? [] : [code])];
        const title = `${names.get(event.id) ?? event.id}: ${how.join(', ')}`;
        return [{ ...plain, who: 'tool', title, ...shownOf(event.content) }];
      }
      case 'person-answered':
        return [{ ...plain, who: 'person', text: answerText(event.answer) }];
      case 'failed':
      case 'parked':
        return [{ ...plain, who: 'host', text: event.message }];
      case 'compacted':
        return [{ ...plain, who: 'host', text: 'The conversation was shortened here.' }];
      case 'started':
      case 'noted':
      case 'asked':
      case 'sampled':
      case 'asked-person':
      case 'call-started':
      case 'resumed':
      case 'cleared':
      case 'rewound':
      case 'forked':
        return [];
    }
  });
}

const answerText = (answer: Extract<SessionEvent, { kind: 'person-answered' }>['answer']): string => {
  if (answer.kind === 'allow') return `Allowed (${answer.scope}).`;
  return answer.kind === 'deny' ? 'Refused.' : 'Filled in the form.';
};

const shownOf = (content: readonly (Text | Picture)[]): Pick<Entry, 'text' | 'pictures'> => ({
  text: content.flatMap((part) => (part.type === 'text' ? [part.text] : [])).join('\n'),
  pictures: content.flatMap((part) => (part.type === 'picture' ? [part] : [])),
});
