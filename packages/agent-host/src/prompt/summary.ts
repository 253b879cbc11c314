import type { State } from '../log/state.ts';
import { fenced } from './fence.ts';

const SHARE_OF_WORDS = 0.4;

/** What stands in place of the first messages: the summary, and word by word what must not get lost. */
export function shortenedText({ pinned, head }: State, summary: string): string {
  const parts = [
    'The conversation before this was shortened.',
    fenced('summary', 'what you summed up', summary === '' ? '(nothing)' : summary),
    fenced('said', 'what the person said, word by word', lastWords(pinned.words, head.window)),
  ];
  if (pinned.decisions.length > 0)
    parts.push(fenced('decided', 'what the person decided', pinned.decisions.join('\n')));
  if (pinned.plan !== null) parts.push(fenced('plan', 'as you put it down', JSON.stringify(pinned.plan)));
  return parts.join('\n\n');
}

/** The first, which is the task, and the last ones within a share of the window. */
function lastWords(words: readonly string[], window: number): string {
  const [task = '', ...later] = words;
  let room = window * SHARE_OF_WORDS - task.length;
  const kept = later.toReversed().filter((text) => (room -= text.length) >= 0);
  const gap = kept.length < later.length ? ['[...]'] : [];
  return [task, ...gap, ...kept.toReversed()].join('\n---\n');
}
