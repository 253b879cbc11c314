import { z } from 'zod';
import type { Json } from '../canonical-json.ts';
import type { LedgerRow } from '../row.ts';
import type { FolderRow } from './ledger-reader.ts';
import { UsageError } from './outcome.ts';

/** How a call ended, as far as its outcome says. */
export type Result =
  | { readonly kind: 'ok' }
  | { readonly kind: 'failed'; readonly code: string }
  | { readonly kind: 'asked' }
  | { readonly kind: 'unknown' };

/** The rows of one call. */
export interface Call {
  readonly intent: LedgerRow;
  readonly outcome: LedgerRow | undefined;
  readonly notes: readonly LedgerRow[];
  readonly result: Result;
}

/** What happened in a run, in the order in which it began. */
export type Happening = { readonly call: Call } | { readonly note: LedgerRow };

const failure = z.union([
  z.object({ status: z.literal('error'), code: z.string().default('tool_error') }),
  z.object({ allowed: z.literal(false), code: z.string().default('denied') }),
]);
const question = z.object({ status: z.literal('input_required') });

/** Reads the `decision` of an outcome. */
export function resultOf(decision: Json | undefined): Result {
  const failed = failure.safeParse(decision);
  if (failed.success) return { kind: 'failed', code: failed.data.code };
  return { kind: question.safeParse(decision).success ? 'asked' : 'ok' };
}

export const resultText = (result: Result): string => {
  switch (result.kind) {
    case 'ok':
      return 'ok';
    case 'failed':
      return `✗ ${result.code}`;
    case 'asked':
      return 'asked a question';
    case 'unknown':
      return '? unknown outcome';
  }
};

/** Ties outcomes and notes to their intents. */
export function happenings(rows: readonly FolderRow[]): Happening[] {
  const parts = new Map<string, { outcome?: LedgerRow; notes: LedgerRow[] }>();
  const began: (() => Happening)[] = [];
  for (const { file, row } of rows) {
    const known = parts.get(`${file} ${String(row.ref)}`);
    if (row.phase === 'intent') {
      const part: { outcome?: LedgerRow; notes: LedgerRow[] } = { notes: [] };
      parts.set(`${file} ${row.seq}`, part);
      began.push(() => ({ call: callOf(row, part) }));
    } else if (row.phase === 'outcome' && known !== undefined) known.outcome = row;
    else if (known === undefined) began.push(() => ({ note: row }));
    else known.notes.push(row);
  }
  return began.map((finish) => finish());
}

function callOf(intent: LedgerRow, { outcome, notes }: { outcome?: LedgerRow; notes: LedgerRow[] }): Call {
  const result: Result = outcome === undefined ? { kind: 'unknown' } : resultOf(outcome.decision);
  return { intent, outcome, notes, result };
}

export const callsOf = (all: readonly Happening[]): Call[] =>
  all.flatMap((happening) => ('call' in happening ? happening.call : []));

/** The rows of the one run whose id begins with `start`. @throws UsageError when there is none, or more than one */
export function rowsOfRun(rows: readonly FolderRow[], start: string): FolderRow[] {
  const exact = rows.filter(({ row }) => row.run === start);
  if (exact.length > 0) return exact;
  const runs = [...new Set(rows.map(({ row }) => row.run))].filter((run) => run.startsWith(start));
  const [run, ...others] = runs;
  if (run === undefined) throw new UsageError(`no run begins with ${start}; the command runs lists them`);
  if (others.length > 0) throw new UsageError(`${runs.length} runs begin with ${start}: ${runs.join(', ')}`);
  return rows.filter(({ row }) => row.run === run);
}
