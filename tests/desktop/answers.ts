import { z } from 'zod';

import type { ToolAnswer } from '../lab/tool-client.ts';

const Failure = z.object({ code: z.string(), message: z.string(), hint: z.string() });
export type Failure = z.infer<typeof Failure>;

/** `ok`, or the code of the error; an error without a code and a hint is itself a failure. */
export const codeOf = (answer: ToolAnswer): string => (answer.isError ? failureOf(answer).code : 'ok');

/** The error of an answer; throws when it is none, or does not say what would help. */
export function failureOf(answer: ToolAnswer): Failure {
  if (!answer.isError) throw new Error(`no error: ${answer.text}`);
  const parsed = Failure.safeParse(answer.structured['error']);
  if (!parsed.success) throw new Error(`an error without code, message and hint: ${answer.text}`);
  return parsed.data;
}
