import { closeSync, fsyncSync, lstatSync, openSync, readdirSync, rmSync, type BigIntStats } from 'node:fs';
import { basename, dirname, join } from 'node:path';
import writeFileAtomic from 'write-file-atomic';
import { lockFile } from './file-lock.ts';
import { GrantTextReader, type GrantRow } from './grant-text.ts';
import { readOwnFile, refuseForeignFolder } from './private-path.ts';

/** File times advance in ticks of up to 10 ms: a file younger than this may change once more without showing it. */
const SETTLED_AFTER_MS = 100;

interface Snapshot {
  readonly stamp: string;
  readonly settled: boolean;
  readonly rows: readonly GrantRow[];
}

const MISSING = 'missing';

/** `grants.json` on disk, with the last parsed state kept in memory. */
export class GrantFile {
  readonly path: string;
  readonly #reader: GrantTextReader;
  #snapshot: Snapshot | undefined;

  constructor(path: string) {
    this.path = path;
    this.#reader = new GrantTextReader(path);
  }

  /**
   * The rows as they are now: one `lstat` when nothing changed, else the file is read again. The same array as long
   * as the content is the same.
   * @throws GrantsError when it is broken, or when someone else may have written it
   */
  rows(): readonly GrantRow[] {
    const known = this.#snapshot;
    if (known?.settled && known.stamp === this.#stampNow()) return known.rows;
    this.#snapshot = undefined;
    this.#snapshot = this.#read();
    return this.#snapshot.rows;
  }

  /** Replaces the rows while no other process does; a crash leaves the old file or the new one. */
  async update(
    change: (rows: readonly GrantRow[]) => readonly GrantRow[],
    signal?: AbortSignal,
  ): Promise<void> {
    const release = await lockFile(this.path, signal && { signal });
    try {
      const rows = this.rows();
      const changed = change(rows);
      if (changed !== rows) this.#replace(changed);
    } finally {
      release();
    }
  }

  /** Creates the file without rows unless it is there. */
  async create(signal?: AbortSignal): Promise<void> {
    if (this.#stampNow() === MISSING) await this.update((rows) => [...rows], signal);
  }

  #replace(rows: readonly GrantRow[]): void {
    this.#removeLeftovers();
    writeFileAtomic.sync(this.path, this.#reader.written(rows), { mode: 0o600 });
    syncFolder(dirname(this.path));
  }

  /** What a process killed in mid-write left behind; only called under the lock. */
  #removeLeftovers(): void {
    const folder = dirname(this.path);
    const prefix = `${basename(this.path)}.`;
    for (const name of readdirSync(folder)) {
      if (name.startsWith(prefix) && /^\d+$/.test(name.slice(prefix.length))) rmSync(join(folder, name));
    }
  }

  #stampNow(): string {
    const stat = lstatSync(this.path, { bigint: true, throwIfNoEntry: false });
    return stat === undefined ? MISSING : stampOf(stat);
  }

  #read(): Snapshot {
    if (this.#stampNow() === MISSING) return { stamp: MISSING, settled: true, rows: [] };
    refuseForeignFolder(dirname(this.path));
    const { stat, bytes } = readOwnFile(this.path, 'grants_file_unsafe');
    const rows = this.#reader.read(bytes);
    const ageMs = Date.now() - Number(stat.ctimeMs);
    return { stamp: stampOf(stat), settled: ageMs > SETTLED_AFTER_MS, rows };
  }
}

const stampOf = (stat: BigIntStats): string =>
  [stat.dev, stat.ino, stat.size, stat.mtimeNs, stat.ctimeNs, stat.mode, stat.uid].join(':');

/** Makes the new name survive a power cut, so that a revocation does not come undone. */
function syncFolder(folder: string): void {
  if (process.platform === 'win32') return;
  const fd = openSync(folder, 'r');
  try {
    fsyncSync(fd);
  } finally {
    closeSync(fd);
  }
}
