import { z } from 'zod';

/** A question for the person. The schema is a flat object of strings, numbers, booleans and enums. */
export interface ElicitRequest<S extends z.ZodObject = z.ZodObject> {
  /** Names the question within one call of the tool. */
  readonly key: string;
  readonly message: string;
  readonly schema: S;
  /** How long to wait in the 2025 protocols. Default ten minutes. In 2026-07-28 a question lives ten minutes. */
  readonly timeoutMs?: number;
}

/**
 * What came back. `unavailable` is not an answer, so the next channel may be tried: the client cannot ask
 * (`no_capability`), nobody answered in time (`no_answer`), the client failed (`client_failed`) or sent
 * something that does not fit the schema (`invalid_answer`).
 */
export type ElicitAnswer<T> =
  | { readonly action: 'accept'; readonly content: T }
  | { readonly action: 'decline' }
  | { readonly action: 'cancel' }
  | {
      readonly action: 'unavailable';
      readonly reason: 'no_capability' | 'no_answer' | 'client_failed' | 'invalid_answer';
    };

/** An answer as it came over the wire, before its content is checked. */
export const wireAnswer = z.discriminatedUnion('action', [
  z.object({ action: z.literal('accept'), content: z.record(z.string(), z.unknown()).default({}) }),
  z.object({ action: z.literal('decline') }),
  z.object({ action: z.literal('cancel') }),
  z.object({
    action: z.literal('unavailable'),
    reason: z.enum(['no_capability', 'no_answer', 'client_failed', 'invalid_answer']),
  }),
]);

export type WireAnswer = z.output<typeof wireAnswer>;
