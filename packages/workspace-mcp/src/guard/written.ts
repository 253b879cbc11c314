import { pathsOf } from './places.ts';
import { UNKNOWN, type Scope } from './scope.ts';
import type { Field } from './words.ts';

const MOST_FILES = 200;
const MOST_OF_ONE = 8;

/** What commands wrote into files, by path: all that each may have in it, for when one is run. */
export class Written {
  readonly #contents = new Map<string, readonly string[]>();

  add(paths: readonly string[], content: string, isAppended = false): void {
    for (const path of paths) {
      const before = this.#contents.get(path) ?? [];
      if (this.#contents.size >= MOST_FILES && before.length === 0) return;
      const longer = isAppended ? before.map((one) => one + content) : [];
      const all = [...new Set([...before, content, ...longer])];
      // one of those that are forgotten may be what is in it
      this.#contents.set(path, all.length > MOST_OF_ONE ? [UNKNOWN] : all);
    }
  }

  of(field: Field, scope: Scope): readonly string[] {
    return pathsOf(field, scope).flatMap((path) =>
      path.includes(UNKNOWN) ? this.#ofAny(path.split(UNKNOWN)[0] ?? '') : (this.#contents.get(path) ?? []),
    );
  }

  /** Of all files that it may be. */
  #ofAny(start: string): readonly string[] {
    return [...this.#contents].flatMap(([path, contents]) => (path.startsWith(start) ? contents : []));
  }

  /** Copies and moves: the last one gets what the others have. */
  passOn(fields: readonly Field[], scope: Scope): void {
    const operands = fields.filter(({ text }) => !text.startsWith('-'));
    const target = operands.at(-1);
    if (target === undefined || operands.length < 2) return;
    for (const source of operands.slice(0, -1)) {
      const name = source.text.slice(source.text.lastIndexOf('/') + 1);
      const inFolder = pathsOf(target, scope).map((path) => `${path}/${name}`);
      for (const content of this.of(source, scope))
        this.add([...pathsOf(target, scope), ...inFolder], content);
    }
  }
}
