import { KEYSYM } from '../../core/keymap.ts';

/** How far an XKB keycode is from the number that Wayland sends for it. */
const EVDEV_OFFSET = 8;
/** Keycodes that no keyboard has; the last is the highest that the kernel's numbers allow. */
const FIRST_EXTRA = 256;
const LAST_EXTRA = 700;

/** How many symbols beside those of the ordinary keys there is room for. */
export const MAX_EXTRAS = LAST_EXTRA - FIRST_EXTRA + 1;

const MODIFIERS: ReadonlyMap<string, { readonly bit: number; readonly keysym: number }> = new Map([
  ['shift', { keysym: KEYSYM.Shift_L, bit: 0x01 }],
  ['ctrl', { keysym: KEYSYM.Control_L, bit: 0x04 }],
  ['alt', { keysym: KEYSYM.Alt_L, bit: 0x08 }],
  ['super', { keysym: KEYSYM.Super_L, bit: 0x40 }],
]);

/** Keysyms in a row of neighbouring keys, from a keycode on, as XKB's layout `pc+us` has them. */
const ROWS: readonly (readonly [number, readonly number[]])[] = [
  [9, [0xff1b]],
  [10, codesOf('1234567890-=')],
  [22, [0xff08, KEYSYM.Tab]],
  [24, codesOf('qwertyuiop[]')],
  [36, [KEYSYM.Return, KEYSYM.Control_L]],
  [38, codesOf("asdfghjkl;'`")],
  [50, [KEYSYM.Shift_L]],
  [51, codesOf('\\zxcvbnm,./')],
  [64, [KEYSYM.Alt_L, 0x20]],
  // F1 to F10, then F11 and F12
  [67, Array.from({ length: 10 }, (_, index) => 0xffbe + index)],
  [95, [0xffc8, 0xffc9]],
  // Home, Up, Prior, Left, Right, End, Down, Next, Insert, Delete
  [110, [0xff50, 0xff52, 0xff55, 0xff51, 0xff53, 0xff57, 0xff54, 0xff56, 0xff63, 0xffff]],
  [133, [KEYSYM.Super_L]],
];

const ORDINARY: ReadonlyMap<number, number> = new Map(
  ROWS.flatMap(([first, keysyms]) => keysyms.map((keysym, index) => [keysym, first + index] as const)),
);

function codesOf(characters: string): readonly number[] {
  return Array.from(characters, (character) => character.charCodeAt(0));
}

/** The held bit and the key of a modifier. */
export function modifierNamed(name: string): { readonly bit: number; readonly keysym: number } {
  const found = MODIFIERS.get(name);
  if (found === undefined) throw new Error(`there is no modifier named ${name}`);
  return found;
}

/** Symbols that need a key of their own. */
export const extrasOf = (keysyms: readonly number[]): readonly number[] => [
  ...new Set(keysyms.filter((keysym) => !ORDINARY.has(keysym))),
];

/**
 * An ordinary keyboard, with one more key for each other symbol that is needed; so no layout can turn one symbol into
 * another. The ordinary keys never change: GTK finds its own keys, such as Tab, only where they were at first.
 */
export class SymbolKeymap {
  readonly #extras: ReadonlyMap<number, number>;
  /** In the text format of XKB. */
  readonly text: string;

  constructor(extras: readonly number[]) {
    if (extras.length > MAX_EXTRAS) throw new Error('more symbols than a keyboard has keys');
    this.#extras = new Map(extras.map((keysym, index) => [keysym, FIRST_EXTRA + index]));
    const codes = [...this.#extras.values()].map((keycode) => `<X${keycode}> = ${keycode};`);
    const keys = [...this.#extras].map(
      ([keysym, keycode]) => `key <X${keycode}> { [ 0x${keysym.toString(16)} ] };`,
    );
    this.text = [
      'xkb_keymap {',
      `xkb_keycodes "deskhand" { include "evdev+aliases(qwerty)" maximum = ${LAST_EXTRA}; ${codes.join(' ')} };`,
      'xkb_types "deskhand" { include "complete" };',
      'xkb_compatibility "deskhand" { include "complete" };',
      `xkb_symbols "deskhand" { include "pc+us" ${keys.join(' ')} };`,
      '};',
    ].join('\n');
  }

  has(keysyms: readonly number[]): boolean {
    return keysyms.every((keysym) => ORDINARY.has(keysym) || this.#extras.has(keysym));
  }

  /** The number that Wayland sends for the key of a symbol. */
  keyOf(keysym: number): number {
    const keycode = ORDINARY.get(keysym) ?? this.#extras.get(keysym);
    if (keycode === undefined) throw new Error(`no key was made for the symbol 0x${keysym.toString(16)}`);
    return keycode - EVDEV_OFFSET;
  }
}
