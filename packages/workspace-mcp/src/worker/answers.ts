import { z } from 'zod';
import type { FileErrorCode } from '../files/file-error.ts';
import { commandAnswers } from './command-answers.ts';
import { fileAnswers } from './file-answers.ts';
import type { CallName, UNEXPECTED } from './requests.ts';

const schemas = { ...fileAnswers, ...commandAnswers } as const satisfies Record<CallName, z.ZodType>;

export type AnswerOf<K extends CallName> = z.output<(typeof schemas)[K]>;

/** What each answer has to be. */
export const answers: { readonly [K in CallName]: (answer: unknown) => AnswerOf<K> } = {
  hold: (answer) => schemas.hold.parse(answer),
  uncover: (answer) => schemas.uncover.parse(answer),
  read: (answer) => schemas.read.parse(answer),
  real: (answer) => schemas.real.parse(answer),
  beginWrite: (answer) => schemas.beginWrite.parse(answer),
  write: (answer) => schemas.write.parse(answer),
  beginEdit: (answer) => schemas.beginEdit.parse(answer),
  edit: (answer) => schemas.edit.parse(answer),
  tryEdit: (answer) => schemas.tryEdit.parse(answer),
  discard: (answer) => schemas.discard.parse(answer),
  giveUp: (answer) => schemas.giveUp.parse(answer),
  glob: (answer) => schemas.glob.parse(answer),
  grep: (answer) => schemas.grep.parse(answer),
  bash: (answer) => schemas.bash.parse(answer),
  bashWait: (answer) => schemas.bashWait.parse(answer),
  bashType: (answer) => schemas.bashType.parse(answer),
  bashKill: (answer) => schemas.bashKill.parse(answer),
  bashJobs: (answer) => schemas.bashJobs.parse(answer),
  bashBytes: (answer) => schemas.bashBytes.parse(answer),
  bashGoes: (answer) => schemas.bashGoes.parse(answer),
  bashUnkept: (answer) => schemas.bashUnkept.parse(answer),
  bashScript: (answer) => schemas.bashScript.parse(answer),
  bashSyntax: (answer) => schemas.bashSyntax.parse(answer),
};

const failure = z.object({
  code: z.custom<FileErrorCode | typeof UNEXPECTED>((code) => typeof code === 'string'),
  message: z.string(),
  hint: z.string(),
});

export type Failure = z.output<typeof failure>;

/** The line of an answer; not a union, since each branch that does not fit takes as long as the one that does. */
export const answerLine = z.object({
  id: z.number(),
  failure: failure.optional(),
  answer: z.unknown().optional(),
});
