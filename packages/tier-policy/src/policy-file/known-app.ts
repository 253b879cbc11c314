import { isProtectedClass } from '../app-class.ts';
import { CATALOGUE, globTest, type CatalogueEntry, type NameKind } from '../catalogue.ts';
import type { Platform } from '../identity.ts';
import { nearest } from '../near.ts';
import { isAbsolutePath } from '../path-text.ts';

const KINDS: readonly NameKind[] = ['exe', 'flatpak', 'snap', 'bundle', 'script'];

const PLATFORMS: readonly Platform[] = ['linux', 'macos', 'windows'];

const namesOf = (entry: CatalogueEntry): string[] => [
  ...(entry.name === undefined ? [] : [entry.name]),
  ...KINDS.flatMap((kind) => entry[kind] ?? []),
];

/** The catalogue's entries that a policy's name for an application means. */
const entriesNamed = (selector: string): readonly CatalogueEntry[] => {
  const lower = selector.toLowerCase();
  if (selector.includes('*')) {
    const wanted = globTest(selector);
    return CATALOGUE.entries.filter((entry) => namesOf(entry).some((name) => wanted.test(name)));
  }
  const named = CATALOGUE.entries.filter((entry) => entry.name?.toLowerCase() === lower);
  const found = KINDS.flatMap((kind) =>
    PLATFORMS.flatMap((platform) => CATALOGUE.find(kind, selector, platform)),
  );
  return [...new Set([...named, ...found])];
};

/** An identifier that says itself what it names: a path, a key, a reverse-domain identifier. */
const isIdentifier = (selector: string): boolean =>
  isAbsolutePath(selector) ||
  /^(linux|macos|windows|flatpak|snap)(\+argv)?:\S/.test(selector) ||
  /^[a-z][\w-]*\.[\w-]+\.[\w.*-]*[\w*]$/i.test(selector);

/** True when a policy may name an application so. */
export const isKnownApp = (selector: string): boolean =>
  isIdentifier(selector) || (/[a-z0-9]/i.test(selector) && entriesNamed(selector).length > 0);

/** Every entry that is meant is one that no policy can lift. */
export const isProtectedApp = (selector: string): boolean => {
  const entries = entriesNamed(selector);
  return entries.length > 0 && entries.every((entry) => isProtectedClass(entry.class));
};

/** Names from the catalogue that may have been meant. */
export const similarApps = (selector: string): string[] => {
  const known = CATALOGUE.entries.flatMap(namesOf).filter((name) => !/[*/]/.test(name));
  const byLower = new Map(known.toReversed().map((name) => [name.toLowerCase(), name]));
  return nearest(selector, [...byLower.values()]);
};

/** True when both mean one application: the same words, or the catalogue's name and one of its file names. */
export const isSameApp = (one: string, other: string): boolean => {
  const [a, b] = [one.toLowerCase(), other.toLowerCase()];
  if (a === b) return true;
  return entriesNamed(one).some((entry) => {
    const name = entry.name?.toLowerCase();
    return name !== undefined && (name === a || name === b) && entriesNamed(other).includes(entry);
  });
};
