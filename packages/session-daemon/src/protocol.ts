import { z } from 'zod';

const limits = {
  /** Park before the session costs more, in US dollars. */
  maxUsd: z.number().positive().exactOptional(),
  /** Park after so many answers of the model. */
  maxTurns: z.int().positive().exactOptional(),
};

/** How a session is run; it stays with the session, so that it goes on in the same way. */
export const runOptions = z.object({
  model: z.string().min(1).exactOptional(),
  /** Chat completions of this model. */
  chatUrl: z.url().exactOptional(),
  /** Tokens that the model takes at once. */
  window: z.int().positive().exactOptional(),
  mode: z.enum(['ask', 'accept-edits', 'plan', 'bypass']).exactOptional(),
  /** Only these. */
  servers: z.array(z.string()).exactOptional(),
  ...limits,
});

export type RunOptions = z.output<typeof runOptions>;

/** A task that a server words. */
const prompt = z.strictObject({
  server: z.string(),
  name: z.string(),
  arguments: z.record(z.string(), z.string()).default({}),
});

export const newSession = runOptions
  .strict()
  .extend({
    task: z.string().min(1).exactOptional(),
    /** In place of `task`: what this server offers under this name, with the words that it takes. */
    prompt: prompt.exactOptional(),
    mounts: z
      .array(z.strictObject({ name: z.string(), path: z.string(), readOnly: z.boolean().default(false) }))
      .default([]),
  })
  .refine((session) => (session.task === undefined) !== (session.prompt === undefined), {
    message: 'either task or prompt is needed',
  });

export const resumption = runOptions.strict().extend({
  /** What the person says besides. */
  text: z.string().min(1).exactOptional(),
});

/** To what a session waits for: a word for all, or the fields of a form. */
export const personAnswer = z.strictObject({
  answer: z.enum(['once', 'session', 'always', 'no']).optional(),
  fields: z.record(z.string(), z.union([z.string(), z.number(), z.boolean()])).optional(),
  /** The id of the only question that this is for. */
  question: z.string().optional(),
});

export type PersonAnswer = z.output<typeof personAnswer>;

/** A line from the daemon to the process of a session; the first one is `run` or `resume`. */
export const order = z.discriminatedUnion('do', [
  z.object({ do: z.literal('run'), n: z.number(), id: z.string(), session: newSession }),
  z.object({
    ...{ do: z.literal('resume'), n: z.number(), id: z.string(), with: resumption },
    answer: personAnswer.optional(),
  }),
  z.object({ do: z.literal('say'), n: z.number(), text: z.string() }),
  z.object({ do: z.literal('answer'), n: z.number(), answer: personAnswer }),
  /** The person has it end: what runs parks. */
  z.object({ do: z.literal('stop'), n: z.number() }),
  /** The daemon has it end: what runs parks, and is known to have run. */
  z.object({ do: z.literal('leave'), n: z.number() }),
]);

export type Order = z.output<typeof order>;

const failure = { code: z.string(), message: z.string(), hint: z.string() };

/** A line from the process of a session to the daemon. What is heard of a run comes besides, as of `run --json`. */
export const report = z.discriminatedUnion('kind', [
  /** An order is done. */
  z.object({ kind: z.literal('did'), n: z.number() }),
  z.object({ kind: z.literal('failed'), n: z.number(), ...failure }),
  z.object({ kind: z.literal('running') }),
  /** It waits for words or an answer; all of its events are in the log. */
  z.object({ kind: z.literal('resting') }),
  /** The event of this number is in the log. */
  z.object({ kind: z.literal('event'), seq: z.number() }),
  z.looseObject({ kind: z.literal('model'), event: z.looseObject({ text: z.string().optional() }) }),
  z.looseObject({ kind: z.enum(['progress', 'gateway']) }),
]);

export type Report = z.output<typeof report>;
