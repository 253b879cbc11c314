import x11 from 'x11';
import { unicodeKeysym } from '../../core/keymap.ts';

const codeOf = (entry: { readonly code?: number | undefined } | number | undefined): number | null =>
  typeof entry === 'number' ? entry : (entry?.code ?? null);

/** The keysym for a name of X11 (`Return`, `F4`, `plus`, `U0436`) or for a single character; `null` for neither. */
export function keysymNamed(name: string): number | null {
  const hex = /^U([0-9A-F]{4,6})$/.exec(name)?.[1];
  if (hex !== undefined) return unicodeKeysym(Number.parseInt(hex, 16));
  const named = codeOf(x11.keySyms[`XK_${name}`] ?? x11.keySyms[name]);
  if (named !== null) return named;
  const [character, ...rest] = Array.from(name);
  const codePoint = character?.codePointAt(0);
  return codePoint === undefined || rest.length > 0 ? null : unicodeKeysym(codePoint);
}

/**
 * Older layouts name their letters by keysyms from before Unicode (Cyrillic_a is 0x6c1); this gives that number
 * for a Unicode keysym, from the character that the library's table notes for each.
 */
export function legacyKeysyms(): ReadonlyMap<number, number> {
  const legacy = new Map<number, number>();
  for (const entry of Object.values(x11.keySyms)) {
    if (typeof entry === 'number' || entry.code === undefined) continue;
    const character = /^\((.)\) /su.exec(entry.description ?? '')?.[1];
    const codePoint = character?.codePointAt(0);
    if (codePoint !== undefined && entry.code !== unicodeKeysym(codePoint)) {
      legacy.set(unicodeKeysym(codePoint), entry.code);
    }
  }
  return legacy;
}
