import { statfs, type FileHandle } from 'node:fs/promises';
import type { ControlGroup, Counts } from './control-group.ts';
import { limitHit, limitOfExit, type LimitHit } from './limit-hit.ts';
import type { Limits } from './limits.ts';

const NOTHING: Counts = { memory: 0, processes: 0 };

/** Knows which limits of all processes together were hit. */
export class Meter {
  readonly #limits: Limits;
  readonly #group: ControlGroup | null;
  readonly #scratch: readonly FileHandle[];
  /** The counts when hits were told last. */
  #told = NOTHING;
  /** What was hit and not told when it was closed; null while it is open. */
  #rest: Promise<readonly LimitHit[]> | null = null;

  constructor(limits: Limits, group: ControlGroup | null, scratch: readonly FileHandle[]) {
    this.#limits = limits;
    this.#group = group;
    this.#scratch = scratch;
  }

  /** Those that were hit since this was asked for the last time. */
  async hits(): Promise<readonly LimitHit[]> {
    const rest = await this.#rest;
    if (rest === null) return this.#read();
    this.#rest = Promise.resolve([]);
    return rest;
  }

  /** Keeps what was not told yet, and waits until no process is left that it measures. */
  async close(exitCode: number | null): Promise<void> {
    const byExit = limitOfExit(exitCode, this.#limits);
    this.#rest = this.#read().then((read) => [...read, ...(byExit === null ? [] : [byExit])]);
    await this.#rest;
    await Promise.all(this.#scratch.map((handle) => handle.close()));
    await this.#group?.remove();
  }

  async #read(): Promise<readonly LimitHit[]> {
    const counts = (await this.#group?.counts()) ?? NOTHING;
    const hits: (keyof Limits)[] = [];
    if (counts.memory > this.#told.memory) hits.push('memoryBytes');
    if (counts.processes > this.#told.processes) hits.push('processes');
    if (await this.#isFull()) hits.push('scratchBytes');
    this.#told = counts;
    return hits.map((limit) => limitHit(limit, this.#limits));
  }

  async #isFull(): Promise<boolean> {
    const free = this.#scratch.map(async ({ fd }) => (await statfs(`/proc/self/fd/${fd}`)).bavail);
    return (await Promise.all(free)).includes(0);
  }
}
