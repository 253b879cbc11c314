const MORE_THAN_ENDING = 3;
const ENDINGS = ['ations', 'ation', 'ings', 'ing', 'ies', 'ied', 'ed', 'es', 's', 'ly', 'ment', 'y', 'e'];

/** A word without the ending that grammar gave it, good enough to find `listing` by `lists`. */
export function stemmed(word: string): string {
  const ending = ENDINGS.find((one) => word.endsWith(one) && word.length - one.length >= MORE_THAN_ENDING);
  const stem = ending === undefined ? word : word.slice(0, -ending.length);
  // running, run
  return ending !== undefined && /([b-df-hj-np-tv-z])\1$/.test(stem) && !/(?:ll|ss)$/.test(stem)
    ? stem.slice(0, -1)
    : stem;
}

/** Words of a text in lower case; `camelCase`, `snake_case` and `kebab-case` are several. */
export const wordsOf = (text: string): string[] =>
  text
    .replaceAll(/([a-z0-9])([A-Z])/g, '$1 $2')
    .toLowerCase()
    .split(/[^\p{L}\p{N}]+/u)
    .filter((word) => word.length > 0);
