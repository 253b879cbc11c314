import type { CallContext } from '@deskhand/server-runtime';
import type { FileNow } from '../files/files.ts';
import type { Access } from '../permissions/file-access.ts';
import type { WorkspaceSession } from '../session.ts';

/** What was done, and a sentence about its checkpoint, with a space before it. */
export interface KeptWork<T> {
  readonly done: T;
  readonly step: number | null;
  readonly note: string;
}

const PATIENCE_MS = 10_000;

export interface Work {
  readonly tool: string;
  readonly path: string;
  readonly access: Pick<Access, 'admit'>;
  readonly call: CallContext;
}

/** Does something to a file, with a checkpoint of what it was before. */
export async function kept<T extends { readonly path: string; readonly now: FileNow | null }>(
  session: WorkspaceSession,
  { tool, path, access, call }: Work,
  act: () => Promise<T>,
): Promise<KeptWork<T>> {
  const { signal } = call;
  const real = await access.admit('Edit', path, call);
  const { checkpoints } = session;
  const checkpoint = await checkpoints.before({ label: `${tool} ${real}`, paths: [real] }, signal);
  let isStep = false;
  let done: T | null = null;
  try {
    done = await act();
  } finally {
    // also when it was given up: what it did before that is known then
    const patience = AbortSignal.timeout(PATIENCE_MS);
    const known = done?.now == null ? undefined : { path: done.path, now: done.now };
    if (checkpoint !== null) isStep = await checkpoints.after(checkpoint.number, patience, known);
  }
  const step = isStep && checkpoint !== null ? checkpoint.number : null;
  const notes = [...(step === null ? [] : [`Step ${step} can be undone.`]), ...(checkpoint?.notes ?? [])];
  return { done, step, note: notes.map((note) => ` ${note}`).join('') };
}
