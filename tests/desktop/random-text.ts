import { createHash } from 'node:crypto';

/** What a text is drawn from: inclusive ranges of Unicode, as strings of their first and last character. */
const ALPHABETS = {
  ascii: ['!~'],
  accents: ['¡¬', '®ÿ', 'ĀŽ'],
  cyrillic: ['АЯ', 'ая', 'ёё'],
  greek: ['ΑΡ', 'ΣΩ', 'αω', 'άώ'],
  cjk: ['一龥', 'ぁゖ', 'ァヺ', '가힣'],
  emoji: ['😀🙄', '🚀🚢', '🌍🌙'],
  symbols: ['←↔', '∀∗', '€€', '„“'],
} as const;

export type Alphabet = keyof typeof ALPHABETS;

/** Numbers that are the same for the same seed. */
export function numbersFrom(seed: string): (below: number) => number {
  let count = 0;
  return (below) => {
    count += 1;
    return createHash('sha256').update(`${seed}/${count}`).digest().readUInt32BE(0) % below;
  };
}

function charactersOf(alphabet: Alphabet): readonly string[] {
  return ALPHABETS[alphabet].flatMap((range) => {
    const [first = 0, last = first] = Array.from(range, (character) => character.codePointAt(0));
    return Array.from({ length: last - first + 1 }, (_, index) => String.fromCodePoint(first + index));
  });
}

/** A text of so many characters, its alphabets mixed, with a space here and there. */
export function randomText(seed: string, length: number, alphabets: readonly Alphabet[]): string {
  const pick = numbersFrom(seed);
  const sets = alphabets.map(charactersOf);
  return Array.from({ length }, () => {
    if (pick(8) === 0) return ' ';
    const set = sets[pick(sets.length)] ?? [];
    return set[pick(set.length)] ?? ' ';
  }).join('');
}

/** So many different characters of one alphabet. */
export function differentCharacters(seed: string, count: number, alphabet: Alphabet): string {
  const pick = numbersFrom(seed);
  const [set, chosen] = [charactersOf(alphabet), new Set<string>()];
  while (chosen.size < Math.min(count, set.length)) chosen.add(set[pick(set.length)] ?? '');
  return [...chosen].join('');
}
