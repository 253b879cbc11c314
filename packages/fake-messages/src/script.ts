import { z } from 'zod';
import type { MessagesRequest } from './request.ts';

const toolCall = z.strictObject({
  name: z.string(),
  input: z.record(z.string(), z.unknown()),
  /** Made up where it is left out. */
  id: z.string().optional(),
});

const reply = z.strictObject({
  thinking: z.string().optional(),
  text: z.string().optional(),
  toolCalls: z.array(toolCall).readonly().optional(),
  /** `tool_use` where there are calls, else `end_turn`. */
  stopReason: z
    .enum(['end_turn', 'max_tokens', 'stop_sequence', 'tool_use', 'pause_turn', 'refusal'])
    .optional(),
});

const fault = z.discriminatedUnion('kind', [
  z.strictObject({ kind: z.literal('rate limit'), retryAfter: z.number().nonnegative() }),
  z.strictObject({ kind: z.literal('overloaded') }),
  z.strictObject({ kind: z.literal('server error') }),
  /** The connection breaks after some events, or before the answer. */
  z.strictObject({ kind: z.literal('dropped'), after: z.int().nonnegative() }),
  /** Nothing comes after some events, until the client leaves. */
  z.strictObject({ kind: z.literal('stalled'), after: z.int().nonnegative() }),
  /** An event is no JSON. */
  z.strictObject({ kind: z.literal('malformed'), after: z.int().nonnegative() }),
  /** The service gives up in the middle of its answer. */
  z.strictObject({ kind: z.literal('overloaded later'), after: z.int().nonnegative() }),
]);

/** What the model says. */
export type Reply = z.infer<typeof reply>;
/** What goes wrong. */
export type Fault = z.infer<typeof fault>;

/** What one request gets. A fault that comes later breaks the reply that stands beside it. */
export interface Step {
  /** Throws where the request is not the one that should come: it is refused then, and {@link Script.complaints} says so. */
  readonly expect?: (request: MessagesRequest) => void;
  readonly reply?: Reply | ((request: MessagesRequest) => Reply) | undefined;
  readonly fault?: Fault | undefined;
}

const recording = z.array(z.strictObject({ reply: reply.optional(), fault: fault.optional() }));

/**
 * The steps of a recording: a JSON list of `{reply}` and `{fault}`.
 *
 * @throws ZodError, SyntaxError
 */
export const stepsOf = (json: string): readonly Step[] => recording.parse(JSON.parse(json));

/** Steps that are taken one after the other, each by one request. */
export class Script {
  readonly #steps: readonly Step[];
  #next = 0;
  /** What was not as expected, in the order of the requests. */
  readonly complaints: string[] = [];

  constructor(steps: readonly Step[]) {
    this.#steps = steps;
  }

  /** How many steps nobody asked for. */
  get left(): number {
    return this.#steps.length - this.#next;
  }

  /** @throws Error where the script has ended or expected another request */
  take(request: MessagesRequest): { readonly reply: Reply; readonly fault: Fault | null } {
    const number = this.#next + 1;
    const step = this.#steps[this.#next];
    this.#next = Math.min(number, this.#steps.length);
    try {
      if (step === undefined) throw new Error('the script has ended');
      step.expect?.(request);
      const said = typeof step.reply === 'function' ? step.reply(request) : step.reply;
      return { reply: said ?? {}, fault: step.fault ?? null };
    } catch (error) {
      const why = error instanceof Error ? error.message : String(error);
      this.complaints.push(`step ${number}: ${why}`);
      throw new Error(`step ${number} of the script: ${why}`, { cause: error });
    }
  }
}
