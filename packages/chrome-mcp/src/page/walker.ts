import { addClickable } from './clickable-line.ts';
import { addControl, addLabel } from './control-line.ts';
import { hasAttribute, isElement, isText, rectOf, scrollHeight, tagOf } from './dom.ts';
import { Gathering, type Item } from './item.ts';
import { isEditingHost, isUnread, kindOf } from './kinds.ts';
import { paintOf, startOfPaint, unseenText } from './paint.ts';
import { addFrame, addPart, addSection, isClickable } from './part-line.ts';
import { LINE_BYTES, type Reading, type Scope, type WalkParts } from './reading.ts';
import { hasName, roleOf } from './roles.ts';
import { FoldedRows, foldRows, type Entry } from './rows.ts';
import { scrollState } from './scrollable.ts';
import { couldHost } from './shadow.ts';

export interface WalkOptions {
  /** Bytes after which nothing more is read. */
  readonly budget: number;
  /** Long runs of rows are left out, or long runs of anything. */
  readonly folds: 'none' | 'rows' | 'all';
  /** What ends above the screen is passed over. */
  readonly fromViewport?: boolean;
  /** What was read already. */
  readonly skipped?: ReadonlySet<Element>;
}

const MAX_HOSTS = 40;
const MAX_PLAIN_HOSTS = 12;
const MAX_TEXT = 2_000;
const MAX_DEPTH = 300;
/** Longer runs of rows are folded without giving each a ref. */
const MAX_NUMBERED = 5_000;
const FLOWS = /^(?:inline|contents|ruby|none)/u;
const EMBEDDED = /^(?:canvas|video|audio|embed|object)$/u;

/** Reads what is painted, in the order of the document, until the budget is spent. */
export class Walker {
  readonly #parts: WalkParts;
  readonly #options: WalkOptions;
  readonly #reading: Reading;
  readonly #hosts: number[] = [];
  #left: number;
  #depth = 0;
  #hasSkipped = false;

  constructor(parts: WalkParts, options: WalkOptions) {
    this.#parts = parts;
    this.#options = options;
    this.#left = options.budget;
    this.#reading = {
      ...parts,
      spend: (bytes) => void (this.#left -= bytes),
      inner: (element, scope) => this.#inner(element, scope),
      inside: (element, scope, out) => this.#inside(element, scope, out),
    };
  }

  /** The budget was spent before the end. */
  get isCut(): boolean {
    return this.#left <= 0;
  }

  /** Something above the screen was passed over. */
  get hasSkipped(): boolean {
    return this.#hasSkipped;
  }

  /** Elements that may have a closed root, each told once. */
  get hosts(): readonly number[] {
    return this.#hosts;
  }

  walk(root: Element): readonly Item[] {
    const out = new Gathering();
    const above = this.#parts.tree.parent(root);
    this.#element(root, above === null ? start(root) : this.#scopeOf(above), out);
    return out.items;
  }

