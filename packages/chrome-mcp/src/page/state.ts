import type { Obstacle } from './action-api.ts';
import { rectsOf } from './aim.ts';
import { lineOf, matches } from './flat-tree.ts';

export interface Hindrance {
  readonly obstacle: Obstacle;
  readonly why: string;
}

/** Why an element takes no input, if it takes none. */
export function disabledBy(element: Element): Hindrance | null {
  if (matches(element, ':disabled')) return { obstacle: 'disabled', why: 'it is disabled' };
  for (const above of lineOf(element)) {
    if (above.getAttribute('aria-disabled') === 'true') {
      return { obstacle: 'disabled', why: 'it is marked aria-disabled' };
    }
    if (above.hasAttribute('inert'))
      return { obstacle: 'disabled', why: 'it is in an inert part of the page' };
  }
  return null;
}

/** Why an element is not seen, if it is not. */
export function hiddenBy(element: Element): Hindrance | null {
  const hidden = (why: string): Hindrance => ({ obstacle: 'hidden', why });
  if (element instanceof HTMLAreaElement) return null;
  const { visibility, display } = getComputedStyle(element);
  if (display === 'none') return hidden('it has display: none');
  if (visibility !== 'visible') return hidden(`it has visibility: ${visibility}`);
  if (!element.checkVisibility() && display !== 'contents')
    return hidden('a part of the page around it is not shown');
  return rectsOf(element).length === 0 ? hidden('it has no size') : null;
}

/** What stands for a control that is not painted itself: its label. */
export function painted(element: Element): Element {
  if (hiddenBy(element) === null || !(element instanceof HTMLInputElement)) return element;
  return [...(element.labels ?? [])].find((label) => hiddenBy(label) === null) ?? element;
}
