import { DesktopLacks } from '../failure.ts';
import type { NutJs } from './libraries.ts';

const CHARACTERS: ReadonlyMap<string, string> = new Map([
  ...Array.from('abcdefghijklmnopqrstuvwxyz', (letter) => [letter, letter.toUpperCase()] as const),
  ...Array.from('0123456789', (digit) => [digit, `Num${digit}`] as const),
  ...Object.entries({
    ' ': 'Space',
    '`': 'Grave',
    '-': 'Minus',
    '=': 'Equal',
    '[': 'LeftBracket',
    ']': 'RightBracket',
    '\\': 'Backslash',
    ';': 'Semicolon',
    "'": 'Quote',
    ',': 'Comma',
    '.': 'Period',
    '/': 'Slash',
  }),
]);

/** The library's names of keys that give no character, by those of X11. */
const OTHERS: ReadonlyMap<string, string> = new Map([
  ...['Return', 'Tab', 'Escape', 'Delete', 'Insert', 'Home', 'End', 'Left', 'Right', 'Up', 'Down'].map(
    (name) => [name, name] as const,
  ),
  ...Array.from({ length: 12 }, (_, index) => [`F${index + 1}`, `F${index + 1}`] as const),
  ['BackSpace', 'Backspace'],
  ['Page_Up', 'PageUp'],
  ['Prior', 'PageUp'],
  ['Page_Down', 'PageDown'],
  ['Next', 'PageDown'],
]);

const MODIFIERS: Readonly<Record<string, Readonly<Record<'linux' | 'macos' | 'windows', string>>>> = {
  shift: { linux: 'LeftShift', macos: 'LeftShift', windows: 'LeftShift' },
  ctrl: { linux: 'LeftControl', macos: 'LeftControl', windows: 'LeftControl' },
  alt: { linux: 'LeftAlt', macos: 'LeftAlt', windows: 'LeftAlt' },
  super: { linux: 'LeftSuper', macos: 'LeftCmd', windows: 'LeftWin' },
};

/** The characters for which the library has a key of its own. */
export const CHARACTERS_WITH_KEYS: readonly string[] = [...CHARACTERS.keys()];

/** Finds the library's numbers of keys. */
export class KeyNames {
  readonly #keys: NutJs['Key'];
  readonly #platform: 'linux' | 'macos' | 'windows';

  constructor(keys: NutJs['Key'], platform: 'linux' | 'macos' | 'windows') {
    this.#keys = keys;
    this.#platform = platform;
  }

  /** The key that gives a character on a US keyboard without Shift. */
  ofCharacter(character: string): number | null {
    const name = CHARACTERS.get(character);
    return name === undefined ? null : this.#numberOf(name);
  }

  /** A key without a character, by its X11 name. */
  ofName(name: string): number | null {
    const known = OTHERS.get(name);
    return known === undefined ? null : this.#numberOf(known);
  }

  /** @throws DesktopLacks for one that the library does not have */
  ofModifier(modifier: string): number {
    const name = MODIFIERS[modifier]?.[this.#platform];
    if (name !== undefined) return this.#numberOf(name);
    throw new DesktopLacks(`the key ${modifier} cannot be held here`, 'Use ctrl, alt, shift or super.');
  }

  #numberOf(name: string): number {
    const number = this.#keys[name];
    if (typeof number !== 'number') throw new Error(`nut-js has no key ${name}`);
    return number;
  }
}
