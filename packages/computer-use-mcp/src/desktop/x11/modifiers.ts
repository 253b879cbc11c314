import { KEYSYM, type Keymap } from '../../core/keymap.ts';

const MODIFIER_KEYSYMS: ReadonlyMap<string, number> = new Map([
  ['shift', KEYSYM.Shift_L],
  ['ctrl', KEYSYM.Control_L],
  ['alt', KEYSYM.Alt_L],
  ['super', KEYSYM.Super_L],
]);

/** Bits of the core state; caps lock and num lock are left out because they are states, not held keys. */
const STATE_BITS: readonly (readonly [number, string])[] = [
  [0x01, 'shift'],
  [0x04, 'ctrl'],
  [0x08, 'alt'],
  [0x40, 'super'],
  [0x80, 'level 3 shift'],
];

export const LOCK_BIT = 0x02;
const NUM_LOCK_BIT = 0x10;

export const stateBitOf = (modifier: string): number =>
  STATE_BITS.find(([, name]) => name === modifier)?.[0] ?? 0;

/** Bits that stay as they are while we press keys. */
export const lockedBits = (stateMask: number): number => stateMask & (LOCK_BIT | NUM_LOCK_BIT);

/** The active layout, 0 to 3. */
export const groupOf = (stateMask: number): number => (stateMask >> 13) & 3;

export const heldModifiers = (stateMask: number): readonly string[] =>
  STATE_BITS.flatMap(([bit, name]) => ((stateMask & bit) === 0 ? [] : [name]));

/** The keys that act as modifiers on this keyboard. */
export class ModifierKeys {
  readonly #keymap: Keymap;

  constructor(keymap: Keymap) {
    this.#keymap = keymap;
  }

  keycodeOf(modifier: string): number {
    const keysym = MODIFIER_KEYSYMS.get(modifier);
    const keycode = keysym === undefined ? null : this.#keymap.keycodeOf(keysym);
    if (keycode === null) throw new Error(`this keyboard has no key for ${modifier}`);
    return keycode;
  }
}
