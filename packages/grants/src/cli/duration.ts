import { UsageError } from './outcome.ts';

const UNIT_MS: Readonly<Record<string, number>> = { s: 1000, m: 60_000, h: 3_600_000, d: 86_400_000 };
const LONGEST_DAYS = 3650;

/** Milliseconds of `90s`, `30m`, `2h` or `7d`. @throws UsageError */
export function parseDuration(text: string): number {
  const [, number, unit = ''] = /^(\d{1,9})([smhd])$/.exec(text) ?? [];
  const ms = Number(number) * (UNIT_MS[unit] ?? NaN);
  if (ms > 0 && ms <= LONGEST_DAYS * 86_400_000) return ms;
  throw new UsageError(`${JSON.stringify(text)} is no time: use a number with s, m, h or d, such as 2h`);
}
