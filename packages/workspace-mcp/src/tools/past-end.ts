import type { ToolResult } from '@deskhand/server-runtime';

interface Shown {
  readonly path: string;
  readonly from: number;
  readonly total: number;
}

/** What is said instead of lines or cells behind the last; `null` where there are some, or none at all. */
export function pastEnd({ path, from, total }: Shown, what: 'line' | 'cell'): ToolResult | null {
  if (total === 0 || from <= total) return null;
  const all = `${total} ${what}${total === 1 ? '' : 's'}`;
  return {
    text: `${path} has ${all}, and none from ${from} on. Give an offset of at most ${total}.`,
    structured: { path, from, [`${what}s`]: 0, total },
  };
}
