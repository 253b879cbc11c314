/**
 * Reads the document with the accessors of its prototypes: a form answers for `form.parentNode` with a field of that
 * name, and a document for `document.body` with an image, in an isolated world as well.
 */
function reader<T extends object, K extends keyof T & string>(prototype: T, key: K): (of: T) => T[K] {
  const descriptor: TypedPropertyDescriptor<T[K]> | undefined = Object.getOwnPropertyDescriptor(
    prototype,
    key,
  );
  const read = descriptor?.get;
  if (read === undefined) throw new TypeError(`${key} is no accessor`);
  return (of) => read.call(of);
}

export const firstChild = reader(Node.prototype, 'firstChild');
export const nextSibling = reader(Node.prototype, 'nextSibling');
export const parentNode = reader(Node.prototype, 'parentNode');
export const isConnected = reader(Node.prototype, 'isConnected');
const nodeType = reader(Node.prototype, 'nodeType');
export const textContent = reader(Node.prototype, 'textContent');
export const tagOf = reader(Element.prototype, 'localName');
const namespaceOf = reader(Element.prototype, 'namespaceURI');
export const openRoot = reader(Element.prototype, 'shadowRoot');
export const slotOfElement = reader(Element.prototype, 'assignedSlot');
export const slotOfText = reader(Text.prototype, 'assignedSlot');
export const scrollHeight = reader(Element.prototype, 'scrollHeight');
export const scrollTop = reader(Element.prototype, 'scrollTop');
export const scrollLeft = reader(Element.prototype, 'scrollLeft');
export const clientHeight = reader(Element.prototype, 'clientHeight');
export const titleOf = reader(Document.prototype, 'title');
export const rootScroller = reader(Document.prototype, 'scrollingElement');

export const attribute = (of: Element, name: string): string | null =>
  Element.prototype.getAttribute.call(of, name);
export const hasAttribute = (of: Element, name: string): boolean =>
  Element.prototype.hasAttribute.call(of, name);
export const rectOf = (of: Element): DOMRect => Element.prototype.getBoundingClientRect.call(of);
export const matches = (of: Element, selector: string): boolean =>
  Element.prototype.matches.call(of, selector);
export const closest = (of: Element, selector: string): Element | null =>
  Element.prototype.closest.call(of, selector);
export const contains = (of: Node, other: Node): boolean => Node.prototype.contains.call(of, other);
const rootOf = (of: Node): Node => Node.prototype.getRootNode.call(of);

export const isElement = (node: Node | null): node is Element => node instanceof Element;
export const isText = (node: Node): node is Text => nodeType(node) === 3;
export const isHtml = (of: Element): boolean => namespaceOf(of) === 'http://www.w3.org/1999/xhtml';

/** The elements that an attribute with ids names, in its tree. */
export function idsOf(of: Element, name: string): readonly Element[] {
  const ids = attribute(of, name)?.trim();
  if (ids === undefined || ids === '') return [];
  const root = rootOf(of);
  const byId = (id: string): Element | null => {
    if (root instanceof Document) return Document.prototype.getElementById.call(root, id);
    return root instanceof DocumentFragment ? DocumentFragment.prototype.getElementById.call(root, id) : null;
  };
  return ids
    .split(/\s+/u)
    .map(byId)
    .filter((found) => found !== null);
}

/** Text with every run of white space as one space. */
export const squeezed = (text: string): string => text.replaceAll(/[\s\u00a0]+/gu, ' ');

/** `null` when the page removed it. */
export function rootElement(): Element | null {
  for (let node: Node | null = firstChild(document); node !== null; node = nextSibling(node)) {
    if (isElement(node)) return node;
  }
  return null;
}
