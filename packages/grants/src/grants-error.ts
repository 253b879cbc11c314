export type GrantsErrorCode =
  | 'state_home_invalid'
  | 'state_home_unsafe'
  | 'grants_file_unsafe'
  | 'grants_file_broken'
  | 'grants_busy'
  | 'subject_invalid'
  | 'pending_gone'
  | 'pending_unsafe'
  | 'grants_closed';

/** Something that a person has to put right; until then everything is denied. `hint` says how. */
export class GrantsError extends Error {
  override readonly name = 'GrantsError';
  readonly code: GrantsErrorCode;
  readonly hint: string;

  constructor(code: GrantsErrorCode, message: string, options: ErrorOptions & { readonly hint: string }) {
    super(message, options);
    this.code = code;
    this.hint = options.hint;
  }
}
