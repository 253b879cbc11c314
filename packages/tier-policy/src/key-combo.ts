import { CHARACTER_OF_NAME } from './keys/key-names.ts';

export const MODIFIERS = ['ctrl', 'alt', 'shift', 'super'] as const;

export type Modifier = (typeof MODIFIERS)[number];

/**
 * One key press in canonical form, whatever the spelling it came in; see `parseCombo`. `key` is an X keysym
 * name (`Return`, `F4`, `a`, `plus`; `U0436` for characters beyond Latin-1) or `null` when only modifiers
 * are pressed. A capital letter is `shift` and the small one.
 */
export interface KeyCombo {
  readonly modifiers: readonly Modifier[];
  readonly key: string | null;
}

/** Canonical text, such as `ctrl+alt+Delete`; `parseCombo` reads it back. */
export const formatCombo = (combo: KeyCombo): string => {
  const modifiers = MODIFIERS.filter((modifier) => combo.modifiers.includes(modifier));
  return [...modifiers, ...(combo.key === null ? [] : [combo.key])].join('+');
};

/** The character that a key types without modifiers, or `null` when it types none. */
export const characterOfKey = (key: string): string | null => {
  const named = CHARACTER_OF_NAME.get(key);
  if (named !== undefined) return named;
  const hex = /^U([0-9A-F]{4,6})$/.exec(key)?.[1];
  return hex === undefined ? null : String.fromCodePoint(Number.parseInt(hex, 16));
};
