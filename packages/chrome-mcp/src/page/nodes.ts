import { isElement } from './dom.ts';
import type { Names } from './names.ts';
import type { Refs } from './refs.ts';
import { roleOf } from './roles.ts';
import type { FlatTree } from './shadow.ts';

/** What the acting part needs to know of elements and their refs. */
export interface Nodes {
  /** The element of a ref, or the one that took its place; what it was when there is none. */
  find(ref: number): Held | Lost;
  refOf(element: Element): number;
  describe(element: Element): { readonly role: string; readonly name: string };
  /** Its shadow root, a closed one too when that is known. */
  shadowOf(element: Element): ShadowRoot | null;
}

export interface Held {
  readonly element: Element;
  readonly healed: boolean;
}

export interface Lost {
  readonly element: null;
  /** `null` when the ref was never given. */
  readonly was: { readonly role: string; readonly name: string } | null;
  /** What became of it, in words. */
  readonly why: string;
}

export interface NodesParts {
  readonly tree: FlatTree;
  readonly names: Names;
  readonly refs: Refs;
}

export function nodesOf({ tree, names, refs }: NodesParts): Nodes {
  const describe = (element: Element): { readonly role: string; readonly name: string } => ({
    role: roleOf(element),
    name: names.nameOf(element),
  });
  return {
    find: (ref) => {
      const found = refs.nodeOf(ref);
      if ('gone' in found) return { element: null, was: found.gone, why: lostBy(found.gone !== null) };
      const { node, healed } = found;
      return isElement(node)
        ? { element: node, healed }
        : { element: null, was: null, why: 'it is no element' };
    },
    refOf: (element) => {
      const { role, name } = describe(element);
      return refs.refFor(element, role, name);
    },
    describe,
    shadowOf: (element) => tree.rootOf(element),
  };
}

const lostBy = (isKnown: boolean): string =>
  isKnown ? 'it was removed, or drawn anew as one of several like it' : 'it is no element of this page';
