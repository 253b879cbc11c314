/** Something that is measured of us and of peers. */
export interface Metric {
  readonly name: string;
  readonly unit: string;
  readonly better: 'lower' | 'higher';
  /** What our median has to keep to; `null` where the comparison is all there is. */
  readonly target: number | null;
  /** How many times better than one peer ours has to be. */
  readonly demand?: { readonly peer: string; readonly times: number };
}

/** Why there is nothing to show. */
export interface Missing {
  readonly missing: string;
}

export interface Measurement {
  readonly metric: Metric;
  /** In the order in which they were taken. */
  readonly ours: readonly number[];
  readonly peers: readonly { readonly name: string; readonly series: readonly number[] | Missing }[];
}

export const isMissing = (value: object): value is Missing => 'missing' in value;

export const reasonOf = (error: unknown): string => (error instanceof Error ? error.message : String(error));
