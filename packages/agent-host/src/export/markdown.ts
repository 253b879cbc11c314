import type { SessionEvent } from '../log/event.ts';
import { entriesOf, type Entry } from './entry.ts';

/** A session to read; pictures are only mentioned. */
export function markdownOf(title: string, events: readonly SessionEvent[]): string {
  const parts = entriesOf(events).map(({ who, at, seq, title: call, text, pictures }) => {
    const head = `**${who}**${call === null ? '' : ` \`${call.replaceAll('`', "'")}\``} ${at}, event ${seq}`;
    const seen = pictures.map(({ mimeType }) => `(a picture, ${mimeType})`);
    return [head, isMarkdown(who, call) ? text : fencedCode(text), ...seen].filter(Boolean).join('\n\n');
  });
  return `${[`# ${title}`, ...parts].join('\n\n---\n\n')}\n`;
}

export const isMarkdown = (who: Entry['who'], call: string | null): boolean =>
  call === null && (who === 'person' || who === 'agent');

/** A block of code that its content cannot end. */
function fencedCode(text: string): string {
  if (text === '') return '';
  const longest = Math.max(2, ...[...text.matchAll(/`+/g)].map(([run]) => run.length));
  const fence = '`'.repeat(longest + 1);
  return `${fence}\n${text}\n${fence}`;
}
