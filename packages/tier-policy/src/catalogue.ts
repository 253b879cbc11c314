import type { AppClass, Sentinel } from './app-class.ts';
import { LINUX_APPS } from './catalogue/linux.ts';
import { LINUX_DESKTOP } from './catalogue/linux-desktop.ts';
import { MACOS_APPS } from './catalogue/macos.ts';
import { SCRIPTED_APPS } from './catalogue/scripted.ts';
import { WINDOWS_APPS } from './catalogue/windows.ts';
import type { Platform } from './identity.ts';

/**
 * One application, and what the system calls it. Every name may hold `*` for any text and is compared
 * without regard to case. Entries only ever lower what an application would otherwise be given.
 */
export interface CatalogueEntry {
  readonly class: AppClass;
  /** For people; absent where an entry stands for several applications, which go by their file names. */
  readonly name?: string;
  /** Where the entry holds; everywhere when absent. */
  readonly platform?: Platform;
  /** File names of executables without `.exe` (on macOS also of the `.app`), or absolute paths. */
  readonly exe?: readonly string[];
  readonly flatpak?: readonly string[];
  readonly snap?: readonly string[];
  /** macOS bundle identifiers. */
  readonly bundle?: readonly string[];
  /** Programs that an interpreter runs: file names without ending, modules, main classes. */
  readonly script?: readonly string[];
  /** Besides those of the class. */
  readonly sentinels?: readonly Sentinel[];
}

/** Which of an application's names is looked up. */
export type NameKind = 'exe' | 'flatpak' | 'snap' | 'bundle' | 'script';

const NAME_KINDS: readonly NameKind[] = ['exe', 'flatpak', 'snap', 'bundle', 'script'];

const escaped = (text: string): string => text.replaceAll(/[\\^$.|?+()[\]{}]/g, String.raw`\$&`);

/** A test for a name with `*` in it, without regard to case. */
export const globTest = (pattern: string): RegExp =>
  new RegExp(`^${escaped(pattern).replaceAll('*', '.*')}$`, 'is');

interface Pattern {
  readonly test: RegExp;
  readonly entry: CatalogueEntry;
}

interface NameIndex {
  readonly exact: Map<string, CatalogueEntry[]>;
  /** By the letter that a name must begin with; `*` where any does. */
  readonly patterns: Map<string, Pattern[]>;
}

const add = <T>(lists: Map<string, T[]>, key: string, item: T): void => {
  const list = lists.get(key);
  if (list === undefined) lists.set(key, [item]);
  else list.push(item);
};

/** Catalogue entries, indexed by what the system calls the applications. */
export interface Catalogue {
  readonly entries: readonly CatalogueEntry[];
  /** Exact names win over patterns. */
  readonly find: (kind: NameKind, name: string, platform: Platform) => readonly CatalogueEntry[];
}

const indexOf = (kind: NameKind, entries: readonly CatalogueEntry[]): NameIndex => {
  const index: NameIndex = { exact: new Map(), patterns: new Map() };
  for (const entry of entries) {
    for (const name of (entry[kind] ?? []).map((text) => text.toLowerCase())) {
      if (name.includes('*')) add(index.patterns, name.charAt(0), { test: globTest(name), entry });
      else add(index.exact, name, entry);
    }
  }
  return index;
};

const holdsOn =
  (platform: Platform) =>
  (entry: CatalogueEntry): boolean =>
    entry.platform === undefined || entry.platform === platform;

/** Builds a catalogue; do it once and pass it on. */
export const catalogueOf = (entries: readonly CatalogueEntry[]): Catalogue => {
  const indexes = new Map(NAME_KINDS.map((kind) => [kind, indexOf(kind, entries)]));
  return {
    entries,
    find: (kind, name, platform) => {
      const index = indexes.get(kind);
      const wanted = name.toLowerCase();
      const exact = index?.exact.get(wanted)?.filter(holdsOn(platform)) ?? [];
      if (index === undefined || exact.length > 0) return exact;
      return [wanted.charAt(0), '*']
        .flatMap((first) => index.patterns.get(first) ?? [])
        .filter(({ test }) => test.test(wanted))
        .map(({ entry }) => entry)
        .filter(holdsOn(platform));
    },
  };
};

/** The applications that this package knows. */
export const CATALOGUE: Catalogue = catalogueOf([
  ...LINUX_APPS,
  ...LINUX_DESKTOP,
  ...SCRIPTED_APPS,
  ...MACOS_APPS,
  ...WINDOWS_APPS,
]);
