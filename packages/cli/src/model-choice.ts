import { AnthropicModel, ChatModel, type Model } from '@deskhand/model';
import { EXIT, Refusal, type Context } from './context.ts';

export const DEFAULT_MODEL = 'claude-opus-5-5';

const WINDOW = 200_000;
const CHAT_WINDOW = 32_768;

export interface ModelOptions {
  readonly model?: string;
  /** Of chat completions. */
  readonly chatUrl?: string;
  readonly window?: number;
}

/** @throws Refusal where it cannot be reached with what is set */
export function chooseModel(name: string, { chatUrl }: ModelOptions, { env }: Pick<Context, 'env'>): Model {
  if (chatUrl !== undefined)
    return new ChatModel({ model: name, baseUrl: chatUrl, apiKey: env['OPENAI_API_KEY'] });
  const apiKey = env['ANTHROPIC_API_KEY'];
  if (!name.startsWith('claude-'))
    throw new Refusal(
      `It is not known where ${name} runs.`,
      'Add --chat-url, such as http://127.0.0.1:11434/v1 for Ollama.',
      EXIT.usage,
    );
  if (!apiKey)
    throw new Refusal(
      'ANTHROPIC_API_KEY is not set.',
      'Set it, or use a model of this computer: --model qwen3:8b --chat-url http://127.0.0.1:11434/v1\nWithout any, see a task done with recorded words: deskhand demo',
      EXIT.usage,
    );
  return new AnthropicModel({ model: name, apiKey, baseUrl: env['ANTHROPIC_BASE_URL'] });
}

export const windowOf = ({ window, chatUrl }: ModelOptions): number =>
  window ?? (chatUrl === undefined ? WINDOW : CHAT_WINDOW);
