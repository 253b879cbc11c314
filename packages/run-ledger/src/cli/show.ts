import type { LedgerRow } from '../row.ts';
import { happenings, resultText, rowsOfRun, type Call, type Happening } from './calls.ts';
import { LedgerReader } from './ledger-reader.ts';
import { done, json, type CommandResult } from './outcome.ts';
import { columns, cut, localTime, plain, type Paint } from './plain-text.ts';

/** One run, call by call. @throws UsageError when there is no such run */
export function show(folder: string, run: string, options: { json?: boolean }, paint: Paint): CommandResult {
  const rows = rowsOfRun(new LedgerReader(folder).next(), run);
  const all = happenings(rows);
  if (options.json === true) return done(json(all));
  const first = rows[0]?.row;
  const table = all.flatMap(cellsOf);
  const [head = '', ...lines] = columns([
    ['time', 'what', 'result', 'ms', 'actor', 'session'],
    ...table.map(({ cells }) => cells),
  ]);
  const painted = lines.map((line, at) => {
    const as = table[at]?.as;
    return as === undefined ? line : paint(line, as);
  });
  return done(
    [
      `run ${plain(first?.run ?? run)} on ${plain(first?.surface ?? '')}`,
      '',
      paint(head, 'quiet'),
      ...painted,
    ].join('\n'),
  );
}

interface Line {
  readonly cells: readonly string[];
  readonly as?: 'bad' | 'open' | 'quiet';
}

const cellsOf = (happening: Happening): Line[] =>
  'note' in happening
    ? [noteLine(happening.note)]
    : [callLine(happening.call), ...happening.call.notes.map(noteLine)];

function callLine({ intent, outcome, result }: Call): Line {
  const { ts, name, actor, session } = intent;
  const ms = outcome?.ms === undefined ? '' : String(outcome.ms);
  const cells = [localTime(ts), plain(name), plain(resultText(result)), ms, plain(actor), plain(session)];
  if (result.kind === 'failed') return { cells, as: 'bad' };
  return result.kind === 'unknown' ? { cells, as: 'open' } : { cells };
}

const noteLine = ({ ts, name, decision, actor, session }: LedgerRow): Line => ({
  cells: [
    localTime(ts),
    `  note ${plain(name)}`,
    plain(cut(JSON.stringify(decision ?? ''), 60)),
    '',
    plain(actor),
    plain(session),
  ],
  as: 'quiet',
});

/** The runs of a folder, oldest first. */
export function runs(folder: string, options: { json?: boolean }): CommandResult {
  const known = new Map<string, { run: string; surface: string; from: string; to: string; rows: number }>();
  for (const { row } of new LedgerReader(folder).next()) {
    const { run, surface, ts } = row;
    const before = known.get(run) ?? { run, surface, from: ts, to: ts, rows: 0 };
    known.set(run, { ...before, to: ts, rows: before.rows + 1 });
  }
  if (options.json === true) return done(json([...known.values()]));
  const table = [...known.values()].map(({ run, surface, from, to, rows }) => [
    plain(run),
    plain(surface),
    localTime(from),
    localTime(to),
    String(rows),
  ]);
  return done(columns([['run', 'surface', 'from', 'to', 'rows'], ...table]).join('\n'));
}
