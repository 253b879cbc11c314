import type { CountRequest } from './request.ts';
import type { InputUsage } from './prefix-cache.ts';
import type { Reply } from './script.ts';
import { signatureOf } from './signature.ts';
import { tokensOf } from './tokens.ts';

export type AnswerBlock =
  | { readonly type: 'thinking'; readonly thinking: string; readonly signature: string }
  | { readonly type: 'text'; readonly text: string; readonly citations: null }
  | {
      readonly type: 'tool_use';
      readonly id: string;
      readonly name: string;
      readonly input: Readonly<Record<string, unknown>>;
      readonly caller: { readonly type: 'direct' };
    };

/** A message of the model, as the service answers it. */
export interface Answer {
  readonly id: string;
  readonly type: 'message';
  readonly role: 'assistant';
  readonly model: string;
  readonly content: readonly AnswerBlock[];
  readonly stop_reason: NonNullable<Reply['stopReason']>;
  readonly stop_sequence: null;
  readonly usage: Usage;
}

/** Tokens. */
export interface Usage {
  readonly input_tokens: number;
  readonly cache_read_input_tokens: number;
  readonly cache_creation_input_tokens: number;
  readonly cache_creation: {
    readonly ephemeral_5m_input_tokens: number;
    readonly ephemeral_1h_input_tokens: number;
  };
  readonly output_tokens: number;
  readonly server_tool_use: null;
  readonly service_tier: 'standard';
}

interface Circumstances {
  readonly request: CountRequest;
  readonly used: InputUsage;
  /** Of the answer among all of this server. */
  readonly number: number;
}

export function answerOf(reply: Reply, { request, used, number }: Circumstances): Answer {
  const content: AnswerBlock[] = [];
  if (reply.thinking !== undefined && request.thinking?.type !== 'disabled')
    content.push({
      type: 'thinking',
      thinking: reply.thinking,
      signature: signatureOf(reply.thinking, request),
    });
  if (reply.text !== undefined) content.push({ type: 'text', text: reply.text, citations: null });
  reply.toolCalls?.forEach(({ name, input, id = `toolu_${number}_${content.length}` }) =>
    content.push({ type: 'tool_use', id, name, input, caller: { type: 'direct' } }),
  );
  const calls = content.some(({ type }) => type === 'tool_use');
  return {
    ...{ id: `msg_${number}`, type: 'message', role: 'assistant', model: request.model, content },
    ...{ stop_reason: reply.stopReason ?? (calls ? 'tool_use' : 'end_turn'), stop_sequence: null },
    usage: { ...usageOf(used), output_tokens: content.reduce((sum, block) => sum + tokensOf(block), 0) },
  };
}

const usageOf = ({ input, read, written5m, written1h }: InputUsage): Omit<Usage, 'output_tokens'> => ({
  input_tokens: input,
  cache_read_input_tokens: read,
  cache_creation_input_tokens: written5m + written1h,
  cache_creation: { ephemeral_5m_input_tokens: written5m, ephemeral_1h_input_tokens: written1h },
  server_tool_use: null,
  service_tier: 'standard',
});
