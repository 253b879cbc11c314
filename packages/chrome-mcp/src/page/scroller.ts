import type { Spot } from './action-api.ts';
import { lineOf } from './flat-tree.ts';

export const rootScroller = (): Element => document.scrollingElement ?? document.documentElement;

/** What scrolls in this direction around an element; without one the page, else what scrolls in its middle. */
export function scrollerOf(element: Element | null, by: Spot | undefined): Element {
  const root = rootScroller();
  if (element !== null) return around(element, by) ?? root;
  if (canScroll(root, by)) return root;
  const middle = document.elementFromPoint(innerWidth / 2, innerHeight / 2);
  return (middle === null ? null : around(middle, by)) ?? root;
}

function around(element: Element, by: Spot | undefined): Element | null {
  for (const above of lineOf(element)) if (canScroll(above, by)) return above;
  return null;
}

/** Whether it scrolls in this direction, or in any. */
export function canScroll(element: Element, by: Spot | undefined): boolean {
  const { x, y } = endOf(element);
  const isAlong = by === undefined || (by.y !== 0 ? y > 0 : x > 0);
  if (!isAlong || (x <= 0 && y <= 0)) return false;
  if (element === rootScroller()) return true;
  const { overflowX, overflowY } = getComputedStyle(element);
  const overflow = by === undefined || by.y !== 0 ? overflowY : overflowX;
  return overflow === 'auto' || overflow === 'scroll' || overflow === 'hidden';
}

export const positionOf = ({ scrollLeft, scrollTop }: Element): Spot => ({
  x: Math.round(scrollLeft),
  y: Math.round(scrollTop),
});

/** How far it goes. */
export const endOf = ({ scrollWidth, clientWidth, scrollHeight, clientHeight }: Element): Spot => ({
  x: scrollWidth - clientWidth,
  y: scrollHeight - clientHeight,
});
