import { protectionOf } from '../protection/names.ts';

export type FileErrorCode =
  | 'outside'
  | 'not_found'
  | 'not_a_file'
  | 'not_a_folder'
  | 'too_many_links'
  | 'changed_meanwhile'
  | 'leads_elsewhere'
  | 'read_only'
  | 'no_access'
  | 'no_space'
  | 'too_large'
  | 'binary'
  | 'not_read'
  | 'stale'
  | 'no_match'
  | 'several_matches'
  | 'not_encodable'
  | 'nothing_to_do'
  | 'bad_pattern'
  | 'bad_document'
  | 'bad_pages'
  | 'no_program'
  | 'needs_sandbox'
  | 'no_job'
  | 'job_ended'
  | 'output_gone';

/** Why a file was not read or not written. `hint` says what to do instead. */
export class FileError extends Error {
  override readonly name = 'FileError';
  readonly code: FileErrorCode;
  readonly hint: string;

  constructor(code: FileErrorCode, message: string, options: ErrorOptions & { readonly hint: string }) {
    super(message, options);
    this.code = code;
    this.hint = options.hint;
  }
}

const KNOWN: Readonly<Record<string, readonly [FileErrorCode, string, string]>> = {
  ENOENT: ['not_found', 'is not there', 'Look for it with Glob.'],
  ENOTDIR: ['not_a_folder', 'leads through something that is no folder', 'Look at its parts with Glob.'],
  ELOOP: ['changed_meanwhile', 'was exchanged meanwhile', 'Somebody else works there: try again.'],
  EISDIR: ['not_a_file', 'is a folder', 'Use Glob to see what is in it.'],
  EACCES: ['no_access', 'may not be used', 'Its owner can change that.'],
  EPERM: ['no_access', 'may not be used', 'Its owner can change that.'],
  EROFS: ['read_only', 'is in a folder that is mounted read-only', 'Work on a copy in a folder that is not.'],
  ENOSPC: ['no_space', 'does not fit on the disk', 'Make room, and try again.'],
  EDQUOT: ['no_space', 'does not fit into the quota', 'Make room, and try again.'],
  EFBIG: ['too_large', 'is larger than this sandbox may write', 'Write it in parts.'],
  ERR_INVALID_ARG_VALUE: ['not_found', 'has a zero byte in its name', 'Leave it out.'],
  ENAMETOOLONG: ['not_found', 'has a name that is too long', 'Choose a shorter one.'],
};

/** What the system said, in words; anything unknown is thrown as it is. */
export function fileErrorOf(error: unknown, path: string): unknown {
  const code = error instanceof Error && 'code' in error ? String(error.code) : '';
  const known = KNOWN[code];
  if (known === undefined) return error;
  const [name, words, hint] = known;
  if (name === 'no_access' && protectionOf(path) === 'secret') return secretError(path, error);
  return new FileError(name, `${path} ${words}`, { cause: error, hint });
}

export const secretError = (path: string, cause?: unknown): FileError =>
  new FileError('no_access', `${path} is a secret`, {
    cause,
    hint: 'Work without it, or tell the person why you need it.',
  });

/** What a path leads to that is no folder is said, for a pipe or a device is none to search either. */
export const noFolder = (path: string, stat: { isFile: () => boolean }): FileError =>
  new FileError('not_a_folder', `${path} is ${stat.isFile() ? 'a file' : 'a pipe, device or socket'}`, {
    hint: 'Give a folder.',
  });
