import type { Rested, SettleRequest } from './action-api.ts';
import type { FrameSnapshot, SnapshotRequest } from './api.ts';
import { nextTask, pause } from './clock.ts';

type Read = (request: SnapshotRequest) => FrameSnapshot;

/** At least so much of the quiet time is waited before the page is read, of which the reading is a part. */
const BEFORE_READING_MS = 10;
/** What was begun and is not asked about ends by itself. */
const KEPT_MS = 2_000;

/** Notices since when a document rests. */
export class Rest {
  readonly #read: Read;
  readonly #observer: MutationObserver;
  #since = 0;
  #end: ReturnType<typeof setTimeout> | null = null;
  #isAsked = false;
  /** Milliseconds that the last reading took. */
  #readingMs = 0;

  constructor(read: Read) {
    this.#read = read;
    this.#observer = new MutationObserver(() => this.acted());
  }

  /** Watches from now on, until the next `settle` is through. */
  begin(): void {
    if (this.#end === null) {
      const all = { subtree: true, childList: true, attributes: true, characterData: true };
      this.#observer.observe(document, all);
    } else clearTimeout(this.#end);
    this.#end = setTimeout(() => this.#stop(), KEPT_MS);
    this.acted();
  }

  /** Something was done just now, from which the quiet time counts. */
  acted(): void {
    this.#since = performance.now();
  }

  /** Something else is done than what was begun for, whose quiet time begins later. */
  drop(): void {
    if (!this.#isAsked) this.#stop();
  }

  /** Waits until nothing in the document changed for a while, and reads it in the last part of that time. */
  async settle({ quietMs, capMs, look }: SettleRequest): Promise<Omit<Rested, 'isSaving'>> {
    if (this.#end === null) this.begin();
    else clearTimeout(this.#end);
    const latest = performance.now() + capMs;
    this.#isAsked = true;
    try {
      for (;;) {
        const early = look === undefined ? 0 : Math.min(this.#readingMs, quietMs - BEFORE_READING_MS);
        if (!(await this.#quiet(quietMs - early, latest))) return { rests: false, shown: null };
        const since = this.#since;
        const shown = look === undefined ? null : this.#timed(look);
        // changes that the page began meanwhile come first
        await nextTask();
        if ((await this.#quiet(quietMs, latest)) && this.#since === since) return { rests: true, shown };
      }
    } finally {
      this.#isAsked = false;
      this.#stop();
    }
  }

  /** Whether it came to that before the time is up. */
  async #quiet(ms: number, latest: number): Promise<boolean> {
    for (;;) {
      const now = performance.now();
      const left = this.#since + ms - now;
      if (left <= 0) return true;
      if (now >= latest) return false;
      await pause(Math.min(left, latest - now));
    }
  }

  #timed(request: SnapshotRequest): FrameSnapshot {
    const start = performance.now();
    const shown = this.#read(request);
    this.#readingMs = performance.now() - start;
    return shown;
  }

  #stop(): void {
    if (this.#end !== null) clearTimeout(this.#end);
    this.#end = null;
    this.#observer.disconnect();
  }
}
