import { closeSync, fchmodSync, fstatSync, openSync, writeFileSync } from 'node:fs';
import { rowsOfRun } from './calls.ts';
import { LedgerReader } from './ledger-reader.ts';
import { otelTraces } from './otel.ts';
import { done, json, UsageError, type CommandResult } from './outcome.ts';
import { replayPage } from './replay-page.ts';

export interface ExportCommand {
  readonly otel?: boolean;
  readonly html?: boolean;
  /** The beginning of a run's id; all runs when left out. */
  readonly run?: string;
  /** File to write; standard output when left out. */
  readonly output?: string;
}

/** @throws UsageError when not exactly one form is asked for, or there is no such run */
export function exportLedger(folder: string, options: ExportCommand): CommandResult {
  const { otel = false, html = false, run, output } = options;
  if (otel === html) throw new UsageError('give one of --otel and --html');
  const all = new LedgerReader(folder).next();
  const rows = run === undefined ? all : rowsOfRun(all, run);
  const text = otel ? json(otelTraces(rows)) : replayPage(rows, folder);
  if (output === undefined) return done(text);
  try {
    writePrivateFile(output, `${text}\n`);
  } catch (cause) {
    throw new UsageError(`${output} cannot be written: ${String(cause)}`, { cause });
  }
  return done(`wrote ${output}`);
}

/** A page may show what the person typed: a file that was there before is made private first. */
function writePrivateFile(path: string, text: string): void {
  const fd = openSync(path, 'w', 0o600);
  try {
    if (fstatSync(fd).isFile()) fchmodSync(fd, 0o600);
    writeFileSync(fd, text);
  } finally {
    closeSync(fd);
  }
}
