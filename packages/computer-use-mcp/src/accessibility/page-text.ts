import { quoted, safeLines } from '@deskhand/server-runtime';
import { PASSWORD_ROLE, type Element } from './accessibility.ts';
import { OBJECT } from './text-around.ts';

/** Their texts run on in one line. */
const INLINE: ReadonlySet<string> = new Set([
  ...['deletion', 'insertion', 'label', 'link', 'mark', 'static', 'subscript', 'suggestion', 'superscript'],
]);

/** What surrounds the text: it is listed by get_ui_tree. */
const SURROUNDINGS: ReadonlySet<string> = new Set([
  ...[
    'menu',
    'menu bar',
    'popup menu',
    'scroll bar',
    'separator',
    'tearoff menu item',
    'title bar',
    'tool bar',
  ],
]);

/** They say what they do, and not what there is to read. */
const CONTROLS = /button|check box|switch|slider|dial|page tab$/u;

/** Characters; a longer line goes on in the next one. */
const MAX_LINE = 2000;

/** A list draws its own, and so do we. */
const BULLET = /^[•◦▪‣]\s+/u;

/** Where pieces of a text were joined in front of a mark that belongs to the word before. */
const BEFORE_MARK = / ([.,;:!?)\]])/gu;

/** The texts of a window in the order in which they stand, a line each. */
export function pageLines(root: Element): readonly string[] {
  const documents = documentsIn(root);
  const parts = documents.length > 0 ? documents : [root];
  return parts.flatMap((part) => linesOf(part)).flatMap(piecesOf);
}

function piecesOf(line: string): readonly string[] {
  if (line.length <= MAX_LINE) return [line];
  const characters = Array.from(line);
  const count = Math.ceil(characters.length / MAX_LINE);
  return Array.from({ length: count }, (_, at) =>
    characters.slice(at * MAX_LINE, (at + 1) * MAX_LINE).join(''),
  );
}

/** Of a browser the pages alone: what is around them is not theirs. */
function documentsIn(element: Element): readonly Element[] {
  if (element.role === 'web document') return [element];
  return element.children.flatMap(documentsIn);
}

function linesOf(element: Element): readonly string[] {
  if (SURROUNDINGS.has(element.role)) return [];
  if (element.role === PASSWORD_ROLE) return [`[password field${named(element)}, not read]`];
  const marked = (lines: readonly string[]): readonly string[] => {
    const [first, ...rest] = lines;
    if (first === undefined) return [];
    if (element.role === 'heading') return [`# ${first}`, ...rest];
    if (element.role === 'list item') return [`- ${first.replace(BULLET, '')}`, ...rest];
    return element.role === 'table row' ? [lines.join(' | ')] : lines;
  };
  return marked(element.children.length === 0 ? leafLines(element) : childLines(element));
}

function leafLines(element: Element): readonly string[] {
  const { role, name, value, text } = element;
  if (CONTROLS.test(role)) return name === '' ? [] : [`[${role} ${name}]`];
  const own = safeLines(text ?? '');
  if (value !== null || own.length > 0) {
    const lines = own.length > 0 ? own : safeLines(value ?? '');
    return name === '' ? lines : [`${name}: ${lines[0] ?? ''}`, ...lines.slice(1)];
  }
  return safeLines(name);
}

function childLines(element: Element): readonly string[] {
  const { name, value } = element;
  const lines: string[] = [];
  let run: string[] = [];
  const endRun = (): void => {
    if (run.length > 0) lines.push(run.join(' ').replaceAll(BEFORE_MARK, '$1'));
    run = [];
  };
  for (const part of partsOf(element)) {
    const found = typeof part === 'string' ? safeLines(part).map((line) => line.trim()) : linesOf(part);
    if ((typeof part === 'string' || isInline(part, element)) && found.length <= 1) run.push(...found);
    else {
      endRun();
      lines.push(...found);
    }
  }
  endRun();
  if (lines.length > 0) return lines;
  return leafLines({ ...element, name, value, children: [] });
}

/** Its children, with the text around them when the program keeps it to the element. */
function partsOf({ text, children }: Element): readonly (Element | string)[] {
  const texts = text?.split(OBJECT) ?? [];
  if (texts.length !== children.length + 1) return children;
  return texts.flatMap((before, index) => [before, ...children.slice(index, index + 1)]);
}

/** Labels of a window stand for themselves; those of a text run on. */
const isInline = (child: Element, parent: Element): boolean =>
  INLINE.has(child.role) && !(child.role === 'label' && parent.role !== 'paragraph');

const named = ({ name }: Element): string => (name === '' ? '' : ` ${quoted(name)}`);
