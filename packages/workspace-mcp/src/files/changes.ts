import { structuredPatch } from 'diff';

const MAX_LINES = 40;
const MAX_LENGTH = 300;
const TIMEOUT_MS = 500;

/** The lines that differ, marked with - and +, as far as they can be found in time. */
export function changesBetween(before: string, now: string): string {
  const patch = structuredPatch('', '', before, now, '', '', { context: 1, timeout: TIMEOUT_MS });
  if (patch === undefined) return '(much of it)';
  const lines = patch.hunks.flatMap((hunk) => [`@@ line ${hunk.newStart}`, ...hunk.lines]);
  const shown = lines.slice(0, MAX_LINES).map((line) => line.slice(0, MAX_LENGTH));
  return [...shown, ...(lines.length > MAX_LINES ? [`… ${lines.length - MAX_LINES} lines more`] : [])].join(
    '\n',
  );
}
