/* eslint-disable @typescript-eslint/no-deprecated -- servers ask so in all protocols of today */
import {
  isInputRequiredResult,
  UrlElicitationRequiredError,
  type Client,
  type InputRequest,
  type InputRequiredResult,
  type InputResponse,
} from '@modelcontextprotocol/client';
import type { Asked, LinkCall } from './link.ts';
import type { Root } from './session-roots.ts';

const ROUNDS = 10;
const MOST_PAGES = 100;

interface QuestionsOptions {
  readonly roots: (() => readonly Root[]) | undefined;
  readonly maySample: boolean;
  readonly onElicited: () => void;
}

/** What a server asks during calls, in both eras; what it was not offered is refused. */
export class Questions {
  readonly #client: Client;
  readonly #options: QuestionsOptions;
  /** Of calls that run: a question of the 2025 protocols does not say which call it belongs to, so it is the newest's. */
  readonly #asked = new Set<Asked>();
  /** Of pages that the person said to have opened. */
  readonly #opened = new Set<string>();

  constructor(client: Client, options: QuestionsOptions) {
    this.#client = client;
    this.#options = options;
    const { roots, maySample, onElicited } = options;
    client.setRequestHandler('elicitation/create', async ({ params }, { mcpReq }) => {
      const answer = await this.#newest?.elicit(params, mcpReq.signal);
      if (params.mode === 'url' && answer?.action === 'accept') this.#remember(params.elicitationId);
      return answer ?? { action: 'cancel' };
    });
    client.setNotificationHandler('notifications/elicitation/complete', ({ params }) => {
      if (this.#opened.delete(params.elicitationId)) onElicited();
    });
    if (roots !== undefined) client.setRequestHandler('roots/list', () => ({ roots: [...roots()] }));
    if (!maySample) return;
    client.setRequestHandler('sampling/createMessage', ({ params }, { mcpReq }) => {
      const asked = this.#newest;
      if (asked === undefined) throw new Error('No call is under way that this could belong to.');
      return asked.sample(params, mcpReq.signal);
    });
  }

  tellRoots(): void {
    if (this.#options.roots === undefined || this.#client.getProtocolEra() === 'modern') return;
    this.#client.sendRootsListChanged().catch(() => undefined); // it asks when it is there again
  }

  async during<T>(asked: Asked, call: () => Promise<T>): Promise<T> {
    // another object for each call, so that the newest is the last
    const own: Asked = {
      elicit: (params, signal) => asked.elicit(params, signal),
      sample: (params, signal) => asked.sample(params, signal),
    };
    this.#asked.add(own);
    try {
      return await call();
    } finally {
      this.#asked.delete(own);
    }
  }

  /** Makes a call again with the answers to what it asked in place of a result. */
  async rounds<T>(call: (more: object) => Promise<T>, { asked, signal }: LinkCall): Promise<T> {
    return this.during(asked, async () => {
      let more: object = {};
      for (let round = 0; round < ROUNDS; round += 1) {
        try {
          const result = await call(more);
          if (!isInputRequired(result)) return result;
          more = await this.#answersTo(result, asked, signal);
        } catch (error) {
          if (!(error instanceof UrlElicitationRequiredError) || round > 0) throw error;
          await this.#opening(error, asked, signal);
        }
      }
      throw new Error(`it asked more than ${ROUNDS} times`);
    });
  }

  get #newest(): Asked | undefined {
    return [...this.#asked].at(-1);
  }

  /** @throws the error itself unless the person opened all that it names */
  async #opening(error: UrlElicitationRequiredError, asked: Asked, signal: AbortSignal): Promise<void> {
    for (const page of error.elicitations) {
      const { action } = await asked.elicit(page, signal);
      if (action !== 'accept') throw error;
      this.#remember(page.elicitationId);
    }
  }

  #remember(page: string): void {
    const [oldest] = this.#opened;
    if (this.#opened.size >= MOST_PAGES && oldest !== undefined) this.#opened.delete(oldest);
    this.#opened.add(page);
  }

  async #answersTo(
    { inputRequests = {}, requestState }: InputRequiredResult,
    asked: Asked,
    signal: AbortSignal,
  ): Promise<object> {
    const inputResponses: Record<string, InputResponse> = {};
    for (const [key, request] of Object.entries(inputRequests))
      inputResponses[key] = await this.#answer(request, asked, signal);
    return { inputResponses, ...(requestState !== undefined && { requestState }) };
  }

  async #answer(request: InputRequest, asked: Asked, signal: AbortSignal): Promise<InputResponse> {
    const { roots, maySample } = this.#options;
    if (request.method === 'elicitation/create') return asked.elicit(request.params, signal);
    if (request.method === 'roots/list' && roots !== undefined) return { roots: [...roots()] };
    if (request.method === 'sampling/createMessage' && maySample) return asked.sample(request.params, signal);
    throw new Error(`it wants ${request.method}, which is not offered`);
  }
}

/** The SDK does not say in the type of a result that it may be one of these. */
const isInputRequired = (result: unknown): result is InputRequiredResult => isInputRequiredResult(result);
