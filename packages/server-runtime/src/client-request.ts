import { z } from 'zod';
import type { ElicitRequest } from './elicit.ts';

/** Why there is no answer: the client cannot, did not in time, failed, or sent something else. */
const unavailable = z.object({
  action: z.literal('unavailable'),
  reason: z.enum(['no_capability', 'no_answer', 'client_failed', 'invalid_answer']),
});

export type Unavailable = Readonly<z.output<typeof unavailable>>;

/** A message for the client's model. */
export interface SampleRequest {
  /** Names the question within one call. */
  readonly key: string;
  readonly messages: readonly { readonly role: 'user' | 'assistant'; readonly text: string }[];
  readonly maxTokens: number;
  readonly systemPrompt?: string;
  /** How long to wait in the 2025 protocols. Default ten minutes. */
  readonly timeoutMs?: number;
}

/** What the client's model said, its pieces of text joined by line feeds. */
export type SampleAnswer =
  { readonly action: 'reply'; readonly text: string; readonly model: string } | Unavailable;

/** Asks which folders the client works in. */
export interface RootsRequest {
  /** Names the question within one call. */
  readonly key: string;
  /** How long to wait in the 2025 protocols. Default ten minutes. */
  readonly timeoutMs?: number;
}

export type RootsAnswer =
  | { readonly action: 'roots'; readonly roots: readonly { readonly uri: string; readonly name?: string }[] }
  | Unavailable;

/** Anything that a call can ask its client. */
export type Question =
  | ({ readonly kind: 'elicit' } & ElicitRequest)
  | ({ readonly kind: 'sample' } & SampleRequest)
  | ({ readonly kind: 'roots' } & RootsRequest);

/** What a client must have said that it can do. */
export type ClientCapability = 'elicitation' | 'sampling' | 'roots';

const sampledBlock = z.object({ type: z.string(), text: z.string().optional() });

/** A model's answer as it came over the wire. */
export const wireSample = z.union([
  unavailable,
  z
    .object({ content: z.union([sampledBlock, z.array(sampledBlock)]), model: z.string() })
    .transform(({ content, model }) => ({
      action: 'reply' as const,
      text: [content]
        .flat()
        .flatMap(({ text }) => text ?? [])
        .join('\n'),
      model,
    })),
]);

/** A list of roots as it came over the wire. */
export const wireRoots = z.union([
  unavailable,
  z
    .object({ roots: z.array(z.object({ uri: z.string(), name: z.string().exactOptional() })) })
    .transform(({ roots }) => ({ action: 'roots' as const, roots })),
]);
