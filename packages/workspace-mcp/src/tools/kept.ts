import type { CallContext } from '@deskhand/server-runtime';
import { setImmediate } from 'node:timers/promises';
import type { Action, Checkpoint } from '../checkpoints/checkpoints.ts';
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

/** A change of a file in two parts: the first leaves the file as it is. */
export interface Change<T> {
  readonly begin: () => Promise<unknown>;
  /** With the hash of what was there, where that is kept. */
  readonly finish: (kept: string | undefined) => Promise<T>;
}

/** Changes a file, with a checkpoint of what it was before: it is kept while the change begins. */
export async function kept<T extends { readonly path: string; readonly now: FileNow | null }>(
  session: WorkspaceSession,
  { tool, path, access, call }: Work,
  change: Change<T>,
): Promise<KeptWork<T>> {
  const real = await access.admit('Edit', path, call);
  const { checkpoints } = session;
  const action = { label: `${tool} ${real}`, paths: [real] };
  const begun = change.begin();
  const taken = checkpointOf(session, action, call.signal);
  await Promise.allSettled([begun, taken]);
  let checkpoint: Checkpoint | null = null;
  let isStep = false;
  let done: T | null = null;
  try {
    checkpoint = await taken;
    await begun;
    done = await change.finish(checkpoint?.sha256);
  } finally {
    if (done === null) await discard(session);
    // also when it was given up: what it did before that is known then
    const patience = AbortSignal.timeout(PATIENCE_MS);
    const known = done?.now == null ? undefined : { path: done.path, now: done.now };
    if (checkpoint !== null) isStep = await checkpoints.after(checkpoint.number, patience, known);
  }
  const step = isStep && checkpoint !== null ? checkpoint.number : null;
  const notes = [...(step === null ? [] : [`Step ${step} can be undone.`]), ...(checkpoint?.notes ?? [])];
  return { done, step, note: notes.map((note) => ` ${note}`).join('') };
}

/** What is not discarded now goes with the next change, or with the process. */
async function discard(session: WorkspaceSession): Promise<void> {
  await session.ask('discard', {}, AbortSignal.timeout(PATIENCE_MS)).catch(() => undefined);
}

/** It takes all of this process for a while, and the other one works meanwhile when it was asked before. */
async function checkpointOf(
  { checkpoints }: WorkspaceSession,
  action: Action,
  signal: AbortSignal,
): Promise<Checkpoint | null> {
  await setImmediate();
  return checkpoints.before(action, signal);
}
