import { z } from 'zod';

const job = z.object({
  id: z.number(),
  command: z.string(),
  state: z.enum(['running', 'waiting', 'ended']),
  status: z.number().nullable(),
  ms: z.number(),
  isBackground: z.boolean(),
  lostShell: z.boolean(),
  size: z.number(),
  path: z.string(),
  isGone: z.boolean(),
  isTooMuch: z.boolean(),
  hadNoRoom: z.boolean(),
});

/** A command and what it printed since it was read last, and what the shell is now. */
const shellAnswer = z.object({
  job,
  part: z
    .object({
      head: z.string(),
      left: z.number(),
      leftFrom: z.number(),
      tail: z.string(),
      from: z.number(),
    })
    .nullable(),
  state: z.object({ cwd: z.string(), script: z.string() }),
});

/** What is answered about commands: each runs in the shell of the session. */
export const commandAnswers = {
  bash: shellAnswer.extend({ isCopy: z.boolean(), isFresh: z.boolean() }),
  bashWait: shellAnswer,
  bashType: z.object({ reader: z.string() }),
  bashKill: shellAnswer,
  bashJobs: z.object({ jobs: z.array(job) }),
  bashBytes: z.object({ base64: z.string() }),
  bashGoes: z.object({ files: z.number(), bytes: z.number(), today: z.number(), isAll: z.boolean() }),
  bashUnkept: z.object({
    unkept: z.array(
      z.object({
        path: z.string(),
        why: z.string(),
        files: z.number(),
        bytes: z.number(),
        isAll: z.boolean(),
      }),
    ),
    more: z.boolean(),
  }),
  bashScript: z.discriminatedUnion('kind', [
    z.object({ kind: z.enum(['none', 'program', 'unreadable']), changedAt: z.number() }),
    z.object({ kind: z.literal('text'), text: z.string(), changedAt: z.number() }),
  ]),
  bashSyntax: z.object({ problem: z.string().nullable() }),
} as const;
