import { firstChild, isElement, isText, nextSibling, openRoot, parentNode } from './dom.ts';
import { slotOfElement, slotOfText, tagOf } from './dom.ts';

/** The flat tree: shadow roots in place of what their hosts contain, and slots with what was put into them. */
export class FlatTree {
  readonly #closed = new WeakMap<Element, ShadowRoot>();
  readonly #checked = new WeakSet<Element>();

  /** Takes in a root that the page keeps to itself. */
  adopt(root: ShadowRoot): void {
    this.#closed.set(root.host, root);
  }

  rootOf(host: Element): ShadowRoot | null {
    return openRoot(host) ?? this.#closed.get(host) ?? null;
  }

  /** Whether the host should be asked for a closed root; says yes once. */
  shouldAsk(host: Element): boolean {
    if (this.#checked.has(host) || this.rootOf(host) !== null) return false;
    this.#checked.add(host);
    return true;
  }

  /** The document and every root in it, outer ones first. */
  roots(): readonly (Document | ShadowRoot)[] {
    const roots: (Document | ShadowRoot)[] = [document];
    // grows while it is read
    for (const root of roots) {
      for (const element of root.querySelectorAll('*')) {
        const inner = this.rootOf(element);
        if (inner !== null) roots.push(inner);
      }
    }
    return roots;
  }

  children(of: Node): readonly Node[] {
    if (!isElement(of)) return listed(of);
    const root = this.rootOf(of);
    if (root !== null) return listed(root);
    if (of instanceof HTMLSlotElement) {
      const put = HTMLSlotElement.prototype.assignedNodes.call(of);
      if (put.length > 0) return put;
    }
    return listed(of);
  }

  parent(of: Node): Element | null {
    const slot = slotOf(of);
    if (slot !== null) return slot;
    const above = parentNode(of);
    if (above instanceof ShadowRoot) return above.host;
    return isElement(above) ? above : null;
  }
}

/** Elements of HTML that may have a shadow root without being custom ones. */
const HOSTS = new Set(
  'article aside blockquote body div footer h1 h2 h3 h4 h5 h6 header main nav p section span'.split(' '),
);

/** Could have a closed shadow root: a custom element, or one that has nothing in it. */
export function couldHost(element: Element): boolean {
  const tag = tagOf(element);
  return tag.includes('-') || (HOSTS.has(tag) && firstChild(element) === null);
}

const slotOf = (node: Node): Element | null =>
  isElement(node) ? slotOfElement(node) : isText(node) ? slotOfText(node) : null;

function listed(of: Node): readonly Node[] {
  const all: Node[] = [];
  for (let node: Node | null = firstChild(of); node !== null; node = nextSibling(node)) all.push(node);
  return all;
}
