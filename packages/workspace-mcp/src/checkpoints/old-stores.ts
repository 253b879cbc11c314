import { ensureStateHome, lockFile, mayLive, ownLife } from '@deskhand/grants';
import { readdirSync, rmdirSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { readdir, rm, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { isSystemError } from '../files/system-error.ts';

const DAY_MS = 24 * 3_600_000;

/** How long the steps of sessions that ended are kept, and how many bytes those of all of them may take. */
export interface KeepingLimits {
  readonly mostMs: number;
  readonly mostBytes: number;
}

export const KEEPING: KeepingLimits = { mostMs: 30 * DAY_MS, mostBytes: 8 * 1024 ** 3 };

const MARK = /^live\.(?<pid>\d+)\.(?<start>[^.]+)\.(?<boot>[^.]+)\.(?<space>[^.]+)$/;
const KEPT = ['steps', 'objects'];

/** Says that a process has the session of this store open, from before it is locked for the first time. */
export function markLive(store: string): () => void {
  ensureStateHome(store);
  const { pid, start, boot, space } = ownLife();
  const mark = join(store, `live.${pid}.${start}.${boot}.${space}`);
  writeFileSync(mark, '', { mode: 0o600 });
  return () => rmSync(mark, { force: true });
}

/** Removes steps of sessions that ended long ago, and the oldest of those that are too much; none of one that is open. */
export async function sweepOldStores(
  folder: string,
  { mostMs, mostBytes }: KeepingLimits,
  signal: AbortSignal,
): Promise<void> {
  const stores = await Promise.all(
    (await readdir(folder)).map(async (name) => {
      const store = join(folder, name);
      return { store, at: (await stat(store)).mtimeMs, bytes: await bytesIn(store) };
    }),
  );
  let bytes = 0;
  for (const { store, at, bytes: size } of stores.toSorted((one, other) => other.at - one.at)) {
    signal.throwIfAborted();
    bytes += size;
    if (bytes > mostBytes || Date.now() - at > mostMs) await removeEnded(store, signal);
  }
}

async function removeEnded(store: string, signal: AbortSignal): Promise<void> {
  if (isLive(store)) return;
  const release = await lockFile(join(store, 'steps'), { signal });
  try {
    // whoever opens it now has marked it before it waits for this lock
    if (isLive(store)) return;
    for (const name of KEPT) await rm(join(store, name), { recursive: true, force: true });
  } finally {
    release();
  }
  for (const name of readdirSync(store)) if (MARK.test(name) && !mayBeOpen(name)) rmSync(join(store, name));
  removeEmpty(store);
}

function removeEmpty(store: string): void {
  try {
    rmdirSync(store);
  } catch (error) {
    // somebody opened it just now
    if (!isSystemError(error, 'ENOTEMPTY', 'ENOENT')) throw error;
  }
}

const isLive = (store: string): boolean => readdirSync(store).some((name) => mayBeOpen(name));

/** Whether a name is the mark of a process that may live. */
function mayBeOpen(name: string): boolean {
  const life = MARK.exec(name)?.groups;
  if (life === undefined) return false;
  const { pid, start = '', boot = '', space = '' } = life;
  return mayLive({ pid: Number(pid), start, boot, space }, ownLife());
}

async function bytesIn(store: string): Promise<number> {
  const names = await readdir(store, { recursive: true });
  const sizes = names.map((name) => statSync(join(store, name), { throwIfNoEntry: false })?.size ?? 0);
  return sizes.reduce((sum, size) => sum + size, 0);
}
