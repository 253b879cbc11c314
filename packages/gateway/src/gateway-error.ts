export type GatewayErrorCode = 'config_invalid' | 'login_failed' | 'pins_broken' | 'state_unusable';

/** What keeps a gateway from being opened. The hint says what to do about it. */
export class GatewayError extends Error {
  override readonly name = 'GatewayError';
  readonly code: GatewayErrorCode;
  readonly hint: string;

  constructor(
    code: GatewayErrorCode,
    message: string,
    { hint, cause }: { readonly hint: string; readonly cause?: unknown },
  ) {
    super(message, cause === undefined ? undefined : { cause });
    this.code = code;
    this.hint = hint;
  }
}
