import { z } from 'zod';
import type { FileErrorCode } from '../files/file-error.ts';
import { commandCalls } from './command-calls.ts';
import { fileCalls } from './file-calls.ts';

/** What the process in the sandbox is asked, and what it answers: one line of JSON each; with a request there may be bytes. */
export const calls = { ...fileCalls, ...commandCalls } as const;

export type CallName = keyof typeof calls;
export type RequestOf<K extends CallName> = z.input<(typeof calls)[K]['request']>;
export type AnswerOf<K extends CallName> = z.output<(typeof calls)[K]['answer']>;

/** What each answer has to be. */
export const answers: { readonly [K in CallName]: (answer: unknown) => AnswerOf<K> } = {
  hold: (answer) => calls.hold.answer.parse(answer),
  uncover: (answer) => calls.uncover.answer.parse(answer),
  read: (answer) => calls.read.answer.parse(answer),
  real: (answer) => calls.real.answer.parse(answer),
  beginWrite: (answer) => calls.beginWrite.answer.parse(answer),
  write: (answer) => calls.write.answer.parse(answer),
  beginEdit: (answer) => calls.beginEdit.answer.parse(answer),
  edit: (answer) => calls.edit.answer.parse(answer),
  tryEdit: (answer) => calls.tryEdit.answer.parse(answer),
  discard: (answer) => calls.discard.answer.parse(answer),
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
