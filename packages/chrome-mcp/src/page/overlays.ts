import { isElement, parentNode } from './dom.ts';

/** Where to look, in parts of the screen. */
const PLACES = [
  [0.5, 0.5],
  [0.5, 0.015],
  [0.5, 0.1],
  [0.5, 0.9],
  [0.5, 0.985],
  [0.04, 0.5],
  [0.96, 0.5],
  [0.96, 0.96],
] as const;

/** What lies over a page and may stand at the end of its document: dialogs, banners, bars. */
export function overlays(root: Element): readonly Element[] {
  const found = new Set<Element>(root.querySelectorAll('dialog:modal, :popover-open'));
  for (const [x, y] of PLACES) {
    const over = overAt(innerWidth * x, innerHeight * y);
    if (over !== null) found.add(over);
  }
  const all = [...found];
  return all.filter((one) => !all.some((other) => other !== one && other.contains(one)));
}

/** The outermost fixed element that is painted at a place. */
function overAt(x: number, y: number): Element | null {
  let over: Element | null = null;
  let node: Node | null = document.elementFromPoint(x, y);
  while (isElement(node)) {
    if (getComputedStyle(node).position === 'fixed') over = node;
    node = parentNode(node);
  }
  return over;
}
