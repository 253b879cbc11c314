import { callsOf, happenings, type Call } from './calls.ts';
import { LedgerReader } from './ledger-reader.ts';
import { done, json, type CommandResult } from './outcome.ts';
import { columns, localTime, plain } from './plain-text.ts';

interface ToolStats {
  readonly surface: string;
  readonly tool: string;
  readonly calls: number;
  readonly ok: number;
  readonly failed: number;
  readonly unknown: number;
  /** Milliseconds; `undefined` when no outcome says. */
  readonly p50: number | undefined;
  readonly p95: number | undefined;
}

/** Calls by tool, and failures by code. @throws UsageError when there is no such folder */
export function stats(folder: string, options: { json?: boolean }): CommandResult {
  const rows = new LedgerReader(folder).next();
  const calls = callsOf(happenings(rows));
  const tools = [...groups(calls, ({ intent }) => JSON.stringify([intent.surface, intent.name])).values()]
    .map(toolStats)
    .sort((a, b) => b.calls - a.calls);
  const failed = calls.flatMap(({ result }) => (result.kind === 'failed' ? result.code : []));
  const codes = [...groups(failed, (code) => code)]
    .map(([code, all]) => ({ code, calls: all.length }))
    .sort((a, b) => b.calls - a.calls);
  const [from, to] = [rows[0]?.row.ts, rows.at(-1)?.row.ts];
  const runs = new Set(rows.map(({ row }) => row.run)).size;
  if (options.json === true)
    return done(json({ from, to, rows: rows.length, runs, calls: calls.length, tools, codes }));
  const time = from === undefined || to === undefined ? '' : `, ${localTime(from)} to ${localTime(to)}`;
  return done(
    [
      `${rows.length} rows, ${runs} runs, ${calls.length} calls${time}`,
      '',
      ...columns([
        ['surface', 'tool', 'calls', 'ok', 'failed', 'unknown', 'p50 ms', 'p95 ms'],
        ...tools.map(toolCells),
      ]),
      ...(codes.length === 0
        ? []
        : [
            '',
            ...columns([['code', 'calls'], ...codes.map(({ code, calls: n }) => [plain(code), String(n)])]),
          ]),
    ].join('\n'),
  );
}

function groups<T>(items: readonly T[], keyOf: (item: T) => string): Map<string, [T, ...T[]]> {
  const found = new Map<string, [T, ...T[]]>();
  for (const item of items) {
    const others = found.get(keyOf(item));
    if (others === undefined) found.set(keyOf(item), [item]);
    else others.push(item);
  }
  return found;
}

function toolStats(calls: readonly [Call, ...Call[]]): ToolStats {
  const { surface, name } = calls[0].intent;
  const times = calls.flatMap(({ outcome }) => outcome?.ms ?? []).sort((a, b) => a - b);
  const having = (kind: Call['result']['kind']): number =>
    calls.filter(({ result }) => result.kind === kind).length;
  return {
    surface,
    tool: name,
    calls: calls.length,
    ok: having('ok') + having('asked'),
    failed: having('failed'),
    unknown: having('unknown'),
    p50: times[Math.ceil(times.length * 0.5) - 1],
    p95: times[Math.ceil(times.length * 0.95) - 1],
  };
}

const toolCells = ({ surface, tool, p50, p95, ...counts }: ToolStats): string[] => [
  plain(surface),
  plain(tool),
  ...[counts.calls, counts.ok, counts.failed, counts.unknown].map(String),
  ...[p50, p95].map((ms) => (ms === undefined ? '' : String(ms))),
];
