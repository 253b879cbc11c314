import { createHash } from 'node:crypto';
import { closeSync, constants, fdatasyncSync, fstatSync, openSync, readSync, writeSync } from 'node:fs';
import { join } from 'node:path';
import { ANCHORS, anchorLine, type Anchor, type Head } from './anchor.ts';
import { LedgerError } from './ledger-error.ts';
import { writeRefused } from './ledger-file.ts';
import type { ProcessLife } from './process-life.ts';

/** What a writer says of a file. */
export interface AnchorStatement {
  readonly event: Anchor['event'];
  readonly file: string;
  readonly head: Head;
  readonly writer?: ProcessLife;
}

/**
 * `anchors.jsonl`, to which every writer of the folder appends without a lock: each line is one write, and vouches
 * for all bytes that its writer saw before it, whoever wrote them.
 */
export class AnchorFile {
  readonly path: string;
  readonly #fd: number;
  readonly #seen = createHash('sha256');
  #at = 0;
  #tornBytes = 0;

  /** @throws LedgerError */
  constructor(folder: string) {
    this.path = join(folder, ANCHORS);
    const { O_APPEND, O_CREAT, O_RDWR, O_NOFOLLOW } = constants;
    try {
      this.#fd = openSync(this.path, O_APPEND | O_CREAT | O_RDWR | O_NOFOLLOW, 0o600);
    } catch (cause) {
      throw writeRefused(this.path, cause);
    }
    if (fstatSync(this.#fd).isFile()) return;
    closeSync(this.#fd);
    throw new LedgerError('ledger_folder_unsafe', `${this.path} is not a plain file; move it away`);
  }

  /** What was appended since the last call, by anybody; everything at the first call. */
  readNew(): Buffer {
    const { size } = fstatSync(this.#fd);
    // no writer makes it shorter: what was seen stays vouched for, and `verify` then misses it
    const bytes = Buffer.alloc(Math.max(0, size - this.#at));
    const read = readSync(this.#fd, bytes, 0, bytes.length, this.#at);
    const fresh = bytes.subarray(0, read);
    this.#seen.update(fresh);
    this.#at += read;
    this.#noteLineEnd(fresh);
    return fresh;
  }

  /** @throws LedgerError when the line cannot be written; part of it may then stay, which the next one tells of */
  append({ event, file, head, writer }: AnchorStatement): void {
    try {
      this.readNew();
      const line = anchorLine({
        v: 1,
        ts: new Date().toISOString(),
        event,
        file,
        seq: head.seq,
        head: head.hash,
        at: this.#at,
        prev: this.#seen.copy().digest('hex'),
        ...(this.#tornBytes > 0 && { torn: this.#tornBytes }),
        ...(writer !== undefined && { writer }),
      });
      const bytes = Buffer.from(`${this.#tornBytes > 0 ? '\n' : ''}${line}\n`);
      const written = writeSync(this.#fd, bytes);
      if (written !== bytes.length) throw new Error(`only ${written} of ${bytes.length} bytes fitted`);
    } catch (cause) {
      throw writeRefused(this.path, cause);
    }
  }

  /** Waits until the disk has it. @throws LedgerError */
  syncNow(): void {
    try {
      fdatasyncSync(this.#fd);
    } catch (cause) {
      throw writeRefused(this.path, cause);
    }
  }

  close(): void {
    closeSync(this.#fd);
  }

  #noteLineEnd(fresh: Buffer): void {
    const open = fresh.length - 1 - fresh.lastIndexOf('\n');
    this.#tornBytes = fresh.includes('\n') ? open : this.#tornBytes + open;
  }
}
