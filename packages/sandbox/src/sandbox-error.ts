export type SandboxErrorCode =
  | 'sandbox_unavailable'
  | 'sandbox_not_started'
  | 'sandbox_ended'
  | 'program_missing'
  | 'session_invalid'
  | 'mount_name_invalid'
  | 'mount_name_taken'
  | 'mount_unknown'
  | 'folder_unsafe'
  | 'folder_missing'
  | 'mount_failed'
  | 'port_refused'
  | 'domain_invalid';

/** What kept a sandbox from being what was asked for. Nothing runs unconfined instead. `hint` says what mends it. */
export class SandboxError extends Error {
  override readonly name = 'SandboxError';
  readonly code: SandboxErrorCode;
  readonly hint: string;

  constructor(code: SandboxErrorCode, message: string, options: ErrorOptions & { readonly hint: string }) {
    super(message, options);
    this.code = code;
    this.hint = options.hint;
  }
}
