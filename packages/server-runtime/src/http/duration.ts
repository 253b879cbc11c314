const units = { ms: 1, s: 1_000, m: 60_000, h: 3_600_000, d: 86_400_000, w: 604_800_000 } as const;

const form = /^(\d{1,9})(ms|s|m|h|d|w)$/;

/** Milliseconds of `90s`, `30m`, `12h`, `7d` or `2w`; undefined for anything else, and for nothing at all. */
export function parseDuration(text: string): number | undefined {
  const [, count, name] = form.exec(text) ?? [];
  const unit = Object.entries(units).find(([known]) => known === name);
  if (count === undefined || unit === undefined) return undefined;
  const ms = Number(count) * unit[1];
  return ms > 0 ? ms : undefined;
}
