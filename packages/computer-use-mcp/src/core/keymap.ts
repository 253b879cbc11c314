/** Keysym numbers of X11 that the planning of key strokes needs by name. */
export const KEYSYM = {
  Tab: 0xff09,
  Return: 0xff0d,
  Shift_L: 0xffe1,
  Control_L: 0xffe3,
  Caps_Lock: 0xffe5,
  Alt_L: 0xffe9,
  Super_L: 0xffeb,
  ISO_Level3_Shift: 0xfe03,
} as const;

/** Where a keysym sits on the keyboard: the key, and what to hold while pressing it. */
export interface Placement {
  readonly keycode: number;
  readonly shift: boolean;
  readonly level3: boolean;
}

/** Column of each level in the core keyboard table, for the first two groups (layouts). */
const COLUMNS: readonly (readonly number[])[] = [
  [0, 1, 4, 5],
  [2, 3, 6, 7],
];

/** The keyboard as it is now: which key gives which symbol in the active layout. */
export class Keymap {
  readonly #rows: readonly (readonly number[])[];
  readonly #first: number;
  readonly #reserved: ReadonlySet<number>;
  readonly #groups: readonly ReadonlyMap<number, Placement>[];

  /**
   * @param rows keysyms of each keycode from `first` on, as the server lists them
   * @param reserved keycodes that act as modifiers and must not be borrowed
   */
  constructor(rows: readonly (readonly number[])[], first: number, reserved: ReadonlySet<number>) {
    this.#rows = rows;
    this.#first = first;
    this.#reserved = reserved;
    this.#groups = COLUMNS.map((columns) => this.#placements(columns));
  }

  /** The key for a symbol in a layout; `null` when the layout has none. */
  place(keysym: number, group: number): Placement | null {
    return this.#groups[group]?.get(keysym) ?? null;
  }

  /** The key whose unshifted symbol in the first layout is `keysym`: how modifiers are found. */
  keycodeOf(keysym: number): number | null {
    const index = this.#rows.findIndex((row) => row[0] === keysym);
    return index < 0 ? null : index + this.#first;
  }

  /** Keys without any symbol, which can be borrowed for symbols that the layout lacks. */
  unused(): readonly number[] {
    return this.#rows.flatMap((row, index) =>
      row.every((keysym) => keysym === 0) && !this.#reserved.has(index + this.#first)
        ? [index + this.#first]
        : [],
    );
  }

  #placements(columns: readonly number[]): ReadonlyMap<number, Placement> {
    const found = new Map<number, Placement>();
    const hasLevel3 = this.keycodeOf(KEYSYM.ISO_Level3_Shift) !== null;
    columns.forEach((column, level) => {
      const level3 = level >= 2;
      if (level3 && !hasLevel3) return;
      this.#rows.forEach((row, index) => {
        const keysym = row[column] ?? 0;
        if (keysym === 0 || found.has(keysym)) return;
        found.set(keysym, { keycode: index + this.#first, shift: level % 2 === 1, level3 });
      });
    });
    return found;
  }
}

/** The X11 rule for characters: Latin-1 as it is, everything else as Unicode plus 0x01000000 (X Protocol, appendix A). */
export const unicodeKeysym = (codePoint: number): number =>
  (codePoint >= 0x20 && codePoint <= 0x7e) || (codePoint >= 0xa0 && codePoint <= 0xff)
    ? codePoint
    : 0x01000000 + codePoint;

/** A character that no key can give: a control character or half of a surrogate pair. */
export interface UntypableCharacter {
  readonly index: number;
  readonly codePoint: number;
}

const isUntypable = (codePoint: number): boolean =>
  codePoint < 0x20 || (codePoint >= 0x7f && codePoint < 0xa0) || (codePoint >= 0xd800 && codePoint <= 0xdfff);

/** One keysym for each character of `text`; line ends become Return and tabs Tab. */
export function keysymsOf(text: string): readonly number[] | UntypableCharacter {
  const keysyms: number[] = [];
  const characters = Array.from(text.replaceAll('\r\n', '\n'));
  for (const [index, character] of characters.entries()) {
    const codePoint = character.codePointAt(0) ?? 0;
    if (character === '\n' || character === '\r') keysyms.push(KEYSYM.Return);
    else if (character === '\t') keysyms.push(KEYSYM.Tab);
    else if (isUntypable(codePoint)) return { index, codePoint };
    else keysyms.push(unicodeKeysym(codePoint));
  }
  return keysyms;
}
