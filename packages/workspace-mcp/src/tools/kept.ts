import { ToolError } from '@deskhand/server-runtime';
import { posix } from 'node:path';
import { protectionOf } from '../protection/names.ts';
import type { WorkspaceSession } from '../session.ts';

/** What was done, and a sentence about its checkpoint, with a space before it. */
export interface KeptWork<T> {
  readonly done: T;
  readonly step: number | null;
  readonly note: string;
}

const PATIENCE_MS = 10_000;

/** Does something to a file, with a checkpoint of what it was before. */
export async function kept<T>(
  session: WorkspaceSession,
  { tool, path, signal }: { readonly tool: string; readonly path: string; readonly signal: AbortSignal },
  act: () => Promise<T>,
): Promise<KeptWork<T>> {
  const { path: real } = await session.ask('real', { path }, signal);
  refuseProtected(posix.relative(session.root, real));
  const { checkpoints } = session;
  const checkpoint = await checkpoints.before({ label: `${tool} ${real}`, paths: [real] }, signal);
  let isStep = false;
  let done: T;
  try {
    done = await act();
  } finally {
    // also when it was given up: what it did before that is known then
    const patience = AbortSignal.timeout(PATIENCE_MS);
    if (checkpoint !== null) isStep = await checkpoints.after(checkpoint.number, patience);
  }
  const step = isStep && checkpoint !== null ? checkpoint.number : null;
  const notes = [...(step === null ? [] : [`Step ${step} can be undone.`]), ...(checkpoint?.notes ?? [])];
  return { done, step, note: notes.map((note) => ` ${note}`).join('') };
}

/** Also what is not there yet. */
function refuseProtected(path: string): void {
  const inside = path.slice(path.indexOf('/') + 1);
  if (protectionOf(inside) !== 'kept') return;
  throw new ToolError('protected', `${inside} is run, or obeyed, by programs of the person by themselves`, {
    hint: 'Put it beside under another name, and tell the person to look at it and move it there.',
  });
}
