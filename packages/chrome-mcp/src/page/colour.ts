import type { Box } from './paint.ts';
import { isElement, matches, parentNode } from './dom.ts';

const RGB = /^rgba?\((?<red>\d+), (?<green>\d+), (?<blue>\d+)(?:, (?<alpha>[\d.]+))?\)$/u;
/** Differences of the channels that no eye tells apart, added up. */
const SAME = 18;
const FAINT = 0.06;
const PICTURES = 'img,video,canvas,picture,svg,object,embed,iframe';

export interface Words {
  /** What the words stand in. */
  readonly element: Element;
  readonly style: CSSStyleDeclaration;
  /** The colour of the nearest background that is one, when it is known. */
  readonly behind: string | null;
  readonly box: Box;
}

/** Words are painted in the colour that is behind them, or in none. */
export function isSameColour({ element, style, behind, box }: Words): boolean {
  const colour = style.webkitTextFillColor;
  if (colour !== behind && !mayMatch(colour, behind)) return false;
  const isPainted = style.backgroundClip === 'text' || style.webkitTextStrokeWidth !== '0px';
  if (isPainted || style.textShadow !== 'none') return false;
  return channels(colour)?.alpha === 0 || !hasOtherBehind(element, behind, box);
}

function mayMatch(colour: string, behind: string | null): boolean {
  const fill = channels(colour);
  if (fill === null) return false;
  if (fill.alpha < FAINT) return true;
  const ground = behind === null ? null : channels(behind);
  return ground !== null && distance(fill, ground) <= SAME;
}

interface Channels {
  readonly red: number;
  readonly green: number;
  readonly blue: number;
  readonly alpha: number;
}

function channels(colour: string): Channels | null {
  const groups = RGB.exec(colour)?.groups;
  if (groups === undefined) return null;
  const { red, green, blue, alpha } = groups;
  return { red: Number(red), green: Number(green), blue: Number(blue), alpha: Number(alpha ?? 1) };
}

const distance = (a: Channels, b: Channels): number =>
  Math.abs(a.red - b.red) + Math.abs(a.green - b.green) + Math.abs(a.blue - b.blue);

/** Something else than that colour lies behind the words, such as a picture or a gradient. */
function hasOtherBehind(element: Element, behind: string | null, { left, top, right, bottom }: Box): boolean {
  const under = document.elementsFromPoint((left + right) / 2, (top + bottom) / 2);
  for (const one of under.length > 0 ? under : ancestors(element)) {
    if (matches(one, PICTURES)) return true;
    const { backgroundColor, backgroundImage } = getComputedStyle(one);
    if (backgroundImage !== 'none') return true;
    if (backgroundColor.startsWith('rgb(')) return backgroundColor !== behind;
  }
  return false;
}

function ancestors(element: Element): readonly Element[] {
  const all: Element[] = [];
  for (let node: Node | null = element; isElement(node); node = parentNode(node)) all.push(node);
  return all;
}
