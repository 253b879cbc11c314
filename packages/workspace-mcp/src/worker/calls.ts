import { z } from 'zod';
import type { FileErrorCode } from '../files/file-error.ts';

const edit = z.object({
  old_string: z.string(),
  new_string: z.string(),
  replace_all: z.boolean().optional(),
});
const part = z.object({ from: z.number(), lines: z.array(z.string()) });
const picture = z.object({
  type: z.string(),
  base64: z.string(),
  width: z.number(),
  height: z.number(),
  original: z.tuple([z.number(), z.number()]),
});
const shownText = z.object({ kind: z.literal('text'), lines: z.array(z.string()), isCut: z.boolean() });
const cell = z.object({
  kind: z.string(),
  source: shownText,
  outputs: z.array(
    z.discriminatedUnion('kind', [
      shownText,
      z.object({ kind: z.literal('picture'), picture: picture.nullable() }),
    ]),
  ),
});
/** A file as it was left by a call. */
const fileNow = z.object({
  sha256: z.string().regex(/^[0-9a-f]{64}$/),
  mode: z.int().min(0).max(0o777),
  size: z.int().min(0),
});
const found = z.object({ lines: z.array(z.string()), more: z.boolean() });

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

const cover = z.object({ path: z.string(), kind: z.enum(['file', 'folder', 'kept', 'pinned']) });

/** What the process in the sandbox is asked, and what it answers: one line of JSON each; with a request there may be bytes. */
export const calls = {
  /** Only where there is no sandbox: folders to hold, or what is covered no more. */
  hold: {
    request: z.object({
      name: z.string(),
      folder: z.string(),
      access: z.enum(['ro', 'rw']),
      covers: z.array(cover),
    }),
    answer: z.object({}),
  },
  uncover: { request: z.object({ name: z.string(), cover }), answer: z.object({}) },
  read: {
    request: z.object({
      path: z.string(),
      offset: z.number().optional(),
      limit: z.number().optional(),
      pages: z.string().optional(),
    }),
    answer: z.discriminatedUnion('kind', [
      z.object({
        kind: z.literal('text'),
        path: z.string(),
        lines: z.array(z.string()),
        from: z.number(),
        total: z.number(),
        encoding: z.string(),
        lineEnds: z.string(),
      }),
      z.object({
        kind: z.literal('document'),
        path: z.string(),
        lines: z.array(z.string()),
        from: z.number(),
        total: z.number(),
        pages: z.number(),
        begins: z.array(z.number()),
      }),
      z.object({
        kind: z.literal('notebook'),
        path: z.string(),
        cells: z.array(cell),
        from: z.number(),
        total: z.number(),
      }),
      z.object({ kind: z.literal('pictures'), path: z.string(), pictures: z.array(picture) }),
    ]),
  },
  real: {
    request: z.object({ path: z.string() }),
    answer: z.object({ path: z.string() }),
  },
  write: {
    /** What the file is to hold comes as bytes, in UTF-8. */
    request: z.object({ path: z.string() }),
    answer: z.object({
      path: z.string(),
      bytes: z.number(),
      created: z.boolean(),
      folders: z.array(z.string()),
      now: fileNow,
    }),
  },
  edit: {
    request: z.object({ path: z.string(), edits: z.array(edit), dryRun: z.boolean().optional() }),
    answer: z.object({
      path: z.string(),
      replaced: z.number(),
      now: fileNow.nullable(),
      changedMeanwhile: z.boolean(),
      parts: z.array(part),
    }),
  },
  glob: {
    request: z.object({ pattern: z.string(), path: z.string(), without: z.array(z.string()) }),
    answer: found,
  },
  grep: {
    request: z.object({
      pattern: z.string(),
      path: z.string(),
      mode: z.enum(['files_with_matches', 'content', 'count']),
      glob: z.string().optional(),
      type: z.string().optional(),
      ignoreCase: z.boolean().optional(),
      multiline: z.boolean().optional(),
      before: z.number().optional(),
      after: z.number().optional(),
      offset: z.number(),
      limit: z.number(),
      without: z.array(z.string()),
    }),
    answer: found,
  },
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

export type CallName = keyof typeof calls;
export type RequestOf<K extends CallName> = z.input<(typeof calls)[K]['request']>;
export type AnswerOf<K extends CallName> = z.output<(typeof calls)[K]['answer']>;

/** What each answer has to be. */
export const answers: { readonly [K in CallName]: (answer: unknown) => AnswerOf<K> } = {
  hold: (answer) => calls.hold.answer.parse(answer),
  uncover: (answer) => calls.uncover.answer.parse(answer),
  read: (answer) => calls.read.answer.parse(answer),
  real: (answer) => calls.real.answer.parse(answer),
  write: (answer) => calls.write.answer.parse(answer),
  edit: (answer) => calls.edit.answer.parse(answer),
  glob: (answer) => calls.glob.answer.parse(answer),
  grep: (answer) => calls.grep.answer.parse(answer),
  bash: (answer) => calls.bash.answer.parse(answer),
  bashWait: (answer) => calls.bashWait.answer.parse(answer),
  bashType: (answer) => calls.bashType.answer.parse(answer),
  bashKill: (answer) => calls.bashKill.answer.parse(answer),
  bashJobs: (answer) => calls.bashJobs.answer.parse(answer),
  bashBytes: (answer) => calls.bashBytes.answer.parse(answer),
  bashGoes: (answer) => calls.bashGoes.answer.parse(answer),
  bashUnkept: (answer) => calls.bashUnkept.answer.parse(answer),
  bashScript: (answer) => calls.bashScript.answer.parse(answer),
  bashSyntax: (answer) => calls.bashSyntax.answer.parse(answer),
};

const failure = z.object({
  code: z.custom<FileErrorCode>((code) => typeof code === 'string'),
  message: z.string(),
  hint: z.string(),
});

/** The line of an answer; not a union, since each branch that does not fit takes as long as the one that does. */
export const answerLine = z.object({
  id: z.number(),
  failure: failure.optional(),
  answer: z.unknown().optional(),
});
