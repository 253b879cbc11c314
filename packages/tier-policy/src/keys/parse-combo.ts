import { MODIFIERS, type KeyCombo, type Modifier } from '../key-combo.ts';
import { nearest } from '../near.ts';
import { CHARACTER_OF_NAME, NAMED_KEYS, NAME_OF_CHARACTER } from './key-names.ts';
import { KEY_OF_WORD, KNOWN_NAMES, MODIFIER_OF_SYMBOL, MODIFIER_OF_WORD, plain } from './key-spellings.ts';

export interface ComboProblem {
  readonly code: 'empty' | 'unknown_key' | 'several_keys';
  /** The part of the text that is wrong. */
  readonly text: string;
  readonly message: string;
  /** Names that may have been meant; empty when none is near. */
  readonly suggestions: readonly string[];
}

export type ComboResult =
  { readonly ok: true; readonly combo: KeyCombo } | { readonly ok: false; readonly problem: ComboProblem };

export type KeysResult =
  | { readonly ok: true; readonly combos: readonly KeyCombo[] }
  | { readonly ok: false; readonly problem: ComboProblem };

type Part =
  | { readonly kind: 'modifier'; readonly modifier: Modifier; readonly capital: boolean }
  | { readonly kind: 'key'; readonly key: string; readonly shift: boolean; readonly letter: boolean };

const empty = (text: string): ComboProblem => ({
  code: 'empty',
  text,
  message: 'No key is named.',
  suggestions: [],
});

const unknownKey = (text: string): ComboProblem => {
  const suggestions = nearest(text, KNOWN_NAMES);
  const meant = suggestions.length > 0 ? ` Did you mean ${suggestions.join(' or ')}?` : '';
  return { code: 'unknown_key', text, message: `There is no key named "${text}".${meant}`, suggestions };
};

const severalKeys = (text: string): ComboProblem => ({
  code: 'several_keys',
  text,
  message: `"${text}" names more than one key that is no modifier; press them one after the other.`,
  suggestions: [],
});

const isOne = (text: string): boolean => Array.from(text).length === 1;

/** A capital letter is the same key with shift, whatever the alphabet. */
const characterKey = (character: string): Part => {
  const lower = character.toLowerCase();
  const isCapital = lower !== character && isOne(lower);
  const base = isCapital ? lower : character;
  const code = base.codePointAt(0) ?? 0;
  const key = NAME_OF_CHARACTER.get(base) ?? `U${code.toString(16).toUpperCase().padStart(4, '0')}`;
  return { kind: 'key', key, shift: isCapital, letter: isCapital };
};

const unicodeName = /^U\+?([0-9a-f]{4,6})$/i;

const isTypeable = (code: number): boolean =>
  code >= 0x20 && code <= 0x10ffff && !(code >= 0x7f && code < 0xa0) && !(code >= 0xd800 && code <= 0xdfff);

const characterOf = (word: string): string | null => {
  const named = CHARACTER_OF_NAME.get(word);
  if (named !== undefined) return named;
  const hex = unicodeName.exec(word)?.[1];
  const code = hex === undefined ? word.codePointAt(0) : Number.parseInt(hex, 16);
  if (hex === undefined && !isOne(word)) return null;
  return code !== undefined && isTypeable(code) ? String.fromCodePoint(code) : null;
};

const namedKey = (key: string): Part => {
  const character = CHARACTER_OF_NAME.get(key);
  return character === undefined
    ? { kind: 'key', key, shift: false, letter: false }
    : characterKey(character);
};

const parsePart = (word: string): Part | null => {
  const lower = plain(word);
  const modifier = MODIFIER_OF_WORD.get(lower);
  if (modifier !== undefined) {
    const isKeysym = /_|\d/.test(word);
    return { kind: 'modifier', modifier, capital: !isKeysym && word !== word.toLowerCase() };
  }
  if (lower === 'isolefttab' || lower === 'backtab') {
    return { kind: 'key', key: 'Tab', shift: true, letter: false };
  }
  const spelled = KEY_OF_WORD.get(word) ?? (NAMED_KEYS.includes(word) ? word : undefined);
  if (spelled !== undefined) return namedKey(spelled);
  const character = characterOf(word);
  if (character !== null) return characterKey(character);
  const key = KEY_OF_WORD.get(lower);
  if (key !== undefined) return namedKey(key);
  const sign = CHARACTER_OF_NAME.get(lower);
  return sign === undefined || lower.length === 1 ? null : characterKey(sign);
};

