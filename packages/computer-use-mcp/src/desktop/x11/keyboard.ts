import { KEYSYM, Keymap, type Placement } from '../../core/keymap.ts';
import type { XConnection } from './connection.ts';
import { legacyKeysyms } from './keysym-names.ts';
import { ModifierKeys } from './modifiers.ts';

/** Symbols for one borrowed key: both levels of the first two layouts, so that no lock or layout changes it. */
const PER_KEY = 4;

/** A key and the one symbol that it is to have. */
interface Key {
  readonly keycode: number;
  readonly keysym: number;
}

/**
 * The keyboard of the X server: where each symbol is, and keys without a symbol that are borrowed for what the
 * layout lacks. A borrowed key keeps its symbol until it is needed for another one or the desktop is closed,
 * because an application looks the symbol up only when it gets to the event.
 */
export class Keyboard {
  readonly #x: XConnection;
  readonly #legacy = legacyKeysyms();
  readonly #borrowed: Map<number, number>;
  #keymap: Keymap;
  #changes = 0;
  #loadedAt = 0;
  readonly #stopListening: () => void;

  private constructor(x: XConnection, loans: Map<number, number>) {
    this.#x = x;
    this.#borrowed = loans;
    this.#keymap = new Keymap([], 0, new Set());
    this.#stopListening = x.onEvent((event) => {
      if (event.name === 'MappingNotify') this.#changes++;
    });
  }

  /** `loans` are the keys borrowed by symbol: they outlast a connection, and so must the knowledge of them. */
  static async open(x: XConnection, loans: Map<number, number>): Promise<Keyboard> {
    const keyboard = new Keyboard(x, loans);
    await keyboard.reload();
    return keyboard;
  }

  get modifierKeys(): ModifierKeys {
    return new ModifierKeys(this.#keymap);
  }

  /** Somebody changed the keyboard since it was read; only exact after a round trip. */
  get isStale(): boolean {
    return this.#changes !== this.#loadedAt;
  }

  async reload(): Promise<void> {
    const { client, display } = this.#x;
    const first = display.min_keycode;
    do {
      this.#loadedAt = this.#changes;
      const [rows, modifiers] = await Promise.all([
        this.#x.ask<readonly (readonly number[])[]>((reply) =>
          client.GetKeyboardMapping(first, display.max_keycode - first + 1, reply),
        ),
        this.#x.ask<readonly (readonly number[])[]>((reply) => client.GetModifierMapping(reply)),
      ]);
      this.#keymap = new Keymap(rows, first, new Set(modifiers.flat()));
    } while (this.isStale);
    for (const [keysym, keycode] of this.#borrowed) {
      if (this.#keymap.place(keysym, 0)?.keycode !== keycode) this.#borrowed.delete(keysym);
    }
  }

  /** The key for a symbol under the active layout; `null` when one must be borrowed first. */
  place(keysym: number, group: number): Placement | null {
    const borrowed = this.#borrowed.get(keysym);
    if (borrowed !== undefined) return { keycode: borrowed, shift: false, level3: false };
    const legacy = this.#legacy.get(keysym);
    return (
      this.#keymap.place(keysym, group) ?? (legacy === undefined ? null : this.#keymap.place(legacy, group))
    );
  }

  keycodeOf(keysym: number): number | null {
    return this.#keymap.keycodeOf(keysym);
  }

  get level3Key(): number | null {
    return this.#keymap.keycodeOf(KEYSYM.ISO_Level3_Shift);
  }

  /** Keys that can still be borrowed without taking one back. */
  get free(): number {
    return this.#keymap.unused().length;
  }

  get borrowsAny(): boolean {
    return this.#borrowed.size > 0;
  }

  /** Borrows a key for each of `keysyms`; call only with as many as are free. */
  async borrow(keysyms: readonly number[]): Promise<void> {
    const unused = this.#keymap.unused();
    const keys = keysyms.map((keysym, index): Key => {
      const keycode = unused[index];
      if (keycode === undefined) throw new Error('no key is left to borrow');
      return { keycode, keysym };
    });
    for (const { keycode, keysym } of keys) this.#borrowed.set(keysym, keycode);
    await this.#change(keys);
  }

  /** Gives every borrowed key back. Applications must have handled the events that used them. */
  async giveBack(): Promise<void> {
    const keycodes = [...this.#borrowed.values()].toSorted((a, b) => a - b);
    this.#borrowed.clear();
    await this.#change(keycodes.map((keycode) => ({ keycode, keysym: 0 })));
  }

  /** In as few requests as can be: each makes window managers look at all their shortcuts again. */
  async #change(keys: readonly Key[]): Promise<void> {
    for (const run of runsOf(keys)) {
      const keysyms = run.flatMap(({ keysym }) => new Array<number>(PER_KEY).fill(keysym));
      this.#x.client.ChangeKeyboardMapping(run[0].keycode, PER_KEY, keysyms);
    }
    await this.#x.sync();
    await this.reload();
  }

  close(): void {
    this.#stopListening();
  }
}

/** Splits keys in ascending order into runs of neighbours. */
function runsOf(keys: readonly Key[]): readonly (readonly [Key, ...Key[]])[] {
  const runs: [Key, ...Key[]][] = [];
  for (const key of keys) {
    const run = runs.at(-1);
    if (run?.at(-1)?.keycode === key.keycode - 1) run.push(key);
    else runs.push([key]);
  }
  return runs;
}
