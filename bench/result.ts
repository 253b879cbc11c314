import { z } from 'zod';
import type { Measurement } from './measurement.ts';
import { isMissing } from './measurement.ts';
import { summaryOf } from './statistics.ts';

/** One row of what `--json` writes; times and sizes are medians, `null` where a peer could not be measured. */
export const Result = z.strictObject({
  metric: z.string(),
  unit: z.string(),
  ours: z.number(),
  peers: z.record(z.string(), z.number().nullable()),
  /** What ours has to keep to. */
  target: z.number().nullable(),
  better: z.enum(['lower', 'higher']),
});

export type Result = z.infer<typeof Result>;

const medianOf = (values: readonly number[]): number => Number(summaryOf(values).median.toFixed(3));

export function resultOf({ metric, ours, peers }: Measurement): Result {
  const { name, unit, target, better } = metric;
  return {
    metric: name,
    unit,
    ours: medianOf(ours),
    peers: Object.fromEntries(
      peers.map(({ name: peer, series }) => [peer, isMissing(series) ? null : medianOf(series)]),
    ),
    target,
    better,
  };
}
