import Anthropic from '@anthropic-ai/sdk';
import type { Model, ModelEvent, ModelRequest, ModelTurn, RespondOptions, TokenCount } from '../model.ts';
import type { ModelError } from '../model-error.ts';
import { broken, httpError, silent, unreachable } from '../model-error.ts';
import { Patience } from '../patience.ts';
import { turnOf } from './turn.ts';
import { promptOf } from './wire.ts';

export interface AnthropicModelOptions {
  /** Such as `claude-opus-5-5`. */
  readonly model: string;
  readonly apiKey: string;
  /** Of another service that speaks the same. */
  readonly baseUrl?: string | undefined;
  /** Whether the model may think before it speaks; models before 5 do not without it. */
  readonly thinks?: boolean;
  /** How long it may say nothing, in milliseconds. */
  readonly patience?: number;
  /** How often what is passing is tried again before a turn begins. */
  readonly retries?: number;
}

/** A model behind the Messages API. */
export class AnthropicModel implements Model {
  readonly name: string;
  readonly #client: Anthropic;
  readonly #thinks: boolean;
  readonly #patience: number;

  constructor({
    model,
    apiKey,
    baseUrl,
    thinks = true,
    patience = 120_000,
    retries = 4,
  }: AnthropicModelOptions) {
    this.name = model;
    this.#thinks = thinks;
    this.#patience = patience;
    this.#client = new Anthropic({
      ...{ apiKey, authToken: null, maxRetries: retries, logLevel: 'off' },
      ...(baseUrl === undefined ? {} : { baseURL: baseUrl }),
    });
  }

  async respond(
    request: ModelRequest,
    { signal, hear = () => undefined }: RespondOptions,
  ): Promise<ModelTurn> {
    const patience = new Patience(this.#patience);
    const stream = this.#client.messages.stream(
      {
        ...promptOf(request, this.name),
        max_tokens: request.maxTokens,
        ...(this.#thinks ? { thinking: { type: 'adaptive' } } : {}),
      },
      { signal: AbortSignal.any([signal, patience.signal]) },
    );
    let hasBegun = false;
    stream.on('streamEvent', (event) => {
      hasBegun = true;
      patience.renew();
      const heard = heardIn(event);
      if (heard !== null) hear(heard);
    });
    try {
      return turnOf(await stream.finalMessage(), stream.request_id ?? null);
    } catch (cause) {
      signal.throwIfAborted();
      throw patience.isOver ? silent(this.#patience) : this.#errorOf(cause, hasBegun);
    } finally {
      patience.stop();
    }
  }

  async count(request: ModelRequest, { signal }: { readonly signal: AbortSignal }): Promise<TokenCount> {
    try {
      const { input_tokens: tokens } = await this.#client.messages.countTokens(promptOf(request, this.name), {
        signal,
      });
      return { tokens, isEstimate: false };
    } catch (cause) {
      signal.throwIfAborted();
      throw this.#errorOf(cause, false);
    }
  }

  #errorOf(cause: unknown, hasBegun: boolean): ModelError {
    if (cause instanceof Anthropic.APIConnectionError && !hasBegun)
      return unreachable(this.#client.baseURL, cause.cause ?? cause);
    if (!(cause instanceof Anthropic.APIError)) return broken(cause);
    const status: unknown = cause.status;
    const headers: unknown = cause.headers;
    if (typeof status === 'number') {
      const retryAfter = headers instanceof Headers ? headers.get('retry-after') : null;
      return httpError({ status, message: cause.message, retryAfter, cause });
    }
    return cause.type === 'overloaded_error'
      ? httpError({ status: 529, message: 'overloaded', retryAfter: null, cause })
      : broken(cause);
  }
}

function heardIn(event: Anthropic.MessageStreamEvent): ModelEvent | null {
  if (event.type === 'content_block_start')
    return event.content_block.type === 'tool_use' ? { kind: 'call', name: event.content_block.name } : null;
  if (event.type !== 'content_block_delta') return null;
  if (event.delta.type === 'text_delta') return { kind: 'text', text: event.delta.text };
  return event.delta.type === 'thinking_delta' ? { kind: 'thinking', text: event.delta.thinking } : null;
}
