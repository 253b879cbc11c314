import { z } from 'zod';
import type { MessagesRequest } from './request.ts';

const toolCall = z.strictObject({
  name: z.string(),
  input: z.record(z.string(), z.unknown()),
  /** Made up where it is left out. */
  id: z.string().optional(),
});

export const replySchema = z.strictObject({
  thinking: z.string().optional(),
  text: z.string().optional(),
  toolCalls: z.array(toolCall).readonly().optional(),
  /** `tool_use` where there are calls, else `end_turn`. */
  stopReason: z
    .enum(['end_turn', 'max_tokens', 'stop_sequence', 'tool_use', 'pause_turn', 'refusal'])
    .optional(),
});

/** What the model says. */
export type Reply = z.infer<typeof replySchema>;
/** What goes wrong. `after` counts the events of the answer that still come. */
export type Fault =
  | { readonly kind: 'rate limit'; readonly retryAfter: number }
  | { readonly kind: 'overloaded' }
  | { readonly kind: 'server error' }
  /** The connection breaks. */
  | { readonly kind: 'dropped'; readonly after: number }
  /** Nothing more comes, until the client leaves. */
  | { readonly kind: 'stalled'; readonly after: number }
  /** An event is no JSON. */
  | { readonly kind: 'malformed'; readonly after: number }
  /** The service gives up in the middle of its answer. */
  | { readonly kind: 'overloaded later'; readonly after: number };

/** What one request gets. A fault that comes later breaks the reply that stands beside it. */
export interface Step {
  /** Throws where the request is not the one that should come: it is refused then, and {@link Script.complaints} says so. */
  readonly expect?: (request: MessagesRequest) => void;
  readonly reply?: Reply | ((request: MessagesRequest) => Reply) | undefined;
  readonly fault?: Fault | undefined;
}

/** What requests get: one step after the other, or the one that follows from the request. */
export type Steps = readonly Step[] | ((request: MessagesRequest) => Step);

/** Steps, and what went wrong with them. */
export class Script {
  readonly #steps: Steps;
  #next = 0;
  /** What was not as expected, in the order of the requests. */
  readonly complaints: string[] = [];

  constructor(steps: Steps) {
    this.#steps = steps;
  }

  /** How many steps nobody asked for. */
  get left(): number {
    return typeof this.#steps === 'function' ? 0 : this.#steps.length - this.#next;
  }

  /** @throws Error where the script has ended or expected another request */
  take(request: MessagesRequest): { readonly reply: Reply; readonly fault: Fault | null } {
    const number = this.#next + 1;
    try {
      const step = this.#step(request);
      step.expect?.(request);
      const said = typeof step.reply === 'function' ? step.reply(request) : step.reply;
      return { reply: said ?? {}, fault: step.fault ?? null };
    } catch (error) {
      const why = error instanceof Error ? error.message : String(error);
      this.complaints.push(`step ${number}: ${why}`);
      throw new Error(`step ${number} of the script: ${why}`, { cause: error });
    }
  }

  #step(request: MessagesRequest): Step {
    const step = typeof this.#steps === 'function' ? this.#steps(request) : this.#steps[this.#next];
    if (step === undefined) throw new Error('the script has ended');
    this.#next += 1;
    return step;
  }
}
