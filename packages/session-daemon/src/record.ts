import { digestJson, isJson, type Ledger } from '@deskhand/run-ledger';
import { apiErrorOf } from './api-error.ts';

/** What a client has done with a session. */
interface Act {
  /** Such as `stop`. */
  readonly name: string;
  readonly session: string;
  /** Label of the token that was shown. */
  readonly token: string;
  /** What was asked for; its digest is kept. */
  readonly input: unknown;
}

/** Writes a row before something is done, and one after it. @throws LedgerError, and then nothing is done */
export async function recorded<T>(
  ledger: Pick<Ledger, 'append'>,
  { name, session, token, input }: Act,
  act: () => Promise<T>,
): Promise<T> {
  const begun = performance.now();
  const about = { name, session };
  const by = { over: 'http', token };
  const { seq: ref } = ledger.append({
    ...{ ...about, phase: 'intent', decision: by },
    ...(isJson(input) && { argsSha256: digestJson(input) }),
  });
  const ended = (outcome: { readonly isError: boolean; readonly code?: string }): void => {
    const ms = performance.now() - begun;
    ledger.append({ ...about, phase: 'outcome', ref, ms, decision: { ...by, ...outcome } });
  };
  try {
    const done = await act();
    ended({ isError: false });
    return done;
  } catch (error) {
    ended({ isError: true, code: codeOf(error) });
    throw error;
  }
}

function codeOf(error: unknown): string {
  try {
    return apiErrorOf(error).code;
  } catch {
    return 'internal'; // a bug of ours, which the log has
  }
}
