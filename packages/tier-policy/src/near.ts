/** Steps (insert, delete, replace) from one word to the other. */
const distance = (from: string, to: string): number => {
  let row = Array.from({ length: to.length + 1 }, (_, index) => index);
  for (const [at, letter] of Array.from(from).entries()) {
    let diagonal = row[0] ?? 0;
    const next = [at + 1];
    for (const [column, other] of Array.from(to).entries()) {
      const above = row[column + 1] ?? 0;
      next.push(Math.min(above + 1, (next[column] ?? 0) + 1, diagonal + (letter === other ? 0 : 1)));
      diagonal = above;
    }
    row = next;
  }
  return row.at(-1) ?? 0;
};

/** Up to three of the known words that `word` may have been meant as, best first. */
export const nearest = (word: string, known: readonly string[]): string[] => {
  const wanted = word.toLowerCase();
  const reach = Math.max(1, Math.floor(wanted.length / 3));
  return known
    .map((candidate) => {
      const lower = candidate.toLowerCase();
      const begins = wanted.length > 2 && lower.startsWith(wanted);
      return { candidate, steps: begins ? 0.5 : distance(wanted, lower) };
    })
    .filter(({ steps }) => steps <= reach)
    .sort((a, b) => a.steps - b.steps)
    .slice(0, 3)
    .map(({ candidate }) => candidate);
};
