import type { Message, ModelUsage, Picture, Text, Thinking } from '@deskhand/model';

const CHARACTERS_A_TOKEN = 4;
const TOKENS_A_PICTURE = 1_600;

/** About how many tokens these are. */
export function sizeOf(content: readonly (Text | Picture | Message['content'][number])[]): number {
  let size = 0;
  for (const part of content) {
    if (part.type === 'picture') size += TOKENS_A_PICTURE;
    else if (part.type === 'result') size += sizeOf(part.content);
    else if (part.type === 'call') size += JSON.stringify(part.input).length / CHARACTERS_A_TOKEN;
    else size += sizeOfText(part) / CHARACTERS_A_TOKEN;
  }
  return Math.ceil(size);
}

/** A model is told of a tool in words, or shown it: what is longer counts. */
const sizeOfText = (part: Text | Thinking): number =>
  'tool' in part ? Math.max(part.text.length, JSON.stringify(part.tool).length) : part.text.length;

/** Tokens of what was asked and answered. */
export const sizeOfUsage = ({ input, cacheRead, cacheWrite, output }: ModelUsage): number =>
  input + cacheRead + cacheWrite.short + cacheWrite.long + output;
