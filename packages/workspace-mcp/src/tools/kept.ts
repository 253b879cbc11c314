import { ToolError, type CallContext } from '@deskhand/server-runtime';
import { posix } from 'node:path';
import { setImmediate } from 'node:timers/promises';
import type { Written } from '../checkpoints/checkpoints.ts';
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
  readonly access: Pick<Access, 'freeToEdit' | 'admit'>;
  readonly call: CallContext;
}

/** A change of a file in two parts: the first leaves the file as it is, and fails where the path leads elsewhere. */
export interface Change<T> {
  readonly begin: (at: string) => Promise<unknown>;
  /** With the hash of what was there, where that is kept. */
  readonly finish: (kept: string | undefined) => Promise<T>;
}

/** Changes a file, with a checkpoint of what it was before: it is kept while the change begins. */
export async function kept<T extends Written>(
  session: WorkspaceSession,
  work: Work,
  change: Change<T>,
): Promise<KeptWork<T>> {
  refuseBeside(session, work.path);
  const said = work.access.freeToEdit(work.path);
  try {
    // most paths lead nowhere else, and whoever begins with them finds out first
    if (said !== null) return await keptAt(session, said, { work, change });
  } catch (error) {
    if (!(error instanceof ToolError) || error.code !== 'leads_elsewhere') throw error;
  }
  const real = await work.access.admit('Edit', work.path, work.call);
  return keptAt(session, real, { work, change });
}

/** Beside the mounted folders nothing can be made either, which is not for how they are mounted. */
function refuseBeside({ paths, root }: WorkspaceSession, path: string): void {
  const said = posix.normalize(path);
  if (!said.startsWith(`${root}/`) || paths.placeOf(said) !== null) return;
  throw new ToolError('outside', `${path} is in no mounted folder`, {
    hint: 'list_mounts names those there are, and request_cowork_directory asks for another one.',
  });
}

async function keptAt<T extends Written>(
  session: WorkspaceSession,
  real: string,
  { work, change }: { readonly work: Work; readonly change: Change<T> },
): Promise<KeptWork<T>> {
  const { tool, call } = work;
  const begun = change.begin(real);
  const settled = Promise.allSettled([begun]);
  // a checkpoint takes all of this process for a while, and the other one works meanwhile when it has what it needs
  await setImmediate();
  await Promise.race([session.sent(), settled]);
  const finish = async (sha256: string | undefined): Promise<T> => {
    try {
      await begun;
      return await change.finish(sha256);
    } catch (error) {
      // before it is noted how that left the file
      await discard(session);
      throw error;
    }
  };
  try {
    const action = { label: `${tool} ${real}`, paths: [real] };
    const { done, step, notes } = await session.checkpoints.around(action, call.signal, finish);
    const all = [...(step === null ? [] : [`Step ${step} can be undone.`]), ...notes];
    return { done, step, note: all.map((note) => ` ${note}`).join('') };
  } catch (error) {
    await settled;
    await discard(session);
    throw error;
  }
}

/** What is not discarded now goes with the next change, or with the process. */
async function discard(session: WorkspaceSession): Promise<void> {
  await session.ask('discard', {}, AbortSignal.timeout(PATIENCE_MS)).catch(() => undefined);
}
