import { quoted } from '@deskhand/server-runtime';
import { rectToImage, type Frame } from '../core/frame.ts';
import { intersection, type Rect } from '../core/geometry.ts';
import type { Element, ElementAddress, ElementState } from './accessibility.ts';
import type { ElementTable, ElementWindow } from './element-table.ts';

/** Without a name they only hold others together. */
const STRUCTURE: ReadonlySet<string> = new Set([
  ...[
    'extended',
    'filler',
    'glass pane',
    'grouping',
    'internal frame',
    'invalid',
    'landmark',
    'layered pane',
  ],
  ...[
    'list item',
    'option pane',
    'page',
    'panel',
    'paragraph',
    'redundant object',
    'root pane',
    'scroll pane',
  ],
  ...['section', 'split pane', 'table cell', 'table row', 'unknown', 'viewport'],
]);

/** Without a name and anything inside they say nothing. */
const DECORATION: ReadonlySet<string> = new Set([
  ...['icon', 'image', 'label', 'ruler', 'scroll bar', 'separator', 'static', 'notification'],
]);

const SHOWN_STATES: readonly ElementState[] = [
  ...(['focused', 'checked', 'pressed', 'selected', 'expanded', 'collapsed', 'read_only'] as const),
];

/** These can be used, so that it matters when they cannot. */
const USABLE =
  /button|box|entry|field|item|link|menu|slider|switch|tab$|^text$|password|toggle|tree|autocomplete|dial|editbar/u;

export interface TreeTextOptions {
  readonly frame: Frame;
  readonly window: ElementWindow;
  readonly table: ElementTable;
  readonly maxBytes: number;
}

/** An element of a tree, with those around it from the frame inwards. */
export interface Located {
  readonly element: Element;
  readonly within: readonly ElementAddress[];
}

export interface TreeText {
  readonly lines: readonly string[];
  /** Elements with a line of their own. */
  readonly shown: number;
  readonly isCut: boolean;
}

/** One line for each element that says something, indented by what it is in. */
export function treeText(start: Located, options: TreeTextOptions): TreeText {
  const lines: string[] = [];
  let bytes = 0;
  let isCut = false;
  const add = (line: string): void => {
    bytes += new TextEncoder().encode(line).length + 1;
    if (bytes > options.maxBytes) isCut = true;
    else lines.push(line);
  };
  const visit = (element: Element, depth: number, parent: Parent): void => {
    if (isCut) return;
    const isShown = saysSomething(element, parent.name);
    const indent = '  '.repeat(depth);
    if (isShown) add(indent + elementLine({ element, within: parent.within }, options));
    const below = isShown ? depth + 1 : depth;
    const inside = {
      name: isShown ? element.name : parent.name,
      within: [...parent.within, element.address],
    };
    for (const child of element.children) visit(child, below, inside);
    if (element.omitted > 0) add(`${'  '.repeat(below)}(${element.omitted} more were not read)`);
  };
  visit(start.element, 0, { name: '', within: start.within });
  return { lines, shown: lines.length, isCut };
}

interface Parent {
  readonly name: string;
  readonly within: readonly ElementAddress[];
}

function saysSomething(
  { role, name, value, children, omitted, states }: Element,
  parentName: string,
): boolean {
  if (states.has('focused')) return true;
  if (name !== '')
    return !(name === parentName && children.length === 0 && (role === 'static' || role === 'label'));
  if (value !== null && value !== '') return true;
  return !STRUCTURE.has(role) && !(DECORATION.has(role) && children.length === 0 && omitted === 0);
}

/** Such as `e4 button "OK" 627,485 86x34 focused`. */
export function elementLine(
  { element, within }: Located,
  { frame, window, table }: Omit<TreeTextOptions, 'maxBytes'>,
): string {
  const { role, name, value, rect, states } = element;
  const told = SHOWN_STATES.filter((state) => states.has(state)).map((state) => state.replace('_', ' '));
  return [
    table.refOf(element, window, within),
    role,
    ...(name === '' ? [] : [quoted(name)]),
    ...(value === null || (value === '' && name === '') ? [] : [`= ${quoted(value)}`]),
    ...(rect === null ? [] : [placeText(rect, frame)]),
    ...told,
    ...(states.has('disabled') && USABLE.test(role) ? ['disabled'] : []),
  ].join(' ');
}

function placeText(rect: Rect, frame: Frame): string {
  const onScreen = intersection(rect, frame.display);
  if (onScreen === null) return 'off screen';
  const { x, y, width, height } = rectToImage(frame, onScreen);
  return `${x},${y} ${width}x${height}`;
}
