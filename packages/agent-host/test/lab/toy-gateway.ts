import type {
  CallOptions,
  CallOutcome,
  Gateway,
  GatewayCall,
  GatewayEvent,
  GatewayTool,
} from '@deskhand/gateway';

type Done = Extract<CallOutcome, { kind: 'done' }>;

export type ToyRun = (
  input: Readonly<Record<string, unknown>>,
  options: CallOptions,
) => Promise<CallOutcome> | CallOutcome;

export interface Toy {
  readonly isReadOnly?: boolean;
  readonly description?: string;
  /** It has to be found. */
  readonly isLazy?: true;
  readonly standsIn?: true;
  readonly run: ToyRun;
}

/** A gateway without servers: what tools do stands in the test. */
export class ToyGateway implements Gateway {
  readonly calls: GatewayCall[] = [];
  readonly #toys: Readonly<Record<string, Toy>>;
  readonly #ears = new Set<(event: GatewayEvent) => void>();

  constructor(toys: Readonly<Record<string, Toy>>) {
    this.#toys = toys;
  }

  tools(): readonly GatewayTool[] {
    return Object.entries(this.#toys)
      .filter(([, { isLazy }]) => isLazy !== true)
      .map(([name, { isReadOnly = false, description = name, standsIn }]) => ({
        ...{ name, description, isReadOnly },
        ...{ inputSchema: { type: 'object' }, ...(standsIn && { standsIn }) },
      }))
      .sort((a, b) => (a.name < b.name ? -1 : 1));
  }

  async call(call: GatewayCall, options: CallOptions): Promise<CallOutcome> {
    this.calls.push(call);
    const toy = this.#toys[call.name];
    return toy === undefined ? said(`There is no tool ${call.name}`, true) : toy.run(call.input, options);
  }

  prompts(): Promise<readonly []> {
    return Promise.resolve([]);
  }

  prompt(): Promise<CallOutcome> {
    return Promise.resolve(said('There are no prompts', true));
  }

  servers(): readonly [] {
    return [];
  }

  listen(hear: (event: GatewayEvent) => void): () => void {
    this.#ears.add(hear);
    return () => this.#ears.delete(hear);
  }

  say(event: GatewayEvent): void {
    for (const hear of this.#ears) hear(event);
  }

  close(): Promise<void> {
    return Promise.resolve();
  }
}

export const said = (text: string, isError = false): Done => ({
  ...{ kind: 'done', content: [{ type: 'text', text }], isError, decision: 'allowed' },
  ...{ code: null, tier: null, ms: 1 },
});

/** A call that waits for a person until it is answered. */
export const asksFirst =
  (run: ToyRun): ToyRun =>
  (input, options) => {
    const { answer } = options;
    if (answer === undefined)
      return {
        kind: 'parked',
        question: { id: 'q1', server: 'toy', tool: 'send', input, reason: 'It is sent.', form: null },
      };
    return answer.kind === 'allow'
      ? run(input, options)
      : {
          ...{ kind: 'done', content: [{ type: 'text', text: 'The person said no.' }], isError: true },
          ...{ decision: 'denied', code: 'denied', tier: null, ms: 0 },
        };
  };
