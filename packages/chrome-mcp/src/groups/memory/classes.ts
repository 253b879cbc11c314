import type { Heap } from './heap.ts';

export interface ClassSize {
  readonly name: string;
  count: number;
  /** Bytes of its objects alone. */
  bytes: number;
}

/** Objects by their classes, the largest class first. */
export function classesOf(heap: Heap): readonly ClassSize[] {
  const classes = new Map<string, ClassSize>();
  for (let node = 1; node < heap.count; node++) {
    const name = heap.classOf(node);
    const known = classes.get(name) ?? { name, count: 0, bytes: 0 };
    known.count += 1;
    known.bytes += heap.size[node] ?? 0;
    classes.set(name, known);
  }
  return [...classes.values()].sort((a, b) => b.bytes - a.bytes);
}

/** How each class grew from one picture to a later one, what grew most first; those that stayed are left out. */
export function growth(before: readonly ClassSize[], after: readonly ClassSize[]): readonly ClassSize[] {
  const earlier = new Map(before.map((one) => [one.name, one]));
  const later = new Map(after.map((one) => [one.name, one]));
  const names = new Set([...earlier.keys(), ...later.keys()]);
  return [...names]
    .map((name) => ({
      name,
      count: (later.get(name)?.count ?? 0) - (earlier.get(name)?.count ?? 0),
      bytes: (later.get(name)?.bytes ?? 0) - (earlier.get(name)?.bytes ?? 0),
    }))
    .filter(({ count, bytes }) => count !== 0 || bytes !== 0)
    .sort((a, b) => b.bytes - a.bytes);
}
