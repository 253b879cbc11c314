import { z } from 'zod';
import { answer, question, shown, tool, turn, usage } from './part.ts';

const limits = z.object({
  /** Turns of the model in all. */
  turns: z.int().positive().nullable(),
  /** US dollars in all. */
  usd: z.number().positive().nullable(),
});

/** Why a session waits for a person. */
export const parkReason = z.enum(['question', 'stopped', 'turns', 'usd', 'fault', 'refused', 'cut']);

const happening = z.discriminatedUnion('kind', [
  z.object({
    kind: z.literal('started'),
    ...{ session: z.string(), title: z.string(), model: z.string(), mode: z.string() },
    /** Sent as it stands here with each request of the session. */
    system: z.string(),
    tools: z.array(tool).readonly(),
    /** Tokens that the model takes at once, its answer included. */
    window: z.int().positive(),
    limits,
    mounts: z.array(z.object({ name: z.string(), path: z.string(), isReadOnly: z.boolean() })).readonly(),
  }),
  /** By the person. */
  z.object({ kind: z.literal('said'), content: shown }),
  /** What changed, for the model to know. */
  z.object({ kind: z.literal('noted'), topic: z.string(), text: z.string() }),
  /** The model; `most` is what it can cost, in nanodollars. */
  z.object({
    ...{ kind: z.literal('asked'), most: z.number().nonnegative() },
    for: z.enum(['turn', 'summary', 'sampling']),
  }),
  z.object({
    kind: z.literal('answered'),
    ...{ model: z.string(), content: turn, usage, requestId: z.string().nullable() },
    stop: z.enum(['end', 'calls', 'cut', 'refused', 'paused']),
  }),
  /** The model; `wait` is in milliseconds, and `isFree` where nothing can have been charged. */
  z.object({
    kind: z.literal('failed'),
    ...{ code: z.string(), message: z.string(), hint: z.string(), wait: z.number().nullable() },
    isFree: z.boolean(),
  }),
  z.object({ kind: z.literal('call-started'), id: z.string() }),
  z.object({
    kind: z.literal('call-ended'),
    ...{ id: z.string(), content: shown, isError: z.boolean(), ms: z.number() },
    /** `interrupted`: nobody knows whether it happened. */
    decision: z.enum(['allowed', 'denied', 'interrupted', 'not made']),
    ...{ code: z.string().nullable(), tier: z.string().nullable() },
  }),
  z.object({ kind: z.literal('asked-person'), id: z.string(), question }),
  z.object({ kind: z.literal('person-answered'), id: z.string(), answer }),
  z.object({ kind: z.literal('parked'), why: parkReason, message: z.string() }),
  z.object({ kind: z.literal('resumed'), limits, model: z.string() }),
  /** What tools said in the first messages is no longer sent. */
  z.object({ kind: z.literal('cleared'), before: z.int().nonnegative() }),
  /** The first messages are sent as this text. */
  z.object({ kind: z.literal('compacted'), upTo: z.int().positive(), text: z.string(), usage }),
  /** A server asked the model, during a call of it; without usage it came to nothing. */
  z.object({
    ...{ kind: z.literal('sampled'), server: z.string(), model: z.string() },
    ...{ usage: usage.nullable(), isFree: z.boolean() },
  }),
  /** To how it was after an event; what was paid stays paid. */
  z.object({ kind: z.literal('rewound'), to: z.int().positive() }),
  /** All before was copied from another session, which paid for it. */
  z.object({ kind: z.literal('forked'), session: z.string(), seq: z.int().positive() }),
]);

/** An event of a session as a line of its file. */
export const sessionEvent = z.intersection(
  z.object({ v: z.literal(1), seq: z.int().positive(), at: z.iso.datetime() }),
  happening,
);

/** What happened in a session. */
export type Happening = z.infer<typeof happening>;
export type SessionEvent = z.infer<typeof sessionEvent>;
export type Started = Extract<Happening, { kind: 'started' }>;
export type Limits = z.infer<typeof limits>;
export type ParkReason = z.infer<typeof parkReason>;
