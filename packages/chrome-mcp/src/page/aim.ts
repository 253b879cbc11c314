import type { Spot } from './action-api.ts';
import { closest, isWithin, rootsOf } from './flat-tree.ts';

const ACTORS =
  'button,a[href],label,summary,[role=button],[role=link],[role=tab],[role=option],[role=checkbox],[role=radio],[role=switch],[role^=menuitem]';
const CONTROLS = `input,select,textarea,${ACTORS}`;
const MAX_RECTS = 4;
/** Where in a rectangle to try: the middle first. */
const SHARES: readonly (readonly [number, number])[] = [
  [0.5, 0.5],
  [0.25, 0.5],
  [0.75, 0.5],
  [0.5, 0.25],
  [0.5, 0.75],
  [0.1, 0.1],
  [0.9, 0.1],
  [0.1, 0.9],
  [0.9, 0.9],
  [0.02, 0.5],
  [0.98, 0.5],
];

/** What a click at a place would meet, through shadow roots: those around `toward` first, then all open ones. */
export function hitAt({ x, y }: Spot, toward: Element): Element | null {
  let hit: Element | null = null;
  for (const root of rootsOf(toward)) {
    if (root instanceof ShadowRoot && root.host !== hit) break;
    hit = root.elementFromPoint(x, y) ?? hit;
  }
  for (let inner = inside(hit, { x, y }); inner !== null; inner = inside(inner, { x, y })) hit = inner;
  return hit;
}

function inside(host: Element | null, { x, y }: Spot): Element | null {
  const inner = host?.shadowRoot?.elementFromPoint(x, y) ?? null;
  return inner === host ? null : inner;
}

/** A pointer event at `hit` does what one at `target` is meant to do. */
export function takes(target: Element, hit: Element): boolean {
  if (isWithin(hit, target)) return true;
  const label = closest(hit, 'label');
  if (label instanceof HTMLLabelElement && label.control === target) return true;
  const actor = closest(target, ACTORS);
  return actor !== null && isWithin(hit, actor);
}

/** Between the two there is another control, which would take the click for itself. */
export function isTakenWithin(target: Element, hit: Element): boolean {
  if (!isWithin(hit, target)) return false;
  const control = closest(hit, CONTROLS);
  return control !== null && control !== target && isWithin(control, target);
}

/** Rectangles on which an element is painted, largest first; those of its contents when it has none itself. */
export function rectsOf(element: Element): readonly DOMRect[] {
  if (element instanceof HTMLAreaElement) return areaRects(element);
  const own = [...element.getClientRects()].filter(hasSize);
  return (own.length > 0 ? own : contentRects(element))
    .sort((a, b) => areaOf(b) - areaOf(a))
    .slice(0, MAX_RECTS);
}

function contentRects(element: Element): DOMRect[] {
  const { overflow, display } = getComputedStyle(element);
  if (overflow !== 'visible' && display !== 'contents') return [];
  const range = document.createRange();
  range.selectNodeContents(element);
  return [...range.getClientRects()].filter(hasSize);
}

const hasSize = ({ width, height }: DOMRect): boolean => width > 0 && height > 0;
const areaOf = ({ width, height }: DOMRect): number => width * height;

/** A region of an image map has no box: a small one about its middle. */
function areaRects(area: HTMLAreaElement): readonly DOMRect[] {
  const map = closest(area, 'map');
  const name = map?.getAttribute('name') ?? '';
  const image = document.querySelector(`img[usemap="#${CSS.escape(name)}"]`);
  const numbers = area.coords.split(',').map(Number);
  if (image === null || numbers.some(Number.isNaN)) return [];
  const box = image.getBoundingClientRect();
  const xs = numbers.filter((_, index) => index % 2 === 0);
  const ys = numbers.filter((_, index) => index % 2 === 1);
  const isCircle = area.shape === 'circle';
  const x = isCircle ? (numbers[0] ?? 0) : mean(xs);
  const y = isCircle ? (numbers[1] ?? 0) : mean(ys);
  return [new DOMRect(box.left + x - 1, box.top + y - 1, 2, 2)];
}

const mean = (values: readonly number[]): number =>
  values.reduce((sum, value) => sum + value, 0) / Math.max(1, values.length);

/** Places to try, within the viewport. */
export function spotsOf(element: Element, offset: Spot | undefined): readonly Spot[] {
  if (offset !== undefined) {
    const { left, top } = element.getBoundingClientRect();
    return [{ x: left + offset.x, y: top + offset.y }].filter(isInView);
  }
  return [...lineSpots(element), ...rectsOf(element).flatMap(spotsIn)];
}

const isInView = ({ x, y }: Spot): boolean => x >= 0 && y >= 0 && x < innerWidth && y < innerHeight;

function spotsIn(rect: DOMRect): readonly Spot[] {
  const left = Math.max(0, rect.left);
  const top = Math.max(0, rect.top);
  const width = Math.min(innerWidth, rect.right) - left;
  const height = Math.min(innerHeight, rect.bottom) - top;
  if (width <= 0 || height <= 0) return [];
  return SHARES.map(([x, y]) => ({ x: left + width * x, y: top + height * y })).filter(isInView);
}

/** On the line of a shape that is not filled, such as a ring, the middle is a hole. */
function lineSpots(element: Element): readonly Spot[] {
  if (!(element instanceof SVGGeometryElement) || getComputedStyle(element).fill !== 'none') return [];
  const matrix = element.getScreenCTM();
  if (matrix === null) return [];
  const length = element.getTotalLength();
  return [0.5, 0.25, 0.75, 0]
    .map((share) => element.getPointAtLength(length * share).matrixTransform(matrix))
    .map(({ x, y }) => ({ x, y }))
    .filter(isInView);
}
