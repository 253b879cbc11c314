import type { AnchorFile } from './anchor-file.ts';
import type { Head } from './anchor.ts';
import { LedgerError } from './ledger-error.ts';
import type { LedgerFile } from './ledger-file.ts';
import { FIRST_PREV } from './row.ts';
import type { ProcessLife } from './process-life.ts';

const SYNC_WITHIN_MS = 50;
const ANCHOR_EVERY_MS = 10_000;
const ANCHOR_EVERY_ROWS = 512;
/** A writer that never returns to the event loop is anchored in the middle of an append. */
const ANCHOR_AT_LATEST_ROWS = 4096;

/** A ledger file whose head is anchored when it is opened and closed, and in between once it is on the disk. */
export class AnchoredFile {
  readonly #file: LedgerFile;
  readonly #anchors: AnchorFile;
  #head: Head = { seq: 0, hash: FIRST_PREV };
  #anchored = 0;
  #anchoredAt = performance.now();
  #anchorsOnDisk = false;
  #open = true;
  #syncTimer: NodeJS.Timeout | undefined;
  #anchorTimer: NodeJS.Timeout | undefined;

  /** @throws LedgerError */
  constructor(file: LedgerFile, anchors: AnchorFile, writer: ProcessLife) {
    this.#file = file;
    this.#anchors = anchors;
    try {
      anchors.append({ event: 'open', file: file.name, head: this.#head, writer });
    } catch (error) {
      file.discard();
      throw error;
    }
  }

  get head(): Head {
    return this.#head;
  }

  /** @throws LedgerError, and no part of the line is in the file then */
  append(line: string, head: Head): void {
    this.#file.appendLine(line);
    this.#head = head;
    this.#syncTimer ??= setTimeout(() => this.#sync(), SYNC_WITHIN_MS).unref();
    if (head.seq - this.#anchored >= ANCHOR_AT_LATEST_ROWS) this.#anchorNow();
  }

  /** Flushes, anchors the last row and closes. A second call does nothing. @throws LedgerError */
  close(): void {
    if (!this.#open) return;
    this.#open = false;
    clearTimeout(this.#syncTimer);
    clearTimeout(this.#anchorTimer);
    try {
      this.#file.close();
      this.#anchors.append({ event: 'close', file: this.#file.name, head: this.#head });
      this.#anchors.syncNow();
    } finally {
      this.#anchors.close();
    }
  }

  #sync(): void {
    this.#syncTimer = undefined;
    if (!this.#anchorsOnDisk) {
      // before any row: after a power cut, a file without its first anchor would look smuggled in
      this.#anchorsOnDisk = true;
      this.#quietly(() => this.#anchors.syncNow());
    }
    const head = this.#head;
    this.#file.sync(() => this.#onDisk(head));
  }

  #onDisk(head: Head): void {
    const wait = ANCHOR_EVERY_MS - (performance.now() - this.#anchoredAt);
    if (head.seq - this.#anchored >= ANCHOR_EVERY_ROWS || wait <= 0) this.#anchor(head);
    else this.#anchorTimer ??= setTimeout(() => this.#anchorAfterSync(), wait).unref();
  }

  #anchorAfterSync(): void {
    this.#anchorTimer = undefined;
    this.#sync();
  }

  #anchorNow(): void {
    this.#quietly(() => {
      this.#file.syncNow();
      this.#anchor(this.#head);
    });
  }

  #anchor(head: Head): void {
    clearTimeout(this.#anchorTimer);
    this.#anchorTimer = undefined;
    this.#anchoredAt = performance.now();
    if (head.seq <= this.#anchored) return;
    this.#quietly(() => {
      this.#anchors.append({ event: 'head', file: this.#file.name, head });
      this.#anchored = head.seq;
    });
  }

  /** An anchor that cannot be written now costs no row: the next one covers it. */
  #quietly(act: () => void): void {
    try {
      act();
    } catch (error) {
      if (!(error instanceof LedgerError)) throw error;
    }
  }
}
