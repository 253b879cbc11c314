/** Something an application can be named by, with what it stands for. */
export interface Named<T> {
  readonly names: readonly string[];
  readonly value: T;
}

export type Match<T> =
  | { readonly kind: 'one'; readonly value: T }
  | { readonly kind: 'several'; readonly values: readonly T[] }
  | { readonly kind: 'none'; readonly near: readonly string[] };

const MAX_NEAR = 5;

const plain = (name: string): string => name.trim().toLowerCase();

/**
 * Finds what a person or a model means by an application's name: the whole name decides, upper and lower case
 * do not matter, and parts of names only serve to suggest. `keyOf` tells two values apart.
 */
export function matchName<T>(query: string, all: readonly Named<T>[], keyOf: (value: T) => string): Match<T> {
  const wanted = plain(query);
  const exact = all.filter(({ names }) => names.some((name) => plain(name) === wanted));
  const distinct = [...new Map(exact.map(({ value }) => [keyOf(value), value])).values()];
  const [only] = distinct;
  if (only !== undefined) {
    return distinct.length === 1 ? { kind: 'one', value: only } : { kind: 'several', values: distinct };
  }
  const near = all.flatMap(({ names }) =>
    names.some((name) => plain(name).includes(wanted) || (plain(name) !== '' && wanted.includes(plain(name))))
      ? [names[0] ?? '']
      : [],
  );
  return { kind: 'none', near: [...new Set(near)].slice(0, MAX_NEAR) };
}
