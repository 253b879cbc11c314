import type { Unseen } from './api.ts';
import { rectOf, scrollLeft, scrollTop, tagOf } from './dom.ts';
import type { FlatTree } from './shadow.ts';
import { isSameColour } from './colour.ts';

export interface Box {
  readonly left: number;
  readonly top: number;
  readonly right: number;
  readonly bottom: number;
}

/** What the elements around decide on how an element is painted. */
export interface Paint {
  readonly unseen: Unseen | null;
  readonly opacity: number;
  /** Colour behind, when it is one colour and known. */
  readonly background: string | null;
  /** Nothing outside is painted; `null` for no limit. */
  readonly clip: Box | null;
  /** The same for what is positioned absolutely. */
  readonly outerClip: Box | null;
  /** How far the scrollers around have been scrolled. */
  readonly left: number;
  readonly top: number;
  readonly isFixed: boolean;
}

const TINY = 2;
const FAINT = 0.06;
const NO_AREA = /^(?:inset\((?:50|[6-9]\d|100)(?:\.\d+)?%|circle\(0|ellipse\(0|polygon\(0px 0px, 0px 0px)/u;
const NO_CLIP = /^rect\((?:0|1)px,? (?:0|1)px,? (?:0|1)px,? (?:0|1)px\)$/u;
const CUTS = /hidden|clip/u;
const SCROLLS = /auto|scroll/u;

export const startOfPaint = (): Paint => ({
  ...{ unseen: null, opacity: 1, clip: null, outerClip: null, left: scrollX, top: scrollY },
  ...{ background: parent === window ? 'rgb(255, 255, 255)' : null, isFixed: false },
});

/** How an element and what is in it is painted. Reads few properties, because each read costs as much as a rect. */
export function paintOf(element: Element, style: CSSStyleDeclaration, outer: Paint): Paint {
  const { position, overflow } = style;
  const isFixed = outer.isFixed || position === 'fixed';
  const isOut = position === 'fixed' || position === 'absolute';
  const opacity = outer.opacity * Number(style.opacity);
  const around = position === 'fixed' ? null : isOut ? outer.outerClip : outer.clip;
  const clip = CUTS.test(overflow) && cutsOff(element, style) ? meet(around, rectOf(element)) : around;
  const isScroller = SCROLLS.test(overflow);
  return {
    unseen: outer.unseen ?? unseenBy(style, opacity, isOut),
    ...{ opacity, clip, isFixed },
    background: backgroundOf(style, outer),
    outerClip: position === 'static' ? outer.outerClip : clip,
    left: outer.left + (isScroller ? scrollLeft(element) : 0),
    top: outer.top + (isScroller ? scrollTop(element) : 0),
  };
}

/** Why the box of an element is not seen; `null` when it is. */
export function unseenBox(paint: Paint, box: Box): Unseen | null {
  if (paint.unseen !== null) return paint.unseen;
  if (paint.clip !== null && isOutside(box, paint.clip)) return 'clipped';
  return isOffScreen(paint, box) ? 'off-screen' : null;
}

/** Why the words of a text are not seen; `null` when they are. */
export function unseenText(
  text: Text,
  element: Element,
  style: CSSStyleDeclaration,
  paint: Paint,
): Unseen | null {
  const box = wordsBox(text, element, style);
  const reason = unseenBox(paint, box);
  if (reason !== null) return reason;
  if (parseFloat(style.fontSize) <= TINY || box.bottom - box.top <= TINY) return 'tiny';
  return isSameColour({ element, style, behind: paint.background, box }) ? 'same-colour' : null;
}

/** The box of a text, from the element when that is the same and cheaper. */
function wordsBox(text: Text, element: Element, style: CSSStyleDeclaration): Box {
  const box = rectOf(element);
  const isOdd = box.height < TINY + 2 || box.width < TINY + 2 || parseFloat(style.textIndent) < -100;
  if (!isOdd) return box;
  const range = new Range();
  range.selectNodeContents(text);
  return range.getBoundingClientRect();
}

function unseenBy(style: CSSStyleDeclaration, opacity: number, isOut: boolean): Unseen | null {
  if (opacity < FAINT) return 'transparent';
  if (NO_AREA.test(style.clipPath)) return 'clipped';
  return isOut && NO_CLIP.test(style.getPropertyValue('clip')) ? 'clipped' : null;
}

function backgroundOf({ backgroundColor: own }: CSSStyleDeclaration, outer: Paint): string | null {
  if (own === 'rgba(0, 0, 0, 0)') return outer.background;
  return own.startsWith('rgb(') ? own : null;
}

const cutsOff = (element: Element, { display }: CSSStyleDeclaration): boolean =>
  display !== 'inline' && display !== 'contents' && !/^(?:html|body)$/u.test(tagOf(element));

const isOutside = (box: Box, clip: Box): boolean =>
  box.right <= clip.left ||
  box.left >= clip.right ||
  box.bottom <= clip.top ||
  box.top >= clip.bottom ||
  clip.right - clip.left <= TINY ||
  clip.bottom - clip.top <= TINY;

/** No scrolling brings it into view. */
function isOffScreen(paint: Paint, box: Box): boolean {
  if (paint.isFixed) {
    return box.right <= 0 || box.bottom <= 0 || box.left >= innerWidth || box.top >= innerHeight;
  }
  const isLeft =
    box.right + paint.left <= 0 && getComputedStyle(document.documentElement).direction === 'ltr';
  return isLeft || box.bottom + paint.top <= 0;
}

function meet(a: Box | null, b: Box): Box {
  if (a === null) return b;
  return {
    left: Math.max(a.left, b.left),
    top: Math.max(a.top, b.top),
    right: Math.min(a.right, b.right),
    bottom: Math.min(a.bottom, b.bottom),
  };
}

/** How an element is painted, from all that is around it. */
export function paintedIn(element: Element, tree: FlatTree): Paint {
  const above = tree.parent(element);
  const outer = above === null ? startOfPaint() : paintedIn(above, tree);
  return paintOf(element, getComputedStyle(element), outer);
}
