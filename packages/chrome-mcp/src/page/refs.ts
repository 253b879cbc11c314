import type { PageNodes } from './api.ts';

/** Numbers of nodes: each node keeps its own as long as it lives, and none is given twice. */
export class Refs implements PageNodes<Node> {
  readonly #refs = new WeakMap<Node, number>();
  readonly #nodes = new Map<number, WeakRef<Node>>();
  #next = 1;

  get next(): number {
    return this.#next;
  }

  begin(firstRef: number): void {
    this.#next = firstRef;
  }

  refOf(node: Node): number {
    const known = this.#refs.get(node);
    if (known !== undefined) return known;
    const ref = this.#next++;
    this.#refs.set(node, ref);
    this.#nodes.set(ref, new WeakRef(node));
    return ref;
  }

  nodeOf(ref: number): Node | null {
    return this.#nodes.get(ref)?.deref() ?? null;
  }
}
