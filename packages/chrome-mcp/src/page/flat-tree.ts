/** Reads by the prototype: the fields of a form stand in the way of properties of their names. */
const parentElementOf = (node: Node): Element | null => {
  const parent: unknown = Reflect.get(Node.prototype, 'parentElement', node);
  return parent instanceof Element ? parent : null;
};

export const rootOf = (node: Node): Node => Node.prototype.getRootNode.call(node);

/** The element above in the tree that is painted: through slots and out of shadow roots. */
export function parentOf(element: Element): Element | null {
  const slot: unknown = Reflect.get(Element.prototype, 'assignedSlot', element);
  if (slot instanceof Element) return slot;
  const parent = parentElementOf(element);
  if (parent !== null) return parent;
  const root = rootOf(element);
  return root instanceof ShadowRoot ? root.host : null;
}

/** The element and all above it. */
export function* lineOf(element: Element): Generator<Element> {
  for (let at: Element | null = element; at !== null; at = parentOf(at)) yield at;
}

export function closest(element: Element, selector: string): Element | null {
  for (const above of lineOf(element)) if (matches(above, selector)) return above;
  return null;
}

export const matches = (element: Element, selector: string): boolean =>
  Element.prototype.matches.call(element, selector);

export function isWithin(inner: Element, outer: Element): boolean {
  for (const above of lineOf(inner)) if (above === outer) return true;
  return false;
}

/** The document and the shadow roots around an element, outermost first. */
export function rootsOf(element: Element): readonly (Document | ShadowRoot)[] {
  const roots: (Document | ShadowRoot)[] = [];
  for (let at: Node = element; ;) {
    const root = rootOf(at);
    if (root instanceof ShadowRoot) {
      roots.unshift(root);
      at = root.host;
    } else {
      return root instanceof Document ? [root, ...roots] : roots;
    }
  }
}
