/** What a command prints, and the code that the process ends with. */
export interface CommandResult {
  readonly text: string;
  readonly exitCode: ExitCode;
}

/** 0: nothing to say; 1: a denial, a problem or a change; 2: used wrongly, or a file that cannot be read. */
export type ExitCode = 0 | 1 | 2;

/** The command line or one of its files is wrong; the message is for the person who typed it. */
export class UsageError extends Error {
  override readonly name = 'UsageError';
}

export const json = (value: unknown): string => JSON.stringify(value, null, 2);

/** Columns side by side, two blanks apart, without trailing blanks. */
export const columns = (rows: readonly (readonly string[])[]): string => {
  const widths = rows.reduce<number[]>(
    (wide, row) => row.map((cell, index) => Math.max(wide[index] ?? 0, cell.length)),
    [],
  );
  return rows
    .map((row) =>
      row
        .map((cell, index) => cell.padEnd(widths[index] ?? 0))
        .join('  ')
        .trimEnd(),
    )
    .join('\n');
};
