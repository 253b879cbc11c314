import {
  closeSync,
  constants,
  fstatSync,
  fsyncSync,
  lstatSync,
  openSync,
  readFileSync,
  renameSync,
  rmSync,
  writeFileSync,
  type BigIntStats,
} from 'node:fs';
import { dirname } from 'node:path';
import { lockFile } from '@deskhand/grants';
import { ConfigError } from '../config/config-error.ts';
import { shellWord } from '../shell-word.ts';

/** File times advance in ticks of up to 10 ms: a file younger than this may change once more without showing it. */
const settledAfterMs = 100;

interface Snapshot<T> {
  readonly stamp: string;
  readonly settled: boolean;
  readonly value: T;
}

/** A file that only this user can read or write, with what was last read of it kept in memory. */
export class PrivateFile<T> {
  readonly path: string;
  readonly #parse: (text: string) => T;
  #known: Snapshot<T> | undefined;

  /** `parse` throws when the text is not what it should be. */
  constructor(path: string, parse: (text: string) => T) {
    this.path = path;
    this.#parse = parse;
  }

  /**
   * What the file holds now, undefined when there is none; costs one `lstat` when nothing changed.
   *
   * @throws ConfigError when it is broken, a link, or open to other users.
   */
  read(): T | undefined {
    const stat = lstatSync(this.path, { bigint: true, throwIfNoEntry: false });
    const known = this.#known;
    if (stat !== undefined && known?.settled && known.stamp === stampOf(stat)) return known.value;
    this.#known = undefined;
    if (stat === undefined) return undefined;
    const read = this.#readNow();
    this.#known = read;
    return read.value;
  }

  /** Replaces the file while no other process does; a crash leaves the old one or the new one. */
  async update(change: (value: T | undefined) => string | undefined, signal?: AbortSignal): Promise<void> {
    const release = await lockFile(this.path, signal && { signal });
    try {
      const text = change(this.read());
      if (text !== undefined) this.#replace(text);
    } finally {
      release();
    }
  }

  #readNow(): Snapshot<T> {
    const fd = this.#openOwn();
    try {
      const stat = fstatSync(fd, { bigint: true });
      refuseOpenToOthers(this.path, stat);
      const settled = Date.now() - Number(stat.ctimeMs) > settledAfterMs;
      return { stamp: stampOf(stat), settled, value: this.#parsed(readFileSync(fd, 'utf8')) };
    } finally {
      closeSync(fd);
    }
  }

  #parsed(text: string): T {
    try {
      return this.#parse(text);
    } catch (cause) {
      throw new ConfigError(this.path, 'cannot be understood. Put it right, or remove it to start anew', {
        cause,
      });
    }
  }

  #openOwn(): number {
    try {
      return openSync(this.path, constants.O_RDONLY | constants.O_NOFOLLOW | constants.O_NONBLOCK);
    } catch (cause) {
      throw new ConfigError(this.path, 'is a link or cannot be read. Remove it to start anew', { cause });
    }
  }

  /** Only called under the lock, so that one name for the new file is enough. */
  #replace(text: string): void {
    const next = `${this.path}.new`;
    rmSync(next, { force: true });
    writeFileSync(next, text, { flag: 'wx', mode: 0o600, flush: true });
    renameSync(next, this.path);
    syncFolder(dirname(this.path));
  }
}

function refuseOpenToOthers(path: string, stat: BigIntStats): void {
  const uid = process.geteuid?.();
  if (!stat.isFile()) throw new ConfigError(path, 'is not a file. Remove it to start anew');
  if (uid === undefined) return;
  if (stat.uid !== BigInt(uid)) {
    throw new ConfigError(path, `belongs to uid ${String(stat.uid)}, and this runs as uid ${uid}. Remove it`);
  }
  if (stat.nlink !== 1n) throw new ConfigError(path, 'has a second name. Remove both to start anew');
  if ((stat.mode & 0o077n) !== 0n) {
    throw new ConfigError(
      path,
      `is open to other users. Remove it to start anew, or run: chmod 600 ${shellWord(path)}`,
    );
  }
}

const stampOf = (stat: BigIntStats): string =>
  [stat.dev, stat.ino, stat.size, stat.mtimeNs, stat.ctimeNs, stat.mode, stat.uid, stat.nlink].join(':');

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
