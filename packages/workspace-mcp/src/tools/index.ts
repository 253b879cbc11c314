import type { Tool } from '@deskhand/server-runtime';
import type { FolderRequests } from '../folders/folder-requests.ts';
import type { Access } from '../permissions/file-access.ts';
import type { Commands } from '../shell/commands.ts';
import type { WorkspaceSession } from '../session.ts';
import { checkpoint } from './checkpoint.ts';
import { bashInput, bashOutput, killBash } from './bash-jobs.ts';
import { bash } from './bash.ts';
import { editFile, multiEdit } from './edit.ts';
import { globFiles } from './glob.ts';
import { grepFiles } from './grep.ts';
import { listMounts } from './list-mounts.ts';
import type { PortRequests } from '../ports/port-requests.ts';
import { requestPort } from './request-port.ts';
import { readFile } from './read.ts';
import { requestCoworkDirectory } from './request-cowork-directory.ts';
import { status } from './status.ts';
import { undo } from './undo.ts';
import { writeFile } from './write.ts';

interface FileToolParts {
  readonly folders: Pick<FolderRequests, 'ask'>;
  readonly access: Access;
}

/** Tools that need no programs of the person's, in the order in which they are offered. */
export const fileTools = (session: WorkspaceSession, { folders, access }: FileToolParts): readonly Tool[] => [
  listMounts(session),
  requestCoworkDirectory(session, folders),
  readFile(session, access),
  writeFile(session, access),
  editFile(session, access),
  multiEdit(session, access),
  globFiles(session, access),
  grepFiles(session, access),
  checkpoint(session),
  undo(session),
  status(session),
];

/** Tools that run commands, which they only do in a sandbox. */
export const commandTools = (
  session: WorkspaceSession,
  { commands, ports }: { readonly commands: Commands; readonly ports: Pick<PortRequests, 'ask'> },
): readonly Tool[] => [
  bash(commands),
  bashOutput(commands),
  bashInput(commands),
  killBash(commands),
  requestPort(session, ports),
];

/** Why a tool of commands is not there, for who asks for it nevertheless. */
export const absentTool = (name: string): string | undefined =>
  COMMAND_TOOLS.includes(name)
    ? 'The server runs with --sandbox files-only: nothing runs commands; the person can start it without that.'
    : undefined;

const COMMAND_TOOLS: readonly string[] = ['Bash', 'BashOutput', 'BashInput', 'KillBash', 'request_port'];