  #scopeOf(element: Element): Scope {
    const above = this.#parts.tree.parent(element);
    const outer = above === null ? start(element) : this.#scopeOf(above);
    const style = getComputedStyle(element);
    return { ...outer, element, style, paint: paintOf(element, style, outer.paint) };
  }

  #children(of: Element, scope: Scope, out: Gathering): void {
    const nodes = this.#parts.tree.children(of);
    const { folds } = this.#options;
    const entries: readonly Entry[] =
      folds === 'none' ? nodes : foldRows(nodes, { isTight: folds === 'all' });
    for (const entry of entries) {
      if (this.#left <= 0) return;
      if (entry instanceof FoldedRows) out.add(this.#folded(entry.elements, scope));
      else if (isText(entry)) this.#text(entry, scope, out);
      else if (isElement(entry)) this.#element(entry, scope, out);
    }
  }

  #text(text: Text, { element, style, paint }: Scope, out: Gathering): void {
    if (style.visibility !== 'visible') return;
    const isBlank = text.data.trim() === '';
    if (isBlank) {
      out.words(' ', null);
      return;
    }
    this.#left -= Math.min(text.length, MAX_TEXT) + LINE_BYTES;
    out.words(text.data, unseenText(text, element, style, paint));
  }

  #element(element: Element, outer: Scope, out: Gathering): void {
    const tag = tagOf(element);
    if (isUnread(tag) || this.#depth > MAX_DEPTH) return;
    if (tag === 'br') {
      out.break();
      return;
    }
    const style = getComputedStyle(element);
    if (style.display === 'none') return;
    if (this.#options.skipped?.has(element) === true) return;
    if (this.#options.fromViewport === true && this.#isAbove(element, style)) return;
    const paint = paintOf(element, style, outer.paint);
    const flows = FLOWS.test(style.display);
    if (!flows) out.break();
    this.#depth += 1;
    this.#shown({ ...outer, element, style, paint }, out);
    this.#depth -= 1;
    if (!flows) out.break();
  }

  #shown(scope: Scope, out: Gathering): void {
    const { element, style } = scope;
    if (style.visibility !== 'visible') {
      this.#inside(element, scope, out);
      return;
    }
    if (couldHost(element)) this.#noteHost(element);
    const tag = tagOf(element);
    const walk = this.#reading;
    if (tag === 'iframe' || tag === 'frame') addFrame(scope, walk, out);
    else if (tag === 'label') addLabel(scope, walk, out);
    else this.#said(scope, tag, out);
  }

  #said(scope: Scope, tag: string, out: Gathering): void {
    const { element, style } = scope;
    const walk = this.#reading;
    const role = roleOf(element);
    const kind = kindOf(role, hasName(element) || tag === 'fieldset' || tag === 'optgroup');
    const asControl =
      kind === 'control' ? role : EMBEDDED.test(tag) ? tag : isEditingHost(element) ? 'textbox' : null;
    if (asControl !== null) {
      addControl(asControl, scope, walk, out);
      return;
    }
    if (kind === 'part' || kind === 'said') {
      addSection(role, scope, walk, out);
      return;
    }
    if (!scope.isInControl && isClickable(scope, walk)) {
      addClickable(scope, walk, out);
      return;
    }
    const scrolled = scrollState(element, style);
    if (scrolled === null) this.#inside(element, scope, out);
    else addPart({ role: 'scrollable', name: '', states: [scrolled] }, scope, walk, out);
  }

  /** What is in an element without a line of its own, with the words that a style sheet puts around it. */
  #inside(element: Element, scope: Scope, out: Gathering): void {
    if (scope.style.contentVisibility === 'hidden') return;
    const isVisible = scope.style.visibility === 'visible';
    const unseen = scope.paint.unseen;
    if (isVisible) out.words(this.#parts.names.generated(element, '::before'), unseen);
    if (tagOf(element) === 'details' && !hasAttribute(element, 'open')) {
      const summary = [...element.children].find((child) => tagOf(child) === 'summary');
      if (summary !== undefined) this.#element(summary, scope, out);
    } else this.#children(element, scope, out);
    if (isVisible) out.words(this.#parts.names.generated(element, '::after'), unseen);
  }

  #inner(element: Element, scope: Scope): readonly Item[] {
    const out = new Gathering();
    this.#inside(element, scope, out);
    return out.items;
  }

  #folded(rows: readonly Element[], scope: Scope): Item {
    const { refs } = this.#parts;
    const numbers = rows.length > MAX_NUMBERED ? [] : rows.map((row) => refs.refOf(row));
    const first = numbers[0] ?? 0;
    const isInOrder = numbers.length > 0 && numbers.every((ref, at) => ref === first + at);
    this.#left -= LINE_BYTES * 6;
    const range = isInOrder ? ([first, first + rows.length - 1] as const) : null;
    return {
      ...{ role: 'more', name: '', ref: null, states: [], children: [] },
      folded: { count: rows.length, refs: range, within: scope.ref },
    };
  }

  #noteHost(element: Element): void {
    const { tree, refs } = this.#parts;
    if (this.#hosts.length >= (tagOf(element).includes('-') ? MAX_HOSTS : MAX_PLAIN_HOSTS)) return;
    const box = rectOf(element);
    if (box.width < 1 || box.height < 1 || !tree.shouldAsk(element)) return;
    this.#hosts.push(refs.refOf(element));
  }

  #isAbove(element: Element, style: CSSStyleDeclaration): boolean {
    if (style.position === 'fixed' || style.display === 'contents') return false;
    const { top, bottom } = rectOf(element);
    const isAbove =
      bottom <= 0 && top + scrollHeight(element) <= 0 && !/^(?:html|body)$/u.test(tagOf(element));
    this.#hasSkipped ||= isAbove;
    return isAbove;
  }
}

const start = (element: Element): Scope => ({
  ...{ paint: startOfPaint(), element, style: getComputedStyle(element) },
  ...{ isInControl: false, ref: null },
});
