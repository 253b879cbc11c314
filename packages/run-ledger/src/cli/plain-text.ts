/** Text that others chose, made unable to move the cursor, hide itself or start a new line. */
export const plain = (text: string): string => text.replace(/[\p{Cc}\p{Cf}\p{Zl}\p{Zp}\p{Cs}]/gu, '\ufffd');

/** At most `length` characters. */
export const cut = (text: string, length: number): string =>
  text.length <= length ? text : `${text.slice(0, length - 1)}…`;

/** Columns side by side, two blanks apart, without trailing blanks. */
export function columns(rows: readonly (readonly string[])[]): string[] {
  const widths: number[] = [];
  for (const row of rows)
    for (const [at, cell] of row.entries()) widths[at] = Math.max(widths[at] ?? 0, cell.length);
  return rows.map((row) =>
    row
      .map((cell, at) => cell.padEnd(widths[at] ?? 0))
      .join('  ')
      .trimEnd(),
  );
}

const two = (value: number): string => String(value).padStart(2, '0');

/** `2026-01-31 11:15:30.123` in the time zone of this process. */
export function localTime(ts: string): string {
  const at = new Date(ts);
  const day = [at.getFullYear(), two(at.getMonth() + 1), two(at.getDate())].join('-');
  const time = [at.getHours(), at.getMinutes(), at.getSeconds()].map(two).join(':');
  return `${day} ${time}.${String(at.getMilliseconds()).padStart(3, '0')}`;
}

/** Makes a line stand out on a terminal. */
export type Paint = (line: string, as: 'bad' | 'open' | 'quiet') => string;

const CODES = { bad: '31;1', open: '33', quiet: '2' } as const;

export const coloured: Paint = (line, as) => `\u001b[${CODES[as]}m${line}\u001b[0m`;
export const uncoloured: Paint = (line) => line;
