import { EXIT, Refusal } from './context.ts';

/** What an error says to the person at the terminal, and the code to leave with. */
export function complaintOf(error: unknown): { readonly text: string; readonly code: number } {
  if (error instanceof Refusal) return { text: `${error.message}\n${error.hint}`, code: error.exitCode };
  if (error instanceof Error && 'hint' in error)
    return { text: `${error.message}.\n${String(error.hint)}`, code: EXIT.failed };
  return { text: error instanceof Error ? (error.stack ?? error.message) : String(error), code: EXIT.failed };
}

/** The same for a program that reads it. */
export function failureOf(error: unknown): {
  readonly code: string;
  readonly message: string;
  readonly hint: string;
} {
  if (error instanceof Refusal) {
    const code = error.exitCode === EXIT.usage ? 'usage' : 'refused';
    return { code, message: error.message, hint: error.hint };
  }
  if (!(error instanceof Error)) return { code: 'failed', message: String(error), hint: LOGS };
  const { message } = error;
  const code = 'code' in error ? String(error.code) : 'failed';
  return { code, message, hint: 'hint' in error ? String(error.hint) : LOGS };
}

const LOGS = 'See deskhand daemon logs, and deskhand doctor.';
