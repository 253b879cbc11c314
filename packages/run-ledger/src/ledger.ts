import { AnchorFile } from './anchor-file.ts';
import type { Head } from './anchor.ts';
import { AnchoredFile } from './anchored-file.ts';
import { keepBlob } from './blobs.ts';
import { deadFiles, endDeadFile, type TornFile } from './dead-files.ts';
import { hashedHalves } from './hashed-line.ts';
import { createLedgerFile } from './ledger-file.ts';
import { makePrivateFolder } from './private-folder.ts';
import {
  ledgerFieldsSchema,
  surelyFits,
  ledgerOriginSchema,
  ROW_VERSION,
  type LedgerFields,
  type LedgerOrigin,
  type LedgerRow,
} from './row.ts';
import { ownLife } from './process-life.ts';

export interface LedgerOptions extends LedgerOrigin {
  /** Absolute path; created with mode 0700 when missing. */
  readonly folder: string;
  /** The person wants arguments, texts and pictures kept too. Off by default. */
  readonly recording?: boolean;
}

/** One writing process's append-only, hash-chained file. */
export interface Ledger {
  readonly path: string;
  /**
   * Adds a row and returns it; the row is with the operating system on return and on the disk within 50 ms.
   * @throws LedgerError when it cannot be written (then no part of it was), ZodError for malformed fields
   */
  readonly append: (fields: LedgerFields) => LedgerRow;
  /**
   * Only there while recording is on: keeps bytes in `blobs/`, under the SHA-256 that a row names, and returns it.
   * @throws LedgerError
   */
  readonly record?: (bytes: Uint8Array) => string;
  /** Puts everything on the disk and anchors the last row. A second call does nothing. @throws LedgerError */
  close(): void;
}

/**
 * Starts a new ledger file. Files that a dead process left with a torn last line are repaired, each with a note row
 * `ledger_repaired` in the new file.
 * @throws LedgerError when the folder is not ours or cannot be written
 */
export function openLedger({ folder, recording = false, ...given }: LedgerOptions): Ledger {
  const origin = ledgerOriginSchema.parse(given);
  makePrivateFolder(folder);
  const anchors = new AnchorFile(folder);
  const { file, path, dead } = beginFile(folder, anchors);
  const append = (fields: LedgerFields): LedgerRow => appendRow(file, origin, fields);
  try {
    for (const name of dead)
      endDeadFile(name, { folder, anchors, onTorn: (torn) => noteRepair(torn, append) });
  } catch (error) {
    file.close();
    throw error;
  }
  const record = (bytes: Uint8Array): string => keepBlob(folder, bytes);
  return { path, append, ...(recording && { record }), close: () => file.close() };
}

interface Begun {
  readonly file: AnchoredFile;
  readonly path: string;
  /** Files that nobody ended. */
  readonly dead: readonly string[];
}

function beginFile(folder: string, anchors: AnchorFile): Begun {
  try {
    const life = ownLife();
    const dead = deadFiles(anchors.readNew().toString('utf8'), life);
    const raw = createLedgerFile(folder, new Date());
    return { file: new AnchoredFile(raw, anchors, life), path: raw.path, dead };
  } catch (error) {
    anchors.close();
    throw error;
  }
}

function noteRepair({ file, cutBytes, rows }: TornFile, append: Ledger['append']): void {
  append({ phase: 'note', name: 'ledger_repaired', decision: { file, cutBytes, rows } });
}

function appendRow(file: AnchoredFile, origin: LedgerOrigin, fields: LedgerFields): LedgerRow {
  const checked = surelyFits(fields) ? fields : ledgerFieldsSchema.parse(fields);
  const { before, after } = halvesOf(checked, origin, file.head);
  const { hash, line } = hashedHalves(before, after, after.prev);
  file.append(line, { seq: after.seq, hash });
  return { hash, ...before, ...after };
}

/** A row without its hash, in the order in which canonical JSON has it, so that it is written quickly. */
function halvesOf(fields: LedgerFields, origin: LedgerOrigin, head: Head) {
  const { session = origin.session, actor = origin.actor, argsSha256, decision } = fields;
  const { run, surface } = origin;
  const { ms, name, phase, ref, resultSha256, usage } = fields;
  return {
    before: { actor, argsSha256, decision },
    after: {
      ms,
      name,
      phase,
      prev: head.hash,
      ref,
      resultSha256,
      run,
      seq: head.seq + 1,
      session,
      surface,
      ts: new Date().toISOString(),
      usage,
      v: ROW_VERSION,
    },
  } as const;
}
