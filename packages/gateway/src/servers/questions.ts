import {
  isInputRequiredResult,
  type Client,
  type ElicitRequestParams,
  type ElicitResult,
  type InputRequiredResult,
} from '@modelcontextprotocol/client';
import type { LinkCall } from './link.ts';

const ROUNDS = 10;

/** What a server asks during calls, in both eras. */
export class Questions {
  /** Of calls that run: a question of the 2025 protocols does not say which call it belongs to, so it is the newest's. */
  readonly #asked = new Set<LinkCall['asked']>();

  constructor(client: Client) {
    client.setRequestHandler('elicitation/create', ({ params }, { mcpReq }) =>
      this.#answer(params, mcpReq.signal),
    );
  }

  async during<T>(asked: LinkCall['asked'], call: () => Promise<T>): Promise<T> {
    this.#asked.add(asked);
    try {
      return await call();
    } finally {
      this.#asked.delete(asked);
    }
  }

  /** Makes a call again with the answers to what it asked in place of a result. */
  async rounds<T>(call: (more: object) => Promise<T>, { asked, signal }: LinkCall): Promise<T> {
    return this.during(asked, async () => {
      let more: object = {};
      for (let round = 0; round < ROUNDS; round += 1) {
        const result = await call(more);
        if (!isInputRequired(result)) return result;
        more = await answersTo(result, asked, signal);
      }
      throw new Error(`it asked more than ${ROUNDS} times`);
    });
  }

  async #answer(params: ElicitRequestParams, signal: AbortSignal): Promise<ElicitResult> {
    const asked = [...this.#asked].at(-1);
    return asked === undefined ? { action: 'cancel' } : asked(params, signal);
  }
}

/** The SDK does not say in the type of a result that it may be one of these. */
const isInputRequired = (result: unknown): result is InputRequiredResult => isInputRequiredResult(result);

async function answersTo(
  { inputRequests = {}, requestState }: InputRequiredResult,
  asked: LinkCall['asked'],
  signal: AbortSignal,
): Promise<object> {
  const inputResponses: Record<string, ElicitResult> = {};
  for (const [key, request] of Object.entries(inputRequests)) {
    if (request.method !== 'elicitation/create')
      throw new Error(`it wants ${request.method}, which is not offered`);
    inputResponses[key] = await asked(request.params, signal);
  }
  return { inputResponses, ...(requestState !== undefined && { requestState }) };
}
