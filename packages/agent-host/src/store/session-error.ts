export type SessionErrorCode =
  | 'session_unknown'
  | 'event_unknown'
  | 'session_busy'
  | 'session_broken'
  | 'session_unsafe'
  | 'session_parked';

/** A number that is none of its events. */
export const noEvent = (id: string, { seq, last }: { seq: number; last: number }): SessionError =>
  new SessionError('event_unknown', `Session ${id} has no event ${seq}; its last is ${last}`, {
    hint: `See their numbers: deskhand export ${id}`,
  });

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
