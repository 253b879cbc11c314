import type { Message, Picture, Text } from '@deskhand/model';

/** The words of parts, without anything else. */
export const textOf = (content: readonly (Text | Picture | Message['content'][number])[]): string =>
  content.flatMap((part) => (part.type === 'text' ? [part.text] : [])).join('\n');
