import type { FrameSnapshot, SnapshotLine, SnapshotRequest } from './api.ts';
import { isElement, rootElement, rootScroller, scrollHeight, titleOf } from './dom.ts';
import { optionItems } from './options.ts';
import { linesOf, sizeOf } from './text.ts';
import { overlays } from './overlays.ts';
import type { WalkParts } from './reading.ts';
import { Walker } from './walker.ts';

const LARGE = 4_000;

/** A snapshot of the frame or of a part of it. */
export function takeSnapshot(given: WalkParts, request: SnapshotRequest): FrameSnapshot {
  const { within } = request;
  const parts = { ...given, names: given.names.forOneWalk() };
  const root = rootElement();
  if (within === undefined) return root === null ? nothing('shown') : shown(root, parts, request);
  const found = parts.refs.nodeOf(within);
  if ('gone' in found) {
    const { gone } = found;
    if (gone === null) return nothing('unknown');
    return { ...nothing('gone'), was: { role: gone.role, name: gone.name, isAttached: false } };
  }
  const { node, healed: isHealed } = found;
  if (!isElement(node)) return nothing('unknown');
  const result = shown(node, parts, request);
  const known = isHealed ? parts.refs.describe(within) : null;
  if (known === null) return result;
  const { role, name } = known.description;
  return { ...result, isHealed, was: { role, name, isAttached: true } };
}

function shown(root: Element, parts: WalkParts, request: SnapshotRequest): FrameSnapshot {
  if (request.page !== undefined) return pageOf(root, parts, { ...request, page: request.page });
  const { budget, within } = request;
  if (within === undefined && isLarge()) return fromViewport(root, parts, { budget, hosts: [] });
  const walker = new Walker(parts, { budget, folds: 'rows' });
  const items = [...walker.walk(root), ...(within === undefined ? [] : optionItems(root, Infinity))];
  if (!walker.isCut) return framed(linesOf(items), walker);
  return within === undefined
    ? fromViewport(root, parts, { budget, hosts: walker.hosts })
    : folded(root, parts, { budget, hosts: walker.hosts });
}

/** A document that hardly fits, so that reading it whole is not even tried. */
const isLarge = (): boolean => document.getElementsByTagName('*').length > LARGE;

interface Rest {
  readonly budget: number;
  readonly hosts: readonly number[];
}

function folded(root: Element, parts: WalkParts, { budget, hosts }: Rest): FrameSnapshot {
  const walker = new Walker(parts, { budget, folds: 'all' });
  const result = framed(linesOf(walker.walk(root)), walker);
  return { ...result, hosts: [...hosts, ...walker.hosts] };
}

/** What lies over the page, then what is on the screen and below it. */
function fromViewport(root: Element, parts: WalkParts, { budget, hosts }: Rest): FrameSnapshot {
  const above = overlays(root);
  const first = above.flatMap((element) =>
    new Walker(parts, { budget: budget / 2, folds: 'all' }).walk(element),
  );
  const lines = linesOf(first);
  const spent = lines.reduce((sum, line) => sum + sizeOf(line), 0);
  const options = { budget: Math.max(budget - spent, budget / 4), folds: 'all', fromViewport: true } as const;
  const walker = new Walker(parts, { ...options, skipped: new Set(above) });
  const rest = linesOf(walker.walk(root));
  const result = framed([...lines, ...rest], walker);
  const isCut = walker.isCut || walker.hasSkipped;
  return { ...result, isCut, isFromViewport: walker.hasSkipped, hosts: [...hosts, ...walker.hosts] };
}

/** One part of the whole, with the lines that its first line stands in. */
function pageOf(
  root: Element,
  parts: WalkParts,
  { budget, page }: SnapshotRequest & { readonly page: number },
): FrameSnapshot {
  const walker = new Walker(parts, { budget: budget * (page + 0.5), folds: 'none' });
  const lines = linesOf(walker.walk(root));
  let [size, start, end] = [0, 0, 0];
  for (const line of lines) {
    size += sizeOf(line);
    if (size > budget * page) break;
    if (size <= budget * (page - 1)) start += 1;
    end += 1;
  }
  const result = framed([...outside(lines, start), ...lines.slice(start, end)], walker);
  return { ...result, isCut: end < lines.length || walker.isCut };
}

/** The lines that a line stands in, outermost first. */
function outside(lines: readonly SnapshotLine[], at: number): readonly SnapshotLine[] {
  const above: SnapshotLine[] = [];
  let depth = lines[at]?.depth ?? 0;
  for (let index = at - 1; index >= 0 && depth > 0; index -= 1) {
    const line = lines[index];
    if (line === undefined || line.depth >= depth) continue;
    above.unshift(line);
    ({ depth } = line);
  }
  return above;
}

function framed(lines: readonly SnapshotLine[], { isCut, hosts }: Walker): FrameSnapshot {
  return { ...nothing('shown'), lines, isCut, hosts };
}

function nothing(state: FrameSnapshot['state']): FrameSnapshot {
  const scroller = rootScroller(document);
  const height = scroller === null ? 0 : scrollHeight(scroller);
  const scroll = { top: Math.round(scrollY), view: innerHeight, height };
  return {
    state,
    lines: [],
    isCut: false,
    isFromViewport: false,
    was: null,
    isHealed: false,
    title: titleOf(document),
    document: performance.timeOrigin,
    scroll,
    hosts: [],
  };
}
