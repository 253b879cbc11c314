import { inTime } from '@deskhand/grants';
import type { CallToolResult, Client, GetPromptResult } from '@modelcontextprotocol/client';

/** A template of a server that a person can choose as a task, with its server's own words. */
export interface ServerPrompt {
  readonly server: string;
  /** Of the server's own; any text. */
  readonly name: string;
  readonly description: string;
  readonly arguments: readonly PromptArgument[];
}

export interface PromptArgument {
  readonly name: string;
  readonly description: string;
  readonly isRequired: boolean;
}

interface Limits {
  readonly signal: AbortSignal;
  readonly timeout: number;
}

/** What a server offers as tasks, in one life of it. */
export class Prompts {
  readonly #client: Client;

  constructor(client: Client, onChanged: () => void) {
    this.#client = client;
    client.setNotificationHandler('notifications/prompts/list_changed', onChanged);
  }

  get areOffered(): boolean {
    return this.#client.getServerCapabilities()?.prompts !== undefined;
  }

  /** All pages of them together within the time. @throws where there are too many pages */
  async list({ signal, timeout }: Limits): Promise<readonly Omit<ServerPrompt, 'server'>[]> {
    const { prompts } = await inTime(timeout, signal, (all) =>
      this.#client.listPrompts(undefined, { signal: all, timeout, cacheMode: 'refresh' }),
    );
    const sorted = prompts.toSorted((a, b) => (a.name < b.name ? -1 : 1));
    return sorted.map(({ name, title, description, arguments: given = [] }) => ({
      name,
      description: short(description ?? title ?? ''),
      arguments: given.map((one) => ({
        name: one.name,
        description: short(one.description ?? ''),
        isRequired: one.required === true,
      })),
    }));
  }

  async get(name: string, args: Readonly<Record<string, string>>, limits: Limits): Promise<CallToolResult> {
    const { messages } = await this.#client.getPrompt({ name, arguments: { ...args } }, limits);
    const isTalk = messages.some(({ role }) => role === 'assistant');
    return { content: messages.flatMap((message) => blocksOf(message, isTalk)) };
  }
}

const MOST_DESCRIPTION = 1_000;

const short = (text: string): string => text.slice(0, MOST_DESCRIPTION);

/** Where both sides speak, it is said who. */
const blocksOf = (
  { role, content }: GetPromptResult['messages'][number],
  isTalk: boolean,
): CallToolResult['content'] => (isTalk ? [{ type: 'text', text: `[${role}]` }, content] : [content]);
