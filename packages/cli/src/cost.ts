import { PriceList, PRICES } from '@deskhand/model';
import type { SessionSummary } from '@deskhand/agent-host';

export const COST_KEYS = ['day', 'session', 'model', 'tool'] as const;
export type CostKey = (typeof COST_KEYS)[number];

export interface CostRow {
  readonly key: string;
  /** Answers of the model; calls where it is about tools. */
  readonly turns: number;
  /** Tokens of all prompts, of those what was read from the cache, and of all answers. */
  readonly input: number;
  readonly cacheRead: number;
  readonly output: number;
  /** Null where a model has no price. */
  readonly usd: number | null;
}

type Turn = SessionSummary['state']['spent']['turns'][number];

const EMPTY = { turns: 0, input: 0, cacheRead: 0, output: 0, usd: 0 };
/** Answers that called nothing. */
const WORDS = '(words)';

/** What sessions cost, from the usage that they recorded and the prices of the day. */
export function costRows(sessions: readonly SessionSummary[], by: CostKey): readonly CostRow[] {
  const prices = new PriceList(PRICES);
  const rows = new Map<string, CostRow>();
  for (const { id, state } of sessions)
    for (const turn of state.spent.turns) {
      const cost = prices.cost(turn.usage, { model: turn.model, at: new Date(turn.at) });
      const keys = keysOf(turn, id)[by];
      for (const key of keys)
        rows.set(key, added(rows.get(key) ?? { key, ...EMPTY }, { ...turn, cost, part: 1 / keys.length }));
    }
  return [...rows.values()].sort((a, b) => (a.key < b.key ? -1 : 1));
}

/** The cost of an answer is shared in equal parts by the calls that it made. */
const keysOf = (
  { at, model, tools }: Turn,
  session: string,
): Readonly<Record<CostKey, readonly string[]>> => ({
  day: [at.slice(0, 10)],
  session: [session],
  model: [model],
  tool: tools.length === 0 ? [WORDS] : tools,
});

function added(
  row: CostRow,
  { usage, cost, part }: Pick<Turn, 'usage'> & { readonly cost: number | null; readonly part: number },
): CostRow {
  const written = usage.cacheWrite.short + usage.cacheWrite.long;
  return {
    key: row.key,
    turns: row.turns + 1,
    input: row.input + (usage.input + usage.cacheRead + written) * part,
    cacheRead: row.cacheRead + usage.cacheRead * part,
    output: row.output + usage.output * part,
    usd: cost === null || row.usd === null ? null : row.usd + (cost * part) / 1e9,
  };
}

const BAR = 24;

/** A table with bars. */
export function costText(rows: readonly CostRow[], by: CostKey): string {
  const what = by === 'tool' ? 'calls' : 'turns';
  const width = Math.max(26, ...rows.map(({ key }) => key.length));
  const most = Math.max(...rows.map(({ usd }) => usd ?? 0), 1e-9);
  const lines = rows.map(({ key, turns, input, cacheRead, output, usd }) => {
    const bar = '█'.repeat(Math.round(((usd ?? 0) / most) * BAR));
    const read = input === 0 ? 0 : Math.round((cacheRead / input) * 100);
    const money = usd === null ? 'no price' : `$${usd.toFixed(4)}`;
    return `${key.padEnd(width)} ${money.padStart(10)} ${String(turns).padStart(5)} ${what} ${String(Math.round(input)).padStart(9)} in (${read} % cached) ${String(Math.round(output)).padStart(7)} out ${bar}`.trimEnd();
  });
  const total = rows.reduce((sum, { usd }) => sum + (usd ?? 0), 0);
  return [...lines, `total $${total.toFixed(4)}`].join('\n');
}
