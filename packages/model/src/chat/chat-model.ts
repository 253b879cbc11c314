import { EventSourceParserStream } from 'eventsource-parser/stream';
import type { Model, ModelRequest, ModelTurn, RespondOptions, TokenCount } from '../model.ts';
import { broken, httpError, ModelError, silent, unreachable } from '../model-error.ts';
import { Patience } from '../patience.ts';
import { ChatTurn } from './turn.ts';
import { chatOf } from './wire.ts';

export interface ChatModelOptions {
  /** As the service names it, such as `qwen3:8b`. */
  readonly model: string;
  /** Such as `http://127.0.0.1:11434/v1`. */
  readonly baseUrl: string;
  readonly apiKey?: string | undefined;
  /** How long it may say nothing, in milliseconds; a local model may have to be loaded first. */
  readonly patience?: number;
}

const CHARACTERS_A_TOKEN = 4;
const TOKENS_A_PICTURE = 1_600;
const MOST_OF_A_REFUSAL = 500;

/** A model behind chat completions: Ollama, llama.cpp, vLLM and their like. */
export class ChatModel implements Model {
  readonly name: string;
  readonly #url: string;
  readonly #headers: Readonly<Record<string, string>>;
  readonly #patience: number;

  constructor({ model, baseUrl, apiKey, patience = 300_000 }: ChatModelOptions) {
    this.name = model;
    this.#url = `${baseUrl.replace(/\/+$/, '')}/chat/completions`;
    this.#headers = {
      'content-type': 'application/json',
      ...(apiKey === undefined ? {} : { authorization: `Bearer ${apiKey}` }),
    };
    this.#patience = patience;
  }

  async respond(
    request: ModelRequest,
    { signal, hear = () => undefined }: RespondOptions,
  ): Promise<ModelTurn> {
    const patience = new Patience(this.#patience);
    try {
      const body = JSON.stringify(chatOf(request, this.name));
      const response = await this.#post(body, AbortSignal.any([signal, patience.signal]));
      return await this.#read(response, { hear, patience });
    } catch (cause) {
      signal.throwIfAborted();
      if (patience.isOver) throw silent(this.#patience);
      throw cause instanceof ModelError ? cause : broken(cause);
    } finally {
      patience.stop();
    }
  }

  /** There is no common way to ask. */
  count({ system, tools, messages }: ModelRequest): Promise<TokenCount> {
    let pictures = 0;
    const words = JSON.stringify([system, tools, messages], (key, value: unknown) => {
      if (key !== 'data') return value;
      pictures += 1;
      return '';
    });
    const tokens = Math.ceil(words.length / CHARACTERS_A_TOKEN) + pictures * TOKENS_A_PICTURE;
    return Promise.resolve({ tokens, isEstimate: true });
  }

  async #post(body: string, signal: AbortSignal): Promise<Response> {
    const response = await fetch(this.#url, { method: 'POST', headers: this.#headers, body, signal }).catch(
      (cause: unknown) => {
        throw unreachable(this.#url, cause instanceof Error ? (cause.cause ?? cause) : cause);
      },
    );
    if (response.ok) return response;
    const message = (await response.text()).slice(0, MOST_OF_A_REFUSAL);
    const retryAfter = response.headers.get('retry-after');
    throw httpError({ status: response.status, message, retryAfter, cause: undefined });
  }

  async #read(
    { body }: Response,
    { hear, patience }: Pick<Required<RespondOptions>, 'hear'> & { readonly patience: Patience },
  ): Promise<ModelTurn> {
    const turn = new ChatTurn(hear);
    const events = body?.pipeThrough(new TextDecoderStream()).pipeThrough(new EventSourceParserStream());
    for await (const { data } of events ?? []) {
      patience.renew();
      if (data === '[DONE]') break;
      turn.add(data);
    }
    return turn.end();
  }
}
