import { SandboxError } from '@deskhand/sandbox';
import { SdkHttpError, UnauthorizedError } from '@modelcontextprotocol/client';

/** The server cannot be reached now. */
export class ServerUnavailable extends Error {
  override readonly name = 'ServerUnavailable';
  readonly code: 'server_unavailable' | 'needs_auth';

  constructor(code: 'server_unavailable' | 'needs_auth', message: string) {
    super(message);
    this.code = code;
  }
}

export const AUTH = 'it wants to know who you are';

export const isAuth = (error: unknown): boolean =>
  error instanceof UnauthorizedError ||
  (error instanceof SdkHttpError && (error.status === 401 || error.status === 403));

export function reasonOf(error: unknown): string {
  const reason = error instanceof Error ? error.message : String(error);
  return error instanceof SandboxError ? `${reason}. ${error.hint}` : reason;
}
