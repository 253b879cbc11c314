import type { Message, ModelUsage, Picture, Text } from '@deskhand/model';

const CHARACTERS_A_TOKEN = 4;
const TOKENS_A_PICTURE = 1_600;

/** About how many tokens these are. */
export function sizeOf(content: readonly (Text | Picture | Message['content'][number])[]): number {
  let size = 0;
  for (const part of content) {
    if (part.type === 'picture') size += TOKENS_A_PICTURE;
    else if (part.type === 'result') size += sizeOf(part.content);
    else if (part.type === 'call') size += JSON.stringify(part.input).length / CHARACTERS_A_TOKEN;
    else size += part.text.length / CHARACTERS_A_TOKEN;
  }
  return Math.ceil(size);
}

/** Tokens of what was asked and answered. */
export const sizeOfUsage = ({ input, cacheRead, cacheWrite, output }: ModelUsage): number =>
  input + cacheRead + cacheWrite.short + cacheWrite.long + output;
