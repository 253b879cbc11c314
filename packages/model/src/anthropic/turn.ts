import type Anthropic from '@anthropic-ai/sdk';
import { z } from 'zod';
import type { ModelTurn, TurnPart } from '../model.ts';

const STOPS: Readonly<Record<Anthropic.StopReason, ModelTurn['stop']>> = {
  end_turn: 'end',
  stop_sequence: 'end',
  tool_use: 'calls',
  max_tokens: 'cut',
  model_context_window_exceeded: 'cut',
  pause_turn: 'paused',
  refusal: 'refused',
};

/** What the service answered, as a turn. */
export function turnOf(message: Anthropic.Message, requestId: string | null): ModelTurn {
  const { content, stop_reason: reason, usage, model } = message;
  const { cache_creation: written, cache_creation_input_tokens: all } = usage;
  const long = written?.ephemeral_1h_input_tokens ?? 0;
  return {
    content: content.flatMap((block) => partOf(block, model)),
    stop: reason === null ? 'cut' : STOPS[reason],
    usage: {
      ...{ input: usage.input_tokens, output: usage.output_tokens },
      cacheRead: usage.cache_read_input_tokens ?? 0,
      cacheWrite: { short: (all ?? 0) - long, long },
    },
    requestId,
  };
}

const input = z.record(z.string(), z.unknown());

/** Parts that nobody here asked for, such as those of the service's own tools, are left out. */
function partOf(block: Anthropic.ContentBlock, model: string): readonly TurnPart[] {
  if (block.type === 'text') return [{ type: 'text', text: block.text }];
  if (block.type === 'tool_use')
    return [{ type: 'call', id: block.id, name: block.name, input: input.parse(block.input) }];
  if (block.type === 'thinking')
    return [{ type: 'thinking', model, text: block.thinking, token: block.signature, isRedacted: false }];
  if (block.type === 'redacted_thinking')
    return [{ type: 'thinking', model, text: '', token: block.data, isRedacted: true }];
  return [];
}
