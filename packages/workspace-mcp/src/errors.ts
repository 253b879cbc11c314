import type { SandboxErrorCode } from '@deskhand/sandbox';
import type { ErrorCodes } from '@deskhand/server-runtime';
import { checkpointErrorCodes } from './checkpoints/checkpoint-errors.ts';
import type { FileErrorCode } from './files/file-error.ts';

const fileErrorCodes: Readonly<Record<FileErrorCode, string>> = {
  outside: 'The path does not lead to a mounted folder.',
  not_found: 'There is no such file or folder.',
  not_a_file: 'It is a folder, a pipe, a device or a socket.',
  not_a_folder: 'It is no folder, or a part of the path is none.',
  too_many_links: 'The path leads through symlinks without end.',
  changed_meanwhile: 'Somebody else changed it during the call; nothing was done.',
  leads_elsewhere: 'What the path leads through was exchanged during the call; nothing was done.',
  read_only: 'The folder is mounted read-only.',
  no_access: 'The owner of the file does not let the sandbox use it.',
  no_space: 'The disk or the quota is full; the file is as it was.',
  too_large: 'It has more bytes than are handled at once.',
  binary: 'The file is no text.',
  not_read: 'The file is there, and was not read in this session, so it is not overwritten.',
  stale: 'The file was changed since it was read; the answer shows how.',
  no_match: 'The words to replace are not in the file; the answer says where they nearly are.',
  several_matches: 'The words to replace are in several places; the answer says where.',
  not_encodable: "The file's encoding lacks some of the new characters.",
  nothing_to_do: 'The new words are the old ones.',
  bad_pattern: 'The search cannot be understood; the answer has the reason.',
  bad_document: 'The picture or document is broken, locked, or takes too much time or memory.',
  bad_pages: 'The document has no such pages, or they are too many at once.',
  no_program: 'A program that is needed to read the file is not installed; the answer names it.',
  needs_sandbox: 'The file is read by a program that only runs in a sandbox, and the server has none.',
  no_job: 'No command has this bash_id; the answer says how to list them.',
  job_ended: 'The command has ended, so nothing can be typed into it.',
  output_gone: 'What the command printed made room for what later ones printed.',
};

const sandboxErrorCodes: Readonly<Record<SandboxErrorCode, string>> = {
  sandbox_unavailable: 'There is no sandbox for this system, so nothing is done.',
  sandbox_not_started: 'The sandbox did not start, so nothing is done; doctor says what mends it.',
  sandbox_ended: 'The sandbox ended during the call; the next one starts it again.',
  program_missing: 'The program that was to run in a sandbox is not there.',
  session_invalid: 'The name of the session cannot be that of a folder.',
  mount_name_invalid: 'The name of a mounted folder cannot be that of a folder.',
  mount_name_taken: 'Two folders have the same name.',
  mount_unknown: 'No folder is mounted by that name.',
  folder_unsafe: 'The path of a folder leads through a symlink, or it was exchanged while it was mounted.',
  folder_missing: 'A folder that was to be mounted is not there.',
  mount_failed: 'A folder could not be mounted; the answer has the reason.',
  port_refused: 'A port could not be opened; the answer has the reason.',
  domain_invalid: 'A domain that was to be allowed is none.',
};

/** Codes of this server's own errors. */
export const errorCodes: ErrorCodes = {
  ...fileErrorCodes,
  ...sandboxErrorCodes,
  ...checkpointErrorCodes,
  folder_refused: 'The system, a home, the state and stores of secrets are not given to agents.',
  path_needed: 'There is no desktop on which the person could pick a folder, so its path has to be given.',
  too_many_secrets:
    'The folder has too many secrets, or files that rules are about, to cover each; a part of it can be mounted.',
  command_denied:
    'The command would destroy too much, or a rule denies it; nothing ran, and the answer says what would do.',
  bad_syntax: 'The shell cannot read the command; nothing ran.',
  too_long_to_ask:
    'A person has to be asked about the command, and could not be shown all of it; nothing ran.',
  denied_by_rule: 'A rule of the policy file denies it; the answer names the rule.',
  denied_by_person: 'The person said no; nothing was done.',
  nobody_to_ask: 'No person could be asked, so nothing ran; the answer says how to allow it.',
  no_answer_in_time: 'The person did not answer, so nothing ran.',
  denied_recently: 'The person said no to the same a short while ago, so nothing ran.',
  not_in_time: 'The call took longer than --timeout, and was ended.',
};
