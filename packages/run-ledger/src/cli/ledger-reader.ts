import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { readRow } from '../chain.ts';
import { fileLines } from '../file-lines.ts';
import { LEDGER_FILE_NAME } from '../ledger-file.ts';
import { isMissing } from '../plain-file.ts';
import { startOfLast } from '../file-end.ts';
import type { LedgerRow } from '../row.ts';
import { whyUnread } from '../verify/verify-folder.ts';
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

  /** Leaves out all but the last `count` rows of each file, or somewhat more. */
  skipTo(count: number): void {
    for (const file of this.#files()) this.#read.set(file, startOfLast(join(this.#folder, file), count));
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
        `${whyUnread(this.#folder, cause)}. Give the folder with --folder, or the state folder with --home.`,
        { cause },
      );
    }
  }

  #nextOf(file: string): FolderRow[] {
    const rows: FolderRow[] = [];
    for (const line of this.#newLines(file)) {
      const row = readRow(line.toString('utf8'));
      if (typeof row === 'string') this.unreadable++;
      else rows.push({ file, row });
    }
    return rows;
  }

  *#newLines(file: string): Generator<Buffer> {
    let at = this.#read.get(file) ?? 0;
    try {
      for (const line of fileLines(join(this.#folder, file), at)) {
        at += line.length + 1;
        yield line;
      }
    } catch (error) {
      if (isMissing(error)) return; // taken away since the folder was listed, which `verify` reports
      throw new UsageError(`${file} cannot be read: ${String(error)}`, { cause: error });
    }
    this.#read.set(file, at);
  }
}
