import type { Answer, Usage } from './answer.ts';
import { pieces } from './events.ts';

const FINISHED: Readonly<Record<Answer['stop_reason'], string>> = {
  end_turn: 'stop',
  stop_sequence: 'stop',
  pause_turn: 'stop',
  tool_use: 'tool_calls',
  max_tokens: 'length',
  refusal: 'content_filter',
};

const callsOf = ({ content }: Answer) =>
  content.flatMap((block) =>
    block.type === 'tool_use'
      ? [
          {
            id: block.id,
            type: 'function',
            function: { name: block.name, arguments: JSON.stringify(block.input) },
          },
        ]
      : [],
  );

const wordsOf = ({ content }: Answer): string =>
  content.map((block) => (block.type === 'text' ? block.text : '')).join('');

const usageOf = ({ usage }: { readonly usage: Usage }) => {
  const {
    input_tokens,
    cache_read_input_tokens: cached_tokens,
    cache_creation_input_tokens,
    output_tokens,
  } = usage;
  const prompt_tokens = input_tokens + cached_tokens + cache_creation_input_tokens;
  return {
    ...{ prompt_tokens, completion_tokens: output_tokens, total_tokens: prompt_tokens + output_tokens },
    prompt_tokens_details: { cached_tokens },
  };
};

const CREATED = 1_795_000_000; // seconds since 1970, the same in every run

/** An answer as a completion of a chat. */
export function completionOf(answer: Answer): Readonly<Record<string, unknown>> {
  const calls = callsOf(answer);
  const message = {
    ...{ role: 'assistant', content: wordsOf(answer) || null },
    ...(calls.length === 0 ? {} : { tool_calls: calls }),
  };
  return {
    ...{ id: answer.id, object: 'chat.completion', created: CREATED, model: answer.model },
    choices: [{ index: 0, message, finish_reason: FINISHED[answer.stop_reason], logprobs: null }],
    usage: usageOf(answer),
  };
}

/** An answer as the chunks of a stream. */
export function chunksOf(answer: Answer, withUsage: boolean): readonly Readonly<Record<string, unknown>>[] {
  const chunk = (delta: object, finish_reason: string | null = null) => ({
    ...{ id: answer.id, object: 'chat.completion.chunk', created: CREATED, model: answer.model },
    choices: [{ index: 0, delta, finish_reason }],
  });
  return [
    chunk({ role: 'assistant', content: '' }),
    ...pieces(wordsOf(answer)).map((content) => chunk({ content })),
    ...callsOf(answer).flatMap(({ id, type, function: { name, arguments: words } }, index) => [
      chunk({ tool_calls: [{ index, id, type, function: { name, arguments: '' } }] }),
      ...pieces(words).map((piece) => chunk({ tool_calls: [{ index, function: { arguments: piece } }] })),
    ]),
    chunk({}, FINISHED[answer.stop_reason]),
    ...(withUsage ? [{ ...chunk({}), choices: [], usage: usageOf(answer) }] : []),
  ];
}
