import { closest, contains, isConnected, isElement, rectOf, squeezed, tagOf, textContent } from './dom.ts';

/** What is remembered of a node, to find it again when the page has drawn it anew. */
export interface Description {
  readonly role: string;
  readonly name: string;
  readonly tag: string;
  /** Words of the row or item that it is in; a button of another row is another button. */
  readonly around: string;
  readonly x: number;
  readonly y: number;
}

export type Resolved =
  { readonly node: Node; readonly healed: boolean } | { readonly gone: Description | null };

/** How a node is read for its description. */
export interface Reading {
  role(element: Element): string;
  name(element: Element): string;
  /** Elements of a tag that are painted, in all trees of the frame. */
  painted(tag: string): Iterable<Element>;
}

const MAX_GONE = 5_000;
const NEAR = 8;
const MAX_AROUND = 200;

/** Numbers for nodes. A number is a node's for good; a node that was drawn anew may take over that of the old one. */
export class Refs {
  readonly #reading: Reading;
  readonly #refs = new WeakMap<Node, number>();
  readonly #nodes = new Map<number, WeakRef<Node>>();
  readonly #descriptions = new Map<number, Description>();
  #next = 1;

  constructor(reading: Reading) {
    this.#reading = reading;
  }

  get next(): number {
    return this.#next;
  }

  begin(firstRef: number): void {
    this.#next = Math.max(this.#next, firstRef);
  }

  refOf(node: Node): number {
    const known = this.#refs.get(node);
    if (known !== undefined) return known;
    const ref = this.#next++;
    this.#refs.set(node, ref);
    this.#nodes.set(ref, new WeakRef(node));
    if (this.#nodes.size % MAX_GONE === 0) this.#forget();
    return ref;
  }

  /** Gives the ref of an element and remembers what it is. */
  refFor(element: Element, role: string, name: string): number {
    const ref = this.refOf(element);
    this.#descriptions.set(ref, described(element, role, name));
    return ref;
  }

  /** The node of a ref; one that was drawn anew is found by role, name, surroundings and place, if there is one. */
  nodeOf(ref: number): Resolved {
    const node = this.#nodes.get(ref)?.deref();
    if (node !== undefined && isConnected(node)) return { node, healed: false };
    const description = this.#descriptions.get(ref) ?? null;
    const again = description === null ? null : this.#findAgain(description);
    if (again === null) return { gone: description };
    this.#nodes.set(ref, new WeakRef(again));
    if (!this.#refs.has(again)) this.#refs.set(again, ref);
    return { node: again, healed: true };
  }

  describe(ref: number): { readonly description: Description; readonly isAttached: boolean } | null {
    const node = this.#nodes.get(ref)?.deref();
    const isAttached = node !== undefined && isConnected(node);
    if (isAttached && isElement(node)) {
      const description = described(node, this.#reading.role(node), this.#reading.name(node));
      this.#descriptions.set(ref, description);
      return { description, isAttached };
    }
    const description = this.#descriptions.get(ref);
    return description === undefined ? null : { description, isAttached };
  }

  #findAgain(old: Description): Element | null {
    const same: Element[] = [];
    for (const element of this.#reading.painted(old.tag)) {
      const isSame = this.#reading.role(element) === old.role && around(element) === old.around;
      if (isSame && this.#reading.name(element) === old.name) same.push(element);
    }
    if (same.length <= 1) return same[0] ?? null;
    const near = same.filter((element) => {
      const { x, y } = place(element);
      return Math.abs(x - old.x) <= NEAR && Math.abs(y - old.y) <= NEAR;
    });
    return near.length === 1 ? (near[0] ?? null) : null;
  }

  #forget(): void {
    const gone = [...this.#nodes].filter(([, node]) => node.deref() === undefined).map(([ref]) => ref);
    for (const ref of gone) this.#nodes.delete(ref);
    for (const ref of gone.slice(0, -MAX_GONE)) this.#descriptions.delete(ref);
  }
}

const described = (element: Element, role: string, name: string): Description => ({
  ...{ role, name, tag: tagOf(element), around: around(element) },
  ...place(element),
});

const ITEMS = 'tr,li,[role=row],[role=listitem],[role=option],[role=treeitem],article,[role=article]';

/** Words of the nearest row or item, without those of the element itself. */
function around(element: Element): string {
  const item = closest(element, ITEMS);
  if (item === null || item === element) return '';
  const texts = Document.prototype.createTreeWalker.call(document, item, NodeFilter.SHOW_TEXT);
  let words = '';
  for (let text = texts.nextNode(); text !== null && words.length < MAX_AROUND; text = texts.nextNode()) {
    if (!contains(element, text)) words += ` ${textContent(text) ?? ''}`;
  }
  return squeezed(words).trim().slice(0, MAX_AROUND);
}

/** Centre, in pixels of the document. */
function place(element: Element): { readonly x: number; readonly y: number } {
  const { left, top, width, height } = rectOf(element);
  return { x: left + scrollX + width / 2, y: top + scrollY + height / 2 };
}
