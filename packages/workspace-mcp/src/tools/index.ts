import type { Tool } from '@deskhand/server-runtime';
import type { WorkspaceSession } from '../session.ts';
import { checkpoint } from './checkpoint.ts';
import { editFile, multiEdit } from './edit.ts';
import { globFiles } from './glob.ts';
import { grepFiles } from './grep.ts';
import { listMounts } from './list-mounts.ts';
import { readFile } from './read.ts';
import { status } from './status.ts';
import { undo } from './undo.ts';
import { writeFile } from './write.ts';

/** All tools of a session, in the order in which they are offered. */
export const workspaceTools = (session: WorkspaceSession): readonly Tool[] => [
  listMounts(session),
  readFile(session),
  writeFile(session),
  editFile(session),
  multiEdit(session),
  globFiles(session),
  grepFiles(session),
  checkpoint(session),
  undo(session),
  status(session),
];
