import {
  closeSync,
  constants,
  fdatasyncSync,
  fstatSync,
  ftruncateSync,
  openSync,
  readFileSync,
} from 'node:fs';
import { join } from 'node:path';
import type { AnchorFile } from './anchor-file.ts';
import { isFinal, readAnchor, type Anchor, type Head } from './anchor.ts';
import { LedgerError } from './ledger-error.ts';
import { writeRefused } from './ledger-file.ts';
import { FIRST_PREV, ledgerRowSchema } from './row.ts';
import { mayLive, type ProcessLife } from './process-life.ts';

/** A ledger file whose last line was torn by a crash. */
export interface TornFile {
  readonly file: string;
  readonly cutBytes: number;
  readonly rows: number;
}

/** Cheap on long files of anchors: only lines that open or end a file are parsed. */
const OPEN_OR_END = /^.*"event":"(?:open|close|found)".*$/gm;

/** Files whose writer ended without closing them, as far as the anchors tell. */
export function deadFiles(anchorsText: string, own: ProcessLife): string[] {
  const writers = new Map<string, Anchor>();
  for (const [line] of anchorsText.matchAll(OPEN_OR_END)) {
    const anchor = readAnchor(line);
    if (typeof anchor === 'string') continue;
    if (isFinal(anchor)) writers.delete(anchor.file);
    else writers.set(anchor.file, anchor);
  }
  return [...writers.values()]
    .filter(({ writer }) => writer !== undefined && !mayLive(writer, own))
    .map(({ file }) => file);
}

export interface EndOfFileOptions {
  readonly folder: string;
  readonly anchors: AnchorFile;
  /** Told before the torn bytes are cut. */
  readonly onTorn: (torn: TornFile) => void;
}

/**
 * Ends a file that its writer could not: cuts a torn last line and anchors the last whole row. Two processes may do so
 * at once, since both cut at the same place. A file that is gone or holds something else is left for `verify` to report.
 * @throws LedgerError
 */
export function endDeadFile(file: string, { folder, anchors, onTorn }: EndOfFileOptions): void {
  const fd = openExisting(join(folder, file));
  if (fd === undefined) return;
  try {
    if (!fstatSync(fd).isFile()) return;
    const bytes = readFileSync(fd);
    const whole = bytes.lastIndexOf('\n') + 1;
    const head = headOf(bytes.subarray(0, whole));
    if (head === undefined) return;
    if (whole < bytes.length) {
      onTorn({ file, cutBytes: bytes.length - whole, rows: head.seq });
      ftruncateSync(fd, whole);
    }
    fdatasyncSync(fd);
    anchors.append({ event: 'found', file, head });
  } catch (cause) {
    throw cause instanceof LedgerError ? cause : writeRefused(join(folder, file), cause);
  } finally {
    closeSync(fd);
  }
}

function openExisting(path: string): number | undefined {
  try {
    return openSync(path, constants.O_RDWR | constants.O_NOFOLLOW);
  } catch {
    return undefined; // a missing file is for `verify` to report
  }
}

/** The last row's number and hash; `undefined` when the last line is no row. */
function headOf(lines: Buffer): Head | undefined {
  if (lines.length === 0) return { seq: 0, hash: FIRST_PREV };
  const last = lines.subarray(lines.lastIndexOf('\n', lines.length - 2) + 1).toString('utf8');
  try {
    const { seq, hash } = ledgerRowSchema.parse(JSON.parse(last));
    return { seq, hash };
  } catch {
    return undefined; // for `verify` to report
  }
}
