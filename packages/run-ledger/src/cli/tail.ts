import { watch } from 'node:fs/promises';
import type { LedgerRow } from '../row.ts';
import { resultOf, resultText } from './calls.ts';
import { LedgerReader, type FolderRow } from './ledger-reader.ts';
import { cut, localTime, plain, type Paint } from './plain-text.ts';

export interface TailOptions {
  /** How many of the newest rows. */
  readonly lines: number;
  /** Go on with rows as they are written, until the signal. */
  readonly follow: boolean;
  readonly json: boolean;
}

export interface TailSurroundings {
  readonly print: (line: string) => void;
  readonly paint: Paint;
  readonly signal: AbortSignal;
}

/** The newest rows of a folder, one line each. @throws UsageError when there is no such folder */
export async function tail(folder: string, options: TailOptions, around: TailSurroundings): Promise<void> {
  const reader = new LedgerReader(folder);
  const print = ({ row }: FolderRow): void =>
    around.print(options.json ? JSON.stringify(row) : rowLine(row, around.paint));
  reader.skipTo(options.lines);
  const newest = reader.next();
  const changes = options.follow
    ? watch(folder, { signal: around.signal })[Symbol.asyncIterator]()
    : undefined;
  let change = changes?.next();
  // what came before the watch began
  newest.push(...reader.next());
  newest.slice(Math.max(0, newest.length - options.lines)).forEach(print);
  try {
    while (change !== undefined && (await change).done !== true) {
      reader.next().forEach(print);
      change = changes?.next();
    }
  } catch (error) {
    if (!around.signal.aborted) throw error;
  }
}

function rowLine(row: LedgerRow, paint: Paint): string {
  const { ts, surface, actor, phase, name, decision, ms } = row;
  const about = [
    localTime(ts),
    plain(surface).padEnd(10),
    plain(actor).padEnd(8),
    plain(name).padEnd(22),
  ].join('  ');
  if (phase === 'intent') return `${about}  …`;
  if (phase === 'note')
    return paint(`${about}  note ${plain(cut(JSON.stringify(decision ?? ''), 100))}`, 'quiet');
  const result = resultOf(decision);
  const line = `${about}  ${plain(resultText(result))}${ms === undefined ? '' : `  ${ms} ms`}`;
  return result.kind === 'failed' ? paint(line, 'bad') : line;
}
