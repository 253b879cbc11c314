import { keysymsOf } from '../../core/keymap.ts';
import type { Keystroke } from '../desktop.ts';
import { DesktopLacks } from '../failure.ts';
import type { KeyNames } from './key-names.ts';
import { characterOf, type Tap, type Typist } from './typist.ts';

const KEY_OF_LINE_ENDS: ReadonlyMap<string, string> = new Map([
  ['\n', 'Return'],
  ['\t', 'Tab'],
]);
const BEYOND_16_BITS = 0xffff;

/**
 * macOS and Windows take characters from nut-js as they are, whatever the layout, but only those of 16 bits: it sends
 * the two halves of others as if they were two characters.
 */
export class UnicodeTypist implements Typist {
  readonly #names: KeyNames;

  constructor(names: KeyNames) {
    this.#names = names;
  }

  async ofText(text: string): Promise<readonly Tap[]> {
    return Promise.resolve(
      Array.from(text.replaceAll(/\r\n?/g, '\n')).map((character) => this.#of(character)),
    );
  }

  async ofKeystroke({ modifiers, key }: Keystroke): Promise<Tap> {
    const held = modifiers.map((modifier) => this.#names.ofModifier(modifier));
    if (key === null) return Promise.resolve({ kind: 'keys', keys: held });
    const named = this.#names.ofName(key);
    const character = named === null ? characterOf(key) : null;
    // a character is sent as one, because which key has it depends on the layout
    if (character !== null && modifiers.length === 0) return this.#of(character);
    const number = named ?? (character === null ? null : this.#names.ofCharacter(character.toLowerCase()));
    if (number !== null) return { kind: 'keys', keys: [...held, number] };
    throw new DesktopLacks(
      `the key ${[...modifiers, key].join('+')} cannot be pressed here`,
      'Letters, digits and named keys such as Return or F5 can, also with ctrl, alt, shift or super.',
    );
  }

  close(): void {
    // nothing is held open
  }

  #of(character: string): Tap {
    const key = KEY_OF_LINE_ENDS.get(character);
    const number = key === undefined ? null : this.#names.ofName(key);
    if (number !== null) return { kind: 'keys', keys: [number] };
    const isTypable = !('codePoint' in keysymsOf(character));
    if (isTypable && (character.codePointAt(0) ?? 0) <= BEYOND_16_BITS) {
      return { kind: 'text', text: character };
    }
    throw new DesktopLacks(
      `"${character}" cannot be typed here without the risk of other characters`,
      'Nothing was typed. Leave it out, or use set_value on the element.',
    );
  }
}
