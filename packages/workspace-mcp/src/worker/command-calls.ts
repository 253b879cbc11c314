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
});
const going = z.object({ path: z.string(), isPattern: z.boolean(), isRemoved: z.boolean() });

/** A command and what it printed since it was read last, and what the shell is now. */
const shellAnswer = z.object({
  job,
  part: z.object({ head: z.string(), left: z.number(), tail: z.string(), from: z.number() }).nullable(),
  state: z.object({ cwd: z.string(), script: z.string() }),
});

/** About commands: each runs in the shell of the session. */
export const commandCalls = {
  bash: {
    request: z.object({
      id: z.number(),
      command: z.string(),
      background: z.boolean(),
      wait: z.number(),
      cwd: z.string(),
      script: z.string(),
    }),
    answer: shellAnswer.extend({ isCopy: z.boolean(), isFresh: z.boolean() }),
  },
  bashWait: {
    request: z.object({ id: z.number(), wait: z.number(), read: z.boolean(), from: z.number().optional() }),
    answer: shellAnswer,
  },
  bashType: {
    request: z.object({ id: z.number(), text: z.string().optional() }),
    answer: z.object({ reader: z.string() }),
  },
  bashKill: {
    request: z.object({ id: z.number(), signal: z.enum(['SIGTERM', 'SIGINT', 'SIGKILL']) }),
    answer: shellAnswer,
  },
  bashJobs: { request: z.object({}), answer: z.object({ jobs: z.array(job) }) },
  bashBytes: {
    request: z.object({ id: z.number(), from: z.number(), length: z.number() }),
    answer: z.object({ base64: z.string() }),
  },
  bashGoes: {
    request: z.object({ goes: z.array(going) }),
    answer: z.object({ files: z.number(), bytes: z.number(), today: z.number(), isAll: z.boolean() }),
  },
  bashUnkept: {
    request: z.object({ goes: z.array(going), isNamed: z.boolean() }),
    answer: z.object({
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
  },
  bashScript: {
    request: z.object({ path: z.string() }),
    answer: z.discriminatedUnion('kind', [
      z.object({ kind: z.enum(['none', 'program', 'unreadable']), changedAt: z.number() }),
      z.object({ kind: z.literal('text'), text: z.string(), changedAt: z.number() }),
    ]),
  },
  bashSyntax: {
    request: z.object({ script: z.string() }),
    answer: z.object({ problem: z.string().nullable() }),
  },
} as const;
