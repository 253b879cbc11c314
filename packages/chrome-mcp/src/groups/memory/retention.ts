import type { Heap } from './heap.ts';

const NONE = 0xffffffff;

/** What would go with each object, and who holds it. */
export interface Retention {
  /** Bytes that are only held through an object, its own among them. */
  readonly retained: Float64Array;
  /** The edges and objects from the root to an object, the shortest way. */
  readonly pathTo: (node: number) => readonly { readonly edge: number; readonly from: number }[];
}

/**
 * By dominators: an object is kept by the last one that all ways from the root to it have in common. Found as Cooper,
 * Harvey and Kennedy do it ("A Simple, Fast Dominance Algorithm", 2001).
 */
export function retentionOf(heap: Heap): Retention {
  const order = postorder(heap);
  const rank = new Uint32Array(heap.count).fill(NONE);
  for (const [at, node] of order.entries()) rank[node] = at;
  const dominator = dominators(heap, order, rank);
  const retained = heap.size.slice();
  for (const node of order) {
    const above = dominator[node] ?? NONE;
    if (above !== NONE && above !== node) retained[above] = (retained[above] ?? 0) + (retained[node] ?? 0);
  }
  const parents = shortest(heap);
  return { retained, pathTo: (node) => pathTo(parents, node) };
}

/** Objects that the root reaches, each after all that are first reached through it. */
function postorder(heap: Heap): readonly number[] {
  const order: number[] = [];
  const next = heap.firstEdge.slice();
  const seen = new Uint8Array(heap.count);
  const stack = [0];
  seen[0] = 1;
  for (let node = stack.at(-1); node !== undefined; node = stack.at(-1)) {
    const edge = next[node] ?? 0;
    if (edge >= (heap.firstEdge[node + 1] ?? 0)) {
      order.push(node);
      stack.pop();
      continue;
    }
    next[node] = edge + 1;
    const to = heap.target[edge] ?? 0;
    if (seen[to] === 1 || !heap.holds(edge)) continue;
    seen[to] = 1;
    stack.push(to);
  }
  return order;
}

function dominators(heap: Heap, order: readonly number[], rank: Uint32Array): Uint32Array {
  const { first, from } = holders(heap, rank);
  const dominator = new Uint32Array(heap.count).fill(NONE);
  dominator[0] = 0;
  const common = (one: number, other: number): number => {
    let [a, b] = [one, other];
    while (a !== b) {
      while ((rank[a] ?? 0) < (rank[b] ?? 0)) a = dominator[a] ?? 0;
      while ((rank[b] ?? 0) < (rank[a] ?? 0)) b = dominator[b] ?? 0;
    }
    return a;
  };
  for (let hasChanged = true; hasChanged;) {
    hasChanged = false;
    for (let at = order.length - 2; at >= 0; at--) {
      const node = order[at] ?? 0;
      let found = NONE;
      for (let edge = first[node] ?? 0; edge < (first[node + 1] ?? 0); edge++) {
        const holder = from[edge] ?? 0;
        if (dominator[holder] === NONE) continue;
        found = found === NONE ? holder : common(found, holder);
      }
      if (dominator[node] === found) continue;
      dominator[node] = found;
      hasChanged = true;
    }
  }
  return dominator;
}

/** For each object those that hold it, as far as the root reaches them. */
function holders(heap: Heap, rank: Uint32Array): { readonly first: Uint32Array; readonly from: Uint32Array } {
  const first = new Uint32Array(heap.count + 1);
  const each = (visit: (from: number, to: number) => void): void => {
    for (let node = 0; node < heap.count; node++) {
      if (rank[node] === NONE) continue;
      for (let edge = heap.firstEdge[node] ?? 0; edge < (heap.firstEdge[node + 1] ?? 0); edge++) {
        if (heap.holds(edge)) visit(node, heap.target[edge] ?? 0);
      }
    }
  };
  each((_, to) => {
    first[to + 1] = (first[to + 1] ?? 0) + 1;
  });
  for (let node = 0; node < heap.count; node++) first[node + 1] = (first[node + 1] ?? 0) + (first[node] ?? 0);
  const from = new Uint32Array(first[heap.count] ?? 0);
  const free = first.slice();
  each((node, to) => {
    from[free[to] ?? 0] = node;
    free[to] = (free[to] ?? 0) + 1;
  });
  return { first, from };
}

interface Parents {
  readonly edge: Uint32Array;
  readonly from: Uint32Array;
}

function shortest(heap: Heap): Parents {
  const edgeTo = new Uint32Array(heap.count).fill(NONE);
  const from = new Uint32Array(heap.count).fill(NONE);
  const queue = [0];
  from[0] = 0;
  for (const node of queue) {
    for (let edge = heap.firstEdge[node] ?? 0; edge < (heap.firstEdge[node + 1] ?? 0); edge++) {
      const to = heap.target[edge] ?? 0;
      if (from[to] !== NONE || !heap.holds(edge)) continue;
      from[to] = node;
      edgeTo[to] = edge;
      queue.push(to);
    }
  }
  return { edge: edgeTo, from };
}

function pathTo({ edge, from }: Parents, node: number): ReturnType<Retention['pathTo']> {
  const path: { edge: number; from: number }[] = [];
  for (let at = node; at !== 0 && (from[at] ?? NONE) !== NONE; at = from[at] ?? 0) {
    path.unshift({ edge: edge[at] ?? 0, from: from[at] ?? 0 });
  }
  return path;
}
