import { z } from 'zod';
import { blocksOf, turnsOf, type MessagesRequest, type RequestBlock } from './request.ts';
import { replySchema, type Step } from './script.ts';

/**
 * A recording, a JSON list of what the model said turn by turn, as steps: a request gets the turn that follows those
 * that it has. So a client that begins anew in the middle of a conversation goes on where it was.
 *
 * What a recording cannot know stands in it as `«pattern»`: the pattern's group, from the newest result or words of the
 * user that it is found in. A text that is `«#pattern»` alone becomes a number.
 *
 * @throws ZodError, SyntaxError
 */
export function replay(json: string): (request: MessagesRequest) => Step {
  const turns = z.array(replySchema).parse(JSON.parse(json));
  return (request) => {
    const turn = turns[turnsOf(request)];
    if (turn === undefined) throw new Error(`the recording has ${turns.length} turns`);
    return { reply: replySchema.parse(filled(turn, toldIn(request))) };
  };
}

/** What the model was told, newest first. */
function toldIn({ messages }: MessagesRequest): readonly string[] {
  const blocks = messages.filter(({ role }) => role === 'user').flatMap(blocksOf);
  return blocks.map(wordsOf).reverse();
}

function wordsOf(block: RequestBlock): string {
  if (block.type === 'text') return block.text;
  if (block.type !== 'tool_result') return '';
  const { content = '' } = block;
  if (typeof content === 'string') return content;
  return content.map((part) => (part.type === 'text' ? part.text : '')).join('\n');
}

function filled(value: unknown, told: readonly string[]): unknown {
  if (typeof value === 'string') return filledText(value, told);
  if (Array.isArray(value)) return value.map((item) => filled(item, told));
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(Object.entries(value).map(([key, item]) => [key, filled(item, told)]));
}

function filledText(text: string, told: readonly string[]): string | number {
  const number = /^«#(.+)»$/su.exec(text)?.[1];
  if (number !== undefined) return Number(found(number, told));
  return text.replaceAll(/«(.+?)»/gsu, (_, pattern: string) => found(pattern, told));
}

function found(pattern: string, told: readonly string[]): string {
  const matcher = new RegExp(pattern, 'mu');
  for (const words of told) {
    const group = matcher.exec(words)?.[1];
    if (group !== undefined) return group;
  }
  throw new Error(`nothing that was told has ${pattern}`);
}
