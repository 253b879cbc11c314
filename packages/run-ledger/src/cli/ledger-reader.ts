import { closeSync, fstatSync, openSync, readdirSync, readSync } from 'node:fs';
import { join } from 'node:path';
import { readRow } from '../chain.ts';
import { LEDGER_FILE_NAME } from '../ledger-file.ts';
import type { LedgerRow } from '../row.ts';
import { UsageError } from './outcome.ts';

/** A row and the name of its file. */
export interface FolderRow {
  readonly file: string;
  readonly row: LedgerRow;
}

/** Reads the rows of a folder, hashes unchecked, and later those that came since. */
export class LedgerReader {
  readonly #folder: string;
  readonly #read = new Map<string, number>();
  /** Lines that were no rows. */
  unreadable = 0;

  constructor(folder: string) {
    this.#folder = folder;
  }

  /** Whole rows that were not returned before, oldest first. @throws UsageError when there is no such folder */
  next(): FolderRow[] {
    const rows = this.#files().flatMap((file) => this.#nextOf(file));
    return rows.sort((a, b) => (a.row.ts < b.row.ts ? -1 : Number(a.row.ts > b.row.ts)));
  }

  #files(): string[] {
    try {
      return readdirSync(this.#folder)
        .filter((name) => LEDGER_FILE_NAME.test(name))
        .sort();
    } catch (cause) {
      throw new UsageError(
        `${this.#folder} cannot be read: ${String(cause)}. Give the folder with --folder, or the state folder with --home.`,
        { cause },
      );
    }
  }

  #nextOf(file: string): FolderRow[] {
    const lines = this.#newLines(file);
    return lines.flatMap((line) => {
      const row = readRow(line);
      if (typeof row !== 'string') return [{ file, row }];
      this.unreadable++;
      return [];
    });
  }

  #newLines(file: string): string[] {
    const fd = openSync(join(this.#folder, file), 'r');
    try {
      const from = this.#read.get(file) ?? 0;
      const bytes = Buffer.alloc(Math.max(0, fstatSync(fd).size - from));
      const read = readSync(fd, bytes, 0, bytes.length, from);
      const whole = bytes.subarray(0, read).lastIndexOf('\n') + 1;
      this.#read.set(file, from + whole);
      return whole === 0 ? [] : bytes.toString('utf8', 0, whole - 1).split('\n');
    } finally {
      closeSync(fd);
    }
  }
}
