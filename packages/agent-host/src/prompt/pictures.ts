import type { Message, Picture, Text } from '@deskhand/model';

const KEPT = 4;
/** Taken away together, so that what the service keeps of the conversation is seldom another one. */
const STEP = 6;
const GONE: Text = { type: 'text', text: '[An older picture, no longer shown.]' };

/** The conversation with the last pictures of tools, at least {@link KEPT} of them. */
export function withLastPictures(messages: readonly Message[]): readonly Message[] {
  let left = Math.floor(Math.max(0, picturesIn(messages) - KEPT) / STEP) * STEP;
  if (left === 0) return messages;
  const replace = (part: Text | Picture): Text | Picture =>
    part.type === 'picture' && left-- > 0 ? GONE : part;
  return messages.map((message) =>
    message.role === 'assistant'
      ? message
      : {
          ...message,
          content: message.content.map((part) =>
            part.type === 'result' ? { ...part, content: part.content.map(replace) } : part,
          ),
        },
  );
}

const picturesIn = (messages: readonly Message[]): number =>
  messages
    .flatMap(({ content }) => content.flatMap((part) => (part.type === 'result' ? part.content : [])))
    .filter(({ type }) => type === 'picture').length;
