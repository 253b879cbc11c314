import { PriceList, PRICES } from '@deskhand/model';
import type { SessionSummary } from '@deskhand/agent-host';

export const COST_KEYS = ['day', 'session', 'model'] as const;
export type CostKey = (typeof COST_KEYS)[number];

export interface CostRow {
  readonly key: string;
  readonly turns: number;
  /** Tokens of all prompts, of those what was read from the cache, and of all answers. */
  readonly input: number;
  readonly cacheRead: number;
  readonly output: number;
  /** Null where a model has no price. */
  readonly usd: number | null;
}

/** What sessions cost, from the usage that they recorded and the prices of the day. */
export function costRows(sessions: readonly SessionSummary[], by: CostKey): readonly CostRow[] {
  const prices = new PriceList(PRICES);
  const rows = new Map<string, CostRow>();
  for (const { id, state } of sessions)
    for (const { at, model, usage } of state.spent.turns) {
      const key = { day: at.slice(0, 10), session: id, model }[by];
      const row = rows.get(key) ?? { key, turns: 0, input: 0, cacheRead: 0, output: 0, usd: 0 };
      const cost = prices.cost(usage, { model, at: new Date(at) });
      const written = usage.cacheWrite.short + usage.cacheWrite.long;
      rows.set(key, {
        key,
        turns: row.turns + 1,
        input: row.input + usage.input + usage.cacheRead + written,
        cacheRead: row.cacheRead + usage.cacheRead,
        output: row.output + usage.output,
        usd: cost === null || row.usd === null ? null : row.usd + cost / 1e9,
      });
    }
  return [...rows.values()].sort((a, b) => (a.key < b.key ? -1 : 1));
}

const BAR = 24;

/** A table with bars. */
export function costText(rows: readonly CostRow[]): string {
  const most = Math.max(...rows.map(({ usd }) => usd ?? 0), 1e-9);
  const lines = rows.map(({ key, turns, input, cacheRead, output, usd }) => {
    const bar = '█'.repeat(Math.round(((usd ?? 0) / most) * BAR));
    const read = input === 0 ? 0 : Math.round((cacheRead / input) * 100);
    const money = usd === null ? 'no price' : `$${usd.toFixed(4)}`;
    return `${key.padEnd(26)} ${money.padStart(10)} ${String(turns).padStart(5)} turns ${String(input).padStart(9)} in (${read} % cached) ${String(output).padStart(7)} out ${bar}`.trimEnd();
  });
  const total = rows.reduce((sum, { usd }) => sum + (usd ?? 0), 0);
  return [...lines, `total $${total.toFixed(4)}`].join('\n');
}
