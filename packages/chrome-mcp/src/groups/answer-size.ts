/** The most that a list of a group's tool may have, in bytes. */
export const MOST_BYTES = 8_000;

/** As many of the lines, from the first on, as fit; and how many do not. */
export function fitting(
  lines: readonly string[],
  bytes = MOST_BYTES,
): { readonly lines: readonly string[]; readonly left: number } {
  let free = bytes;
  const shown: string[] = [];
  for (const line of lines) {
    free -= Buffer.byteLength(line) + 1;
    if (free < 0) break;
    shown.push(line);
  }
  return { lines: shown, left: lines.length - shown.length };
}
