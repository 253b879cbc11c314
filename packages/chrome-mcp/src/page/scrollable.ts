import { clientHeight, scrollHeight, scrollTop, tagOf } from './dom.ts';

const SCROLLS = /auto|scroll/u;
/** Less than this is no more than rounding and borders. */
const HARDLY = 8;

/** How much more a part shows when it is scrolled; `null` when it shows all. */
export function scrollState(element: Element, style: CSSStyleDeclaration): string | null {
  if (!SCROLLS.test(style.overflow) || /^(?:html|body)$/u.test(tagOf(element))) return null;
  const more = scrollHeight(element) - clientHeight(element);
  if (more <= HARDLY) return null;
  const above = Math.round(scrollTop(element));
  return `scrolls: ${above} px above, ${Math.max(0, more - above)} px below`;
}

/** `scrollState` as a list of what to say. */
export function scrollStates(element: Element, style: CSSStyleDeclaration): readonly string[] {
  const scrolled = scrollState(element, style);
  return scrolled === null ? [] : [scrolled];
}

/** Such a part is scrolled by its reference. */
export const isScrollState = (state: string): boolean => state.startsWith('scrolls:');
