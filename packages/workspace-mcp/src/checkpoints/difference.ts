import { isSameNode, type Node } from './node.ts';
import type { Objects } from './objects.ts';

/** What became of one path. */
export interface Change {
  readonly path: string;
  readonly before: Node | null;
  readonly after: Node | null;
}

/** Compares moments; what it read of folders it remembers. */
export class Difference {
  readonly #objects: Objects;
  readonly #trees = new Map<string, ReadonlyMap<string, Node>>();

  constructor(objects: Objects) {
    this.#objects = objects;
  }

  /** What differs, folders before what is in them; equal folders are not looked into. */
  *between({ path, before, after }: Change): Generator<Change> {
    if (before?.kind === 'left' || after?.kind === 'left') return;
    if (!isSameNode(before, after)) yield { path, before, after };
    if (before?.kind === 'folder' && after?.kind === 'folder' && before.tree === after.tree) return;
    const [old, now] = [this.#inside(before), this.#inside(after)];
    for (const name of new Set([...old.keys(), ...now.keys()])) {
      yield* this.between({
        path: path === '.' ? name : `${path}/${name}`,
        before: old.get(name) ?? null,
        after: now.get(name) ?? null,
      });
    }
  }

  /** What a moment had below its path; nothing, when the way there is no folder. */
  at(top: Node | null, names: readonly string[]): Node | null {
    let node = top;
    for (const name of names) {
      if (node?.kind === 'left') return node;
      node = this.#inside(node).get(name) ?? null;
    }
    return node;
  }

  #inside(node: Node | null): ReadonlyMap<string, Node> {
    if (node?.kind !== 'folder') return NOTHING;
    const known = this.#trees.get(node.tree) ?? new Map(this.#objects.tree(node.tree));
    this.#trees.set(node.tree, known);
    return known;
  }
}

const NOTHING: ReadonlyMap<string, Node> = new Map();
