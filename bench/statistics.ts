/** What is printed of a series; in the unit of the series. */
export interface Summary {
  readonly median: number;
  readonly min: number;
  /** The smallest value that at least 95 % of the series do not exceed. */
  readonly p95: number;
}

export function summaryOf(values: readonly number[]): Summary {
  const sorted = values.toSorted((a, b) => a - b);
  const at = (index: number): number => sorted[index] ?? Number.NaN;
  const middle = (sorted.length - 1) / 2;
  return {
    median: (at(Math.floor(middle)) + at(Math.ceil(middle))) / 2,
    min: at(0),
    p95: at(Math.max(0, Math.ceil(sorted.length * 0.95) - 1)),
  };
}
