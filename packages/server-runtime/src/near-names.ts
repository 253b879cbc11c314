/** The known names close enough to be what was meant, nearest first, at most three. */
function nearNames(wrong: string, known: readonly string[]): string[] {
  const limit = Math.min(Math.ceil(wrong.length / 3), wrong.length - 1);
  return known
    .map((name) => ({ name, distance: distance(fold(wrong), fold(name)) }))
    .filter((candidate) => candidate.distance <= limit)
    .sort((a, b) => a.distance - b.distance)
    .slice(0, 3)
    .map((candidate) => candidate.name);
}

/** " Did you mean `a` or `b`?", or nothing when no known name is near. */
export function didYouMean(wrong: string, known: readonly string[]): string {
  const near = nearNames(wrong, known).map((name) => `\`${name}\``);
  return near.length === 0 ? '' : ` Did you mean ${near.join(' or ')}?`;
}

const fold = (name: string): string => name.toLowerCase().replaceAll(/[-_]/g, '');

/** Levenshtein distance. */
function distance(a: string, b: string): number {
  let row = Array.from({ length: b.length + 1 }, (_, index) => index);
  for (let i = 0; i < a.length; i++) {
    const next = [i + 1];
    for (let j = 0; j < b.length; j++) {
      const substituted = (row[j] ?? 0) + (a[i] === b[j] ? 0 : 1);
      next.push(Math.min(substituted, (row[j + 1] ?? 0) + 1, (next[j] ?? 0) + 1));
    }
    row = next;
  }
  return row.at(-1) ?? 0;
}
