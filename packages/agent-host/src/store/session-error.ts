export type SessionErrorCode =
  'session_unknown' | 'session_busy' | 'session_broken' | 'session_unsafe' | 'session_parked';

/** Why a session cannot be used as asked. */
export class SessionError extends Error {
  readonly code: SessionErrorCode;
  readonly hint: string;

  constructor(code: SessionErrorCode, message: string, { hint, cause }: { hint: string; cause?: unknown }) {
    super(message, { cause });
    this.name = 'SessionError';
    this.code = code;
    this.hint = hint;
  }
}
