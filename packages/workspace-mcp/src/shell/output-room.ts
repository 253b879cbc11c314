import { mkdirSync, statfsSync } from 'node:fs';
import { join } from 'node:path';
import type { Job } from './job.ts';
import { Spill } from './spill.ts';

/** Bytes of an output that a command is ended for, where there is room for so many. */
const MOST_OUTPUT = 200 * 1024 ** 2;
/** Parts of the room: of one output, and those that are to be free for what runs. */
const PART = { output: 0.4, free: 0.5, last: 0.125 } as const;

/** Of a room that is full some may be free, that is less than what is written at once. */
const LAST_BYTES = 64 * 1024;

/** The place for what commands print. Outputs of those that ended make room for others, the oldest first. */
export class OutputRoom {
  readonly folder: string;
  /** Bytes of an output that a command is ended for. */
  readonly most: number;

  constructor(folder: string) {
    this.folder = folder;
    const { blocks, bsize } = statfsSync(folder);
    this.most = Math.min(MOST_OUTPUT, Math.floor(blocks * bsize * PART.output));
  }

  /** A folder in it, for a shell. */
  folderOf(name: string): string {
    const path = join(this.folder, name);
    mkdirSync(path, { mode: 0o700, recursive: true });
    return path;
  }

  spill(id: number): Spill {
    return new Spill(join(this.folder, `${id}.out`));
  }

  /** Takes away what has to go, of jobs from the oldest on, and gives those that print too much to go on. */
  clear(jobs: readonly Job[]): readonly Job[] {
    const running = jobs.filter(({ end }) => end === null);
    for (const { spill } of jobs.filter(({ end }) => end !== null)) {
      if (this.#free >= PART.free) break;
      spill.remove();
    }
    const tooMuch = running.filter(({ spill }) => spill.size > this.most);
    if (tooMuch.length > 0 || this.#free >= PART.last) return tooMuch;
    return running.toSorted((one, other) => other.spill.size - one.spill.size).slice(0, 1);
  }

  /** What is printed now is lost. */
  get isFull(): boolean {
    const { bavail, bsize } = statfsSync(this.folder);
    return bavail * bsize < LAST_BYTES;
  }

  get #free(): number {
    const { bavail, blocks } = statfsSync(this.folder);
    return bavail / blocks;
  }
}
