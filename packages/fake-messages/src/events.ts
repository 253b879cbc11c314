import type { Answer, AnswerBlock } from './answer.ts';

/** An event of a stream; its type is its name, too. */
export type ServerEvent = Readonly<Record<string, unknown>> & { readonly type: string };

const PIECE = 24;

/** Words in pieces, as they come from a model. */
export const pieces = (words: string): readonly string[] =>
  words.match(new RegExp(`.{1,${PIECE}}`, 'gsu')) ?? [];

/** An answer as the events of a stream. */
export function eventsOf(answer: Answer): readonly ServerEvent[] {
  const { content, stop_reason, stop_sequence, usage } = answer;
  const message = { ...answer, content: [], stop_reason: null, usage: { ...usage, output_tokens: 1 } };
  return [
    { type: 'message_start', message },
    { type: 'ping' },
    ...content.flatMap((block, index) => [
      { type: 'content_block_start', index, content_block: emptied(block) },
      ...deltasOf(block).map((delta) => ({ type: 'content_block_delta', index, delta })),
      { type: 'content_block_stop', index },
    ]),
    { type: 'message_delta', delta: { stop_reason, stop_sequence }, usage },
    { type: 'message_stop' },
  ];
}

function emptied(block: AnswerBlock): AnswerBlock {
  if (block.type === 'text') return { ...block, text: '' };
  return block.type === 'thinking' ? { ...block, thinking: '', signature: '' } : { ...block, input: {} };
}

function deltasOf(block: AnswerBlock): readonly Readonly<Record<string, unknown>>[] {
  if (block.type === 'text') return pieces(block.text).map((text) => ({ type: 'text_delta', text }));
  if (block.type === 'tool_use')
    return pieces(JSON.stringify(block.input)).map((partial_json) => ({
      type: 'input_json_delta',
      partial_json,
    }));
  return [
    ...pieces(block.thinking).map((thinking) => ({ type: 'thinking_delta', thinking })),
    { type: 'signature_delta', signature: block.signature },
  ];
}
