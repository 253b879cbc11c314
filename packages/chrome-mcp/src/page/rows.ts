import { attribute, isElement, rectOf, tagOf } from './dom.ts';

/** Runs up to this long are shown whole; those of rows, and those of anything when a page does not fit. */
const LONGEST_ROWS = 100;
const LONGEST = 40;
const ROW_TAGS = /^(?:tr|li|option)\b|\b(?:row|listitem|option|treeitem)$/u;
const HEAD = 3;
const AT_LEAST = 12;
const IN_VIEW = 30;
/** Longer runs are taken as they are, with the rows that are not painted. */
const MEASURED = 3_000;

/** Rows that are not shown one by one. */
export class FoldedRows {
  readonly elements: readonly Element[];

  constructor(elements: readonly Element[]) {
    this.elements = elements;
  }
}

export type Entry = Node | FoldedRows;

/** Takes the rows out of long runs of like siblings, but for the first ones and those on the screen. */
export function foldRows(
  nodes: readonly Node[],
  { isTight }: { readonly isTight: boolean },
): readonly Entry[] {
  if (nodes.length <= LONGEST) return nodes;
  const entries: Entry[] = [];
  let run: Element[] = [];
  let runKind = '';
  const end = (): void => {
    if (run.length === 0) return;
    entries.push(...foldRun(run, isTight ? LONGEST : LONGEST_ROWS));
    run = [];
  };
  for (const node of nodes) {
    if (!isElement(node)) {
      // white space between rows does not end a run
      if (run.length === 0 || (node.nodeValue ?? '').trim() !== '') {
        end();
        entries.push(node);
      }
      continue;
    }
    const kind = kindOf(node);
    if (kind !== runKind) end();
    runKind = kind;
    run.push(node);
  }
  end();
  return entries;
}

const kindOf = (element: Element): string => `${tagOf(element)} ${attribute(element, 'role') ?? ''}`;

function foldRun(run: readonly Element[], longest: number): readonly Entry[] {
  if (run.length <= longest) return run;
  const [first] = run;
  const canFold = longest === LONGEST || (first !== undefined && ROW_TAGS.test(kindOf(first)));
  if (!canFold) return run;
  const painted = run.length > MEASURED ? run : run.filter(isLaidOut);
  if (painted.length <= longest) return painted;
  const start = firstInView(painted);
  const end =
    start + Math.min(IN_VIEW, Math.max(AT_LEAST, countInView(painted.slice(start, start + IN_VIEW))));
  return grouped(painted, new Set([...painted.slice(0, HEAD), ...painted.slice(start, end)]));
}

/** By halves, because rows mostly follow one another downwards. */
function firstInView(rows: readonly Element[]): number {
  let [low, high] = [0, rows.length];
  while (low < high) {
    const middle = (low + high) >> 1;
    const row = rows[middle];
    if (row !== undefined && rectOf(row).bottom <= 0) low = middle + 1;
    else high = middle;
  }
  return Math.max(0, Math.min(low, rows.length - AT_LEAST));
}

const countInView = (rows: readonly Element[]): number =>
  rows.filter((row) => rectOf(row).top < innerHeight).length;

function grouped(rows: readonly Element[], kept: ReadonlySet<Element>): readonly Entry[] {
  const entries: Entry[] = [];
  let left: Element[] = [];
  for (const row of rows) {
    if (!kept.has(row)) {
      left.push(row);
      continue;
    }
    if (left.length > 0) entries.push(new FoldedRows(left));
    left = [];
    entries.push(row);
  }
  return left.length > 0 ? [...entries, new FoldedRows(left)] : entries;
}

function isLaidOut(element: Element): boolean {
  const { width, height } = rectOf(element);
  return width > 0 || height > 0 || getComputedStyle(element).display === 'contents';
}
