import { lstat, readdir, rm, rmdir, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { isOwnerAlive } from './owner.ts';

/** How the name of a file begins that says whose a folder is. */
export const MARK = '.owner-';

const HOUR_MS = 3_600_000;

export interface SweepLimits {
  /** How long a file is kept, in milliseconds. */
  readonly mostMs: number;
  /** Of all files together. */
  readonly mostBytes: number;
}

const LIMITS: SweepLimits = { mostMs: 30 * 24 * HOUR_MS, mostBytes: 2_000_000_000 };

interface Kept {
  readonly path: string;
  readonly bytes: number;
  readonly at: number;
}

/**
 * Deletes what ended sessions left in their folders: copies of uploads at once, other files when they are old, and the
 * oldest of those that are too much. Folders of sessions that live are not touched.
 */
export async function sweepFiles(parent: string, limits: SweepLimits = LIMITS): Promise<void> {
  const kept: Kept[] = [];
  const folders = (await namesIn(parent)).map((name) => join(parent, name));
  for (const folder of folders) kept.push(...(await leftIn(folder)));
  await removeOver(kept, limits);
  for (const folder of folders) await removeEmpty(folder);
}

/** Deletes downloads that are old, and the oldest of those that are too much; what just came is left. */
export async function sweepDownloads(folder: string, limits: SweepLimits = LIMITS): Promise<void> {
  const kept = await Promise.all((await namesIn(folder)).map((name) => keptAt(join(folder, name))));
  const isFresh = ({ at }: Kept): boolean => Date.now() - at < HOUR_MS;
  await removeOver(
    kept.filter((file) => file !== null),
    { ...limits, isFresh },
  );
}

async function removeOver(
  files: readonly Kept[],
  { mostMs, mostBytes, isFresh = () => false }: SweepLimits & { readonly isFresh?: (file: Kept) => boolean },
): Promise<void> {
  let bytes = 0;
  for (const file of files.toSorted((a, b) => b.at - a.at)) {
    bytes += file.bytes;
    const isOver = bytes > mostBytes || Date.now() - file.at > mostMs;
    if (isOver && !isFresh(file)) await rm(file.path, { force: true });
  }
}

/** A file with its size and age; `null` for what is none, or is gone by now. */
async function keptAt(path: string): Promise<Kept | null> {
  const about = await lstat(path).catch(() => null); // another server sweeps too
  return about?.isFile() === true ? { path, bytes: about.size, at: about.mtimeMs } : null;
}

/** Files of a session that ended; none of one that lives. */
async function leftIn(folder: string): Promise<readonly Kept[]> {
  const names = await namesIn(folder);
  const marks = names.filter((name) => name.startsWith(MARK));
  for (const mark of marks) if (await isOwnerAlive(mark.slice(MARK.length))) return [];
  const kept: Kept[] = [];
  for (const name of names) {
    const path = join(folder, name);
    const { mtimeMs: at, size: bytes } = await stat(path);
    if (name.startsWith('upload-') || marks.includes(name)) await rm(path, { recursive: true, force: true });
    else kept.push({ path, bytes, at });
  }
  return kept;
}

async function namesIn(folder: string): Promise<readonly string[]> {
  try {
    return await readdir(folder);
  } catch (error) {
    // none was needed yet, or another server sweeps too
    if (error instanceof Error && 'code' in error && error.code === 'ENOENT') return [];
    throw error;
  }
}

/** One that a session begins to use just now is left. */
async function removeEmpty(folder: string): Promise<void> {
  const names = await namesIn(folder);
  if (names.length > 0) return;
  const { mtimeMs } = await stat(folder);
  if (Date.now() - mtimeMs > HOUR_MS) await rmdir(folder);
}