/** `ctrl++` ends in the plus key itself. */
const splitAt = (separator: string, text: string): string[] =>
  text.endsWith(separator + separator)
    ? [...text.slice(0, -2).split(separator), separator]
    : text.split(separator);

const splitCombo = (text: string): string[] => {
  if (isOne(text)) return [text];
  const [symbol = '', ...others] = text;
  if (MODIFIER_OF_SYMBOL.has(symbol)) {
    const rest = others.join('');
    return [symbol, ...splitCombo(rest.length > 1 && rest.startsWith('+') ? rest.slice(1) : rest)];
  }
  if (text.includes('+')) return /^U\+[0-9a-f]{4,6}$/i.test(text) ? [text] : splitAt('+', text);
  const [head = ''] = text.split('-');
  return head !== text && MODIFIER_OF_WORD.has(plain(head)) ? splitAt('-', text) : [text];
};

const combine = (words: readonly string[], capitalsAreLabels: boolean): ComboResult => {
  const modifiers = new Set<Modifier>();
  let pressed: Extract<Part, { kind: 'key' }> | null = null;
  let isLabel = capitalsAreLabels;
  for (const word of words) {
    const part = parsePart(word);
    if (part === null) return { ok: false, problem: word === '' ? empty(words.join('+')) : unknownKey(word) };
    if (part.kind === 'modifier') {
      modifiers.add(part.modifier);
      isLabel ||= part.capital || MODIFIER_OF_SYMBOL.has(word);
    } else if (pressed !== null) {
      return { ok: false, problem: severalKeys(words.join('+')) };
    } else {
      pressed = part;
    }
  }
  if (pressed?.shift === true && !(pressed.letter && isLabel)) modifiers.add('shift');
  const ordered = MODIFIERS.filter((modifier) => modifiers.has(modifier));
  return { ok: true, combo: { modifiers: ordered, key: pressed?.key ?? null } };
};

/**
 * One combo from any spelling in use: `ctrl+shift+t`, `Control_L+c`, `CTRL+C`, `⌘⇧T`, `Win+R`, `ctrl++`, `Ctrl-C`.
 * Modifiers come back without left and right and in the order of `MODIFIERS`; keys as X keysym names, other
 * characters as `U0436`. A capital letter means shift (`ctrl+T`, as in xdotool), unless the modifiers are
 * written with capitals or as signs too (`Ctrl+T`, `CTRL+T`, `⌘T`): then it is the label on the key.
 */
export const parseCombo = (text: string): ComboResult => {
  const trimmed = text === ' ' ? text : text.trim().replaceAll(/\s*\+\s+|\s+\+(?=\S)/g, '+');
  return trimmed === '' ? { ok: false, problem: empty(text) } : combine(splitCombo(trimmed), false);
};

const parseAll = (texts: readonly string[]): KeysResult => {
  const combos: KeyCombo[] = [];
  for (const text of texts) {
    const result = parseCombo(text);
    if (!result.ok) return result;
    combos.push(result.combo);
  }
  return combos.length > 0 ? { ok: true, combos } : { ok: false, problem: empty('') };
};

/**
 * Several combos: a text with spaces between them (`ctrl+a Delete`), or a list. A list of bare names
 * (`["CTRL", "C"]`) is one combo, and capitals in it are labels; a list with `+` in it is one combo an item.
 */
export const parseKeys = (keys: string | readonly string[]): KeysResult => {
  if (typeof keys === 'string') {
    if (keys === ' ') return parseAll([keys]);
    const texts = keys.trim().replaceAll(/\s+\+\s+/g, '+');
    return parseAll(texts.split(/\s+/).filter((text) => text !== ''));
  }
  if (keys.some((key) => key.length > 1 && key.includes('+'))) return parseAll(keys);
  if (keys.length === 0) return { ok: false, problem: empty('') };
  const words = keys.map((key) => (key === ' ' ? key : key.trim()));
  const result = combine(words, true);
  return result.ok ? { ok: true, combos: [result.combo] } : result;
};
