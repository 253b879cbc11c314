import { KEYSYM, unicodeKeysym } from '../../core/keymap.ts';
import type { Keystroke } from '../desktop.ts';
import { DesktopLacks, DesktopUnavailable } from '../failure.ts';
import { XConnection } from '../x11/connection.ts';
import { keysymNamed } from '../x11/keysym-names.ts';
import { groupOf, LOCK_BIT } from '../x11/modifiers.ts';
import { CHARACTERS_WITH_KEYS, type KeyNames } from './key-names.ts';
import { characterOf, type Tap, type Typist } from './typist.ts';

const MODIFIER_KEYSYMS: ReadonlyMap<string, number> = new Map([
  ['shift', KEYSYM.Shift_L],
  ['ctrl', KEYSYM.Control_L],
  ['alt', KEYSYM.Alt_L],
  ['super', KEYSYM.Super_L],
]);

/** The keyboard of the X server at one moment. */
interface Layout {
  readonly first: number;
  /** Symbols of each key: without and with Shift in the first layout, then in the second. */
  readonly rows: readonly (readonly number[])[];
  readonly column: number;
  readonly isCapsLocked: boolean;
}

/**
 * On X11 nut-js looks for a key that has the symbol anywhere, and presses it without Shift; without one it ends the
 * process. So a key is only used when it is certain to give the symbol in the layout that is active.
 */
export class X11Typist implements Typist {
  readonly #names: KeyNames;
  readonly #display: string;
  readonly #refresh: () => Promise<unknown>;
  #opening: Promise<XConnection> | null = null;

  /** `refresh` has nut-js hear from the X server: only then does it notice that the layout was changed. */
  constructor(names: KeyNames, display: string, refresh: () => Promise<unknown>) {
    this.#names = names;
    this.#display = display;
    this.#refresh = refresh;
  }

  async ofText(text: string): Promise<readonly Tap[]> {
    const layout = await this.#layout();
    return Array.from(text.replaceAll(/\r\n?/g, '\n')).map((character) => {
      if (character === '\n') return this.#named('Return', [], layout);
      if (character === '\t') return this.#named('Tab', [], layout);
      return this.#character(character, layout);
    });
  }

  async ofKeystroke({ modifiers, key }: Keystroke): Promise<Tap> {
    const layout = await this.#layout();
    if (key === null) return { kind: 'keys', keys: this.#held(modifiers, layout) };
    if (this.#names.ofName(key) !== null) return this.#named(key, modifiers, layout);
    const character = characterOf(key);
    if (character === null) throw refused(key);
    if (modifiers.length === 0) return this.#character(character, layout);
    const found = this.#keyOf(character, layout);
    if (found?.level !== 0) throw refused(key);
    return { kind: 'keys', keys: [...this.#held(modifiers, layout), found.number] };
  }

  close(): void {
    void this.#opening?.then(
      (x) => x.destroy('the desktop was closed'),
      () => undefined, // it never opened
    );
    this.#opening = null;
  }

  #named(key: string, modifiers: readonly string[], layout: Layout): Tap {
    const keysym = keysymNamed(key);
    const number = this.#names.ofName(key);
    if (keysym === null || number === null || keycodeFor(keysym, layout) === null) throw refused(key);
    return { kind: 'keys', keys: [...this.#held(modifiers, layout), number] };
  }

  /** The key whose symbol it is without Shift, or with it. */
  #character(character: string, layout: Layout): Tap {
    if (layout.isCapsLocked) {
      throw new DesktopLacks(
        'Caps Lock is on, so letters would be others',
        'Ask the person to switch it off.',
      );
    }
    const found = this.#keyOf(character, layout);
    if (found === null) throw refused(character);
    const held = found.level === 0 ? [] : this.#held(['shift'], layout);
    return { kind: 'keys', keys: [...held, found.number] };
  }

  #keyOf(character: string, layout: Layout): { readonly number: number; readonly level: 0 | 1 } | null {
    const wanted = unicodeKeysym(character.codePointAt(0) ?? 0);
    const keys = CHARACTERS_WITH_KEYS.flatMap((base) => {
      const number = this.#names.ofCharacter(base);
      const keycode = keycodeFor(soughtBy(base), layout);
      return number === null || keycode === null ? [] : [{ number, keycode }];
    });
    for (const level of [0, 1] as const) {
      const found = keys.find(({ keycode }) => symbolOf(keycode, level, layout) === wanted);
      if (found !== undefined) return { number: found.number, level };
    }
    return null;
  }

  #held(modifiers: readonly string[], layout: Layout): readonly number[] {
    return modifiers.map((modifier) => {
      const keysym = MODIFIER_KEYSYMS.get(modifier);
      if (keysym === undefined || keycodeFor(keysym, layout) === null) throw refused(modifier);
      return this.#names.ofModifier(modifier);
    });
  }

  async #layout(): Promise<Layout> {
    const x = await this.#open();
    await this.#refresh();
    const { min_keycode: first, max_keycode: last } = x.display;
    const [rows, { keyMask }] = await Promise.all([
      x.ask<readonly (readonly number[])[]>((reply) =>
        x.client.GetKeyboardMapping(first, last - first + 1, reply),
      ),
      x.ask<{ readonly keyMask: number }>((reply) => x.client.QueryPointer(x.root, reply)),
    ]);
    return { rows, first, column: groupOf(keyMask) * 2, isCapsLocked: (keyMask & LOCK_BIT) !== 0 };
  }

  async #open(): Promise<XConnection> {
    const known = await this.#opening;
    if (known?.isLost === true) this.#opening = null;
    this.#opening ??= XConnection.open(this.#display);
    try {
      return await this.#opening;
    } catch (error) {
      this.#opening = null;
      throw new DesktopUnavailable(`the keyboard at ${this.#display} cannot be read`, { cause: error });
    }
  }
}

/** The symbol that nut-js looks for when it is to press the key of a character. */
const soughtBy = (character: string): number =>
  unicodeKeysym((character === "'" ? '"' : character).codePointAt(0) ?? 0);

/**
 * The key that nut-js would press: the first that has the symbol without Shift, or else with it, or else in any other
 * way, where the order is not certain.
 */
function keycodeFor(keysym: number, { rows, first }: Layout): number | null {
  for (const column of [0, 1]) {
    const index = rows.findIndex((row) => row[column] === keysym);
    if (index >= 0) return index + first;
  }
  const others = rows.flatMap((row, index) => (row.includes(keysym) ? [index + first] : []));
  return others.length === 1 ? (others[0] ?? null) : null;
}

const symbolOf = (keycode: number, level: 0 | 1, { rows, first, column }: Layout): number =>
  rows[keycode - first]?.[column + level] ?? 0;

const refused = (what: string): DesktopLacks =>
  new DesktopLacks(
    `"${what}" cannot be typed by nut-js in this keyboard layout without the risk of other characters`,
    'Nothing was typed. Leave it out, or start the server without --backend nut.',
  );
