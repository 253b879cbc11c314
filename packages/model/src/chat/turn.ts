import { z } from 'zod';
import type { ModelEvent, ModelTurn, ToolCall } from '../model.ts';
import { broken } from '../model-error.ts';

const chunk = z.looseObject({
  id: z.string().optional(),
  error: z.looseObject({ message: z.string() }).optional(),
  choices: z
    .array(
      z.looseObject({
        finish_reason: z.string().nullish(),
        delta: z
          .looseObject({
            content: z.string().nullish(),
            // what servers of local models call it
            reasoning_content: z.string().nullish(),
            tool_calls: z
              .array(
                z.looseObject({
                  index: z.int().optional(),
                  id: z.string().nullish(),
                  function: z
                    .looseObject({ name: z.string().nullish(), arguments: z.string().nullish() })
                    .optional(),
                }),
              )
              .nullish(),
          })
          .optional(),
      }),
    )
    .default([]),
  usage: z
    .looseObject({
      prompt_tokens: z.number(),
      completion_tokens: z.number(),
      prompt_tokens_details: z.looseObject({ cached_tokens: z.number().nullish() }).nullish(),
    })
    .nullish(),
});

const STOPS: Readonly<Record<string, ModelTurn['stop']>> = {
  stop: 'end',
  tool_calls: 'calls',
  function_call: 'calls',
  length: 'cut',
  content_filter: 'refused',
};

const input = z.record(z.string(), z.unknown());

/** A turn that comes in chunks. */
export class ChatTurn {
  readonly #calls = new Map<number, { id: string; name: string; words: string }>();
  readonly #hear: (event: ModelEvent) => void;
  #text = '';
  #stop: ModelTurn['stop'] | null = null;
  #usage: ModelTurn['usage'] | null = null;
  #id: string | null = null;

  constructor(hear: (event: ModelEvent) => void) {
    this.#hear = hear;
  }

  /** @throws ModelError where it is no chunk */
  add(data: string): void {
    const { id, error, choices, usage } = parsed(data);
    if (error !== undefined) throw broken(new Error(error.message));
    this.#id ??= id ?? null;
    const [choice] = choices;
    const { content, reasoning_content: thought, tool_calls: calls } = choice?.delta ?? {};
    if (thought != null && thought !== '') this.#hear({ kind: 'thinking', text: thought });
    if (content != null && content !== '') {
      this.#text += content;
      this.#hear({ kind: 'text', text: content });
    }
    calls?.forEach((call, at) => this.#call(call.index ?? at, call));
    if (choice?.finish_reason != null) this.#stop = STOPS[choice.finish_reason] ?? 'end';
    if (usage == null) return;
    const cacheRead = usage.prompt_tokens_details?.cached_tokens ?? 0;
    const rest = { cacheRead, cacheWrite: { short: 0, long: 0 }, output: usage.completion_tokens };
    this.#usage = { input: usage.prompt_tokens - cacheRead, ...rest };
  }

  /** @throws ModelError where it is not whole */
  end(): ModelTurn {
    if (this.#stop === null) throw broken(new Error('it has no end'));
    const calls = [...this.#calls.values()].map(callOf);
    const none = { input: 0, cacheRead: 0, cacheWrite: { short: 0, long: 0 }, output: 0 };
    return {
      content: [...(this.#text === '' ? [] : [{ type: 'text' as const, text: this.#text }]), ...calls],
      // some servers say that it ended where it called
      stop: this.#stop === 'end' && calls.length > 0 ? 'calls' : this.#stop,
      ...{ usage: this.#usage ?? none, requestId: this.#id },
    };
  }

  #call(
    index: number,
    {
      id,
      function: said,
    }: {
      id?: string | null | undefined;
      function?: { name?: string | null | undefined; arguments?: string | null | undefined } | undefined;
    },
  ): void {
    const call = this.#calls.get(index) ?? { id: '', name: '', words: '' };
    const isNew = call.name === '' && said?.name != null;
    call.id ||= id ?? `call_${index}`;
    call.name ||= said?.name ?? '';
    call.words += said?.arguments ?? '';
    this.#calls.set(index, call);
    if (isNew) this.#hear({ kind: 'call', name: call.name });
  }
}

function parsed(data: string): z.infer<typeof chunk> {
  try {
    return chunk.parse(JSON.parse(data));
  } catch (cause) {
    throw broken(cause);
  }
}

function callOf({ id, name, words }: { id: string; name: string; words: string }): ToolCall {
  try {
    return { type: 'call', id, name, input: input.parse(JSON.parse(words === '' ? '{}' : words)) };
  } catch (cause) {
    throw broken(new Error(`the arguments for ${name} are no JSON object`, { cause }));
  }
}
