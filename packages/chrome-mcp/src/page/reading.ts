import type { Gathering, Item } from './item.ts';
import type { Names } from './names.ts';
import type { Paint } from './paint.ts';
import type { Refs } from './refs.ts';
import type { FlatTree } from './shadow.ts';

export interface WalkParts {
  readonly tree: FlatTree;
  readonly names: Names;
  readonly refs: Refs;
}

/** What holds for everything in an element. */
export interface Scope {
  readonly paint: Paint;
  readonly element: Element;
  readonly style: CSSStyleDeclaration;
  /** In a control or a label: what looks clickable there is part of it. */
  readonly isInControl: boolean;
  readonly ref: number | null;
}

/** Bytes that a line takes beside its words, rather too many. */
export const LINE_BYTES = 8;

const MAX_NAME = 160;

/** What the making of a line needs of the walk that it is part of. */
export interface Reading extends WalkParts {
  /** Takes bytes from the budget. */
  spend(bytes: number): void;
  /** What is in an element, as lines below its own. */
  inner(element: Element, scope: Scope): readonly Item[];
  /** What is in an element, without a line of its own. */
  inside(element: Element, scope: Scope, out: Gathering): void;
}

/** The name of an element, as much of it as a line says. */
export function shortName({ names }: WalkParts, element: Element, role: string): string {
  const name = names.nameOf(element, role);
  return name.length > MAX_NAME ? `${name.slice(0, MAX_NAME)}…` : name;
}

/** Drops words that the name says already. */
export function without(items: readonly Item[], name: string): readonly Item[] {
  if (name === '') return items;
  return items.filter(({ role, name: words, ref, unseen }) => {
    const isSaid = (role === 'text' || role === 'img') && ref === null && name.includes(words);
    return !isSaid || (unseen !== undefined && words !== name);
  });
}
