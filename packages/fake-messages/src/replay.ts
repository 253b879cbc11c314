import { z } from 'zod';
import { blocksOf, turnsOf, type MessagesRequest } from './request.ts';
import { replySchema, type Step } from './script.ts';

/**
 * A recording, a JSON list of what the model said turn by turn, as steps: a request gets the turn that follows those
 * that it has. So a client that begins anew in the middle of a conversation goes on where it was.
 *
 * What a recording cannot know stands in it as `«pattern»`: the pattern's group, from the newest result that it is
 * found in. A text that is `«pattern»` alone becomes a number where what was found is one and the pattern is
 * `«#pattern»`.
 *
 * @throws ZodError, SyntaxError
 */
export function replay(json: string): (request: MessagesRequest) => Step {
  const turns = z.array(replySchema).parse(JSON.parse(json));
  return (request) => {
    const turn = turns[turnsOf(request)];
    if (turn === undefined) throw new Error(`the recording has ${turns.length} turns`);
    return { reply: replySchema.parse(filled(turn, resultsOf(request))) };
  };
}

/** The words of all results, newest first. */
function resultsOf({ messages }: MessagesRequest): readonly string[] {
  const words = messages.flatMap(blocksOf).flatMap((block) => {
    if (block.type !== 'tool_result') return [];
    const { content = '' } = block;
    if (typeof content === 'string') return [content];
    return [content.map((part) => (part.type === 'text' ? part.text : '')).join('\n')];
  });
  return words.reverse();
}

function filled(value: unknown, results: readonly string[]): unknown {
  if (typeof value === 'string') return filledText(value, results);
  if (Array.isArray(value)) return value.map((item) => filled(item, results));
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(Object.entries(value).map(([key, item]) => [key, filled(item, results)]));
}

function filledText(text: string, results: readonly string[]): string | number {
  const number = /^«#(.+)»$/su.exec(text)?.[1];
  if (number !== undefined) return Number(found(number, results));
  return text.replaceAll(/«(.+?)»/gsu, (_, pattern: string) => found(pattern, results));
}

function found(pattern: string, results: readonly string[]): string {
  const matcher = new RegExp(pattern, 'mu');
  for (const result of results) {
    const group = matcher.exec(result)?.[1];
    if (group !== undefined) return group;
  }
  throw new Error(`no result has ${pattern}`);
}
