import type { Unseen } from './api.ts';
import { attribute, clientHeight, hasAttribute, isElement, isText, rectOf } from './dom.ts';
import { scrollHeight, scrollTop, squeezed, tagOf } from './dom.ts';
import { Gathering, type Item } from './item.ts';
import { looksClickable, nameFor } from './identity.ts';
import { isCell, isEditingHost, isField, isUnread, kindOf, saysNothing, seemsClickable } from './kinds.ts';
import { generated, isNamedByContent, labelsOf, type Names } from './names.ts';
import { optionItems } from './options.ts';
import { paintOf, startOfPaint, unseenBox, unseenText, type Paint } from './paint.ts';
import type { Refs } from './refs.ts';
import { hasName, roleOf } from './roles.ts';
import { FoldedRows, foldRows, type Entry } from './rows.ts';
import { couldHost, type FlatTree } from './shadow.ts';
import { statesOf, valueOf } from './states.ts';

export interface WalkParts {
  readonly tree: FlatTree;
  readonly names: Names;
  readonly refs: Refs;
}

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

/** What holds for everything in an element. */
interface Scope {
  readonly paint: Paint;
  readonly element: Element;
  readonly style: CSSStyleDeclaration;
  /** In a control or a label: what looks clickable there is part of it. */
  readonly isInControl: boolean;
  readonly ref: number | null;
}

const MAX_HOSTS = 40;
const MAX_PLAIN_HOSTS = 12;
const MAX_VALUE = 400;
const MAX_DEPTH = 300;
const WELL_OVER = 8;
const SCROLLS = /auto|scroll/u;
const FLOWS = /^(?:inline|contents|ruby|none)/u;

/** Reads what is painted, in the order of the document, until the budget is spent. */
export class Walker {
  readonly #parts: WalkParts;
  readonly #options: WalkOptions;
  readonly #hosts: number[] = [];
  #left: number;
  #depth = 0;
  #hasSkipped = false;

  constructor(parts: WalkParts, options: WalkOptions) {
    this.#parts = parts;
    this.#options = options;
    this.#left = options.budget;
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
    this.#element(root, above === null ? this.#start(root) : this.#scopeOf(above), out);
    return out.items;
  }

  #start(element: Element): Scope {
    return {
      paint: startOfPaint(),
      element,
      style: getComputedStyle(element),
      isInControl: false,
      ref: null,
    };
  }

  #scopeOf(element: Element): Scope {
    const above = this.#parts.tree.parent(element);
    const outer = above === null ? this.#start(element) : this.#scopeOf(above);
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
    this.#left -= Math.min(text.length, 2_000) + WELL_OVER;
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
    this.#shown(element, { ...outer, element, style, paint }, out);
    this.#depth -= 1;
    if (!flows) out.break();
  }

  #shown(element: Element, scope: Scope, out: Gathering): void {
    if (scope.style.visibility !== 'visible') {
      this.#inside(element, scope, out);
      return;
    }
    if (couldHost(element)) this.#noteHost(element);
    const tag = tagOf(element);
    if (tag === 'iframe' || tag === 'frame') {
      this.#frame(element, scope, out);
      return;
    }
    if (tag === 'label') {
      this.#label(element, scope, out);
      return;
    }
    const role = roleOf(element);
    const kind = kindOf(role, hasName(element) || tag === 'fieldset' || tag === 'optgroup');
    if (kind === 'control') {
      this.#control(element, role, scope, out);
      return;
    }
    if (/^(?:canvas|video|audio|embed|object)$/u.test(tag)) {
      this.#control(element, tag, scope, out);
      return;
    }
    if (isEditingHost(element)) {
      this.#control(element, 'textbox', scope, out);
      return;
    }
    if (kind === 'part' || kind === 'said') {
      this.#section(element, role, scope, out);
      return;
    }
    const isClickable = !scope.isInControl && this.#looksClickable(element, scope);
    if (isClickable) {
      this.#clickable(element, scope, out);
      return;
    }
    const scrolled = scrollState(element, scope.style);
    if (scrolled === null) {
      this.#inside(element, scope, out);
      return;
    }
    this.#line(element, { role: 'scrollable', name: '', states: [scrolled] }, scope, out);
  }

  /** What is in an element without a line of its own, with the words that a style sheet puts around it. */
  #inside(element: Element, scope: Scope, out: Gathering): void {
    if (scope.style.contentVisibility === 'hidden') return;
    const isVisible = scope.style.visibility === 'visible';
    const unseen = scope.paint.unseen;
    if (isVisible) out.words(generated(element, '::before'), unseen);
    if (tagOf(element) === 'details' && !hasAttribute(element, 'open')) {
      const summary = [...element.children].find((child) => tagOf(child) === 'summary');
      if (summary !== undefined) this.#element(summary, scope, out);
    } else this.#children(element, scope, out);
    if (isVisible) out.words(generated(element, '::after'), unseen);
  }

  #control(element: Element, role: string, scope: Scope, out: Gathering): void {
    if (element instanceof HTMLInputElement && element.type === 'hidden') return;
    const unseen = unseenBox(scope.paint, rectOf(element));
    const label = unseen === null ? null : this.#paintedLabel(element);
    const target = label ?? element;
    this.#left -= WELL_OVER * 2;
    const name = this.#nameOf(element, role);
    const value = valueOf(element, role) ?? undefined;
    const scrolled = isField(element) ? null : scrollState(element, scope.style);
    const states = [...statesOf(element, role), ...(scrolled === null ? [] : [scrolled])];
    const ref = this.#parts.refs.refFor(target, role, name);
    const inner = isField(element)
      ? optionItems(element)
      : this.#inner(element, { ...scope, isInControl: true, ref });
    const isTyped = isEditingHost(element) && inner.length === 1 && inner[0]?.role === 'text';
    const children = isTyped ? [] : without(inner, isNamedByContent(role) ? name : '');
    const shown = isTyped ? inner[0]?.name : value;
    this.#left -= name.length + (shown?.length ?? 0);
    out.add({
      ...{ role, name, ref, states, children },
      ...(shown !== undefined && { value: shown.slice(0, MAX_VALUE) }),
      ...(unseen !== null && label === null && { unseen }),
    });
  }

  #section(element: Element, role: string, scope: Scope, out: Gathering): void {
    const isNamed = isNamedByContent(role) ? !isCell(role) && role !== 'row' : true;
    const name = isNamed ? this.#nameOf(element, role) : '';
    const scrolled = scrollState(element, scope.style);
    const states = [...statesOf(element, role), ...(scrolled === null ? [] : [scrolled])];
    const value = valueOf(element, role) ?? undefined;
    this.#line(element, { role, name, states, ...(value !== undefined && { value }) }, scope, out);
  }

  /** A line with what is in the element below it; none when there is nothing to say. */
  #line(
    element: Element,
    head: Pick<Item, 'role' | 'name' | 'states' | 'value'>,
    scope: Scope,
    out: Gathering,
  ): void {
    const { role, name } = head;
    this.#left -= WELL_OVER + name.length;
    const needsRef =
      kindOf(role, true) === 'part' || role === 'scrollable' || this.#looksClickable(element, scope);
    const ref = needsRef ? this.#parts.refs.refFor(element, role, name) : null;
    const unseen: Unseen | null = role === 'img' ? unseenBox(scope.paint, rectOf(element)) : null;
    const inner = role === 'img' ? [] : this.#inner(element, { ...scope, ref: ref ?? scope.ref });
    const children = without(inner, name);
    const item = { ...head, ref, children, ...(unseen !== null && { unseen }) };
    const isEmpty =
      saysNothing(item) || (children.length === 0 && name === '' && kindOf(role, true) === 'part');
    if (!isEmpty || isCell(role)) out.add(item);
  }

  #clickable(element: Element, scope: Scope, out: Gathering): void {
    const { refs } = this.#parts;
    const ref = refs.refOf(element);
    const inner = this.#inner(element, { ...scope, ref });
    const [only] = inner;
    const isWrapper = inner.length === 1 && only?.ref != null;
    if (isWrapper) {
      out.add(...inner);
      return;
    }
    const isPlain = inner.every(({ role }) => role === 'text' || role === 'img');
    const words = inner.map(({ name }) => name).join(' ');
    const name = hasName(element) ? ownName(element) : isPlain ? words.slice(0, 200) : '';
    refs.refFor(element, 'clickable', nameFor(element, this.#parts.names, this.#parts.tree));
    const unseen = unseenBox(scope.paint, rectOf(element));
    this.#left -= WELL_OVER * 2;
    out.add({
      ...{ role: 'clickable', name, ref, states: statesOf(element, 'clickable') },
      children: isPlain ? [] : inner,
      ...(unseen !== null && { unseen }),
    });
  }

  /** The words of a label are the name of its control; a control that is not there is used by its label. */
  #label(element: Element, scope: Scope, out: Gathering): void {
    const control = element instanceof HTMLLabelElement ? element.control : null;
    if (control === null) {
      this.#inside(element, scope, out);
      return;
    }
    const role = roleOf(control);
    const name = this.#nameOf(control, role);
    const inner = without(this.#inner(element, { ...scope, isInControl: true }), name);
    const isHidden = getComputedStyle(control).display === 'none';
    if (!isHidden) {
      out.add(...inner);
      return;
    }
    const ref = this.#parts.refs.refFor(element, role, name);
    const value = valueOf(control, role);
    out.add({
      ...{ role, name, ref, states: statesOf(control, role), children: inner },
      ...(value !== null && { value: value.slice(0, MAX_VALUE) }),
    });
  }

  #frame(element: Element, scope: Scope, out: Gathering): void {
    const { width, height } = rectOf(element);
    if (width < 2 || height < 2) return;
    const name = this.#nameOf(element, 'iframe');
    const ref = this.#parts.refs.refFor(element, 'iframe', name);
    const unseen = unseenBox(scope.paint, rectOf(element));
    this.#left -= WELL_OVER * 2 + name.length;
    const item = { role: 'iframe', name, ref, states: [], children: [], isFrame: true } as const;
    out.add({ ...item, ...(unseen !== null && { unseen }) });
  }

  #folded(rows: readonly Element[], scope: Scope): Item {
    const { refs } = this.#parts;
    const numbers = rows.length > 5_000 ? [] : rows.map((row) => refs.refOf(row));
    const first = numbers[0] ?? 0;
    const isInOrder = numbers.length > 0 && numbers.every((ref, at) => ref === first + at);
    this.#left -= WELL_OVER * 6;
    const range = isInOrder ? ([first, first + rows.length - 1] as const) : null;
    return {
      ...{ role: 'more', name: '', ref: null, states: [], children: [] },
      folded: { count: rows.length, refs: range, within: scope.ref },
    };
  }

  #inner(element: Element, scope: Scope): readonly Item[] {
    const out = new Gathering();
    this.#inside(element, scope, out);
    return out.items;
  }

  #nameOf(element: Element, role: string): string {
    const name = this.#parts.names.nameOf(element, role);
    return name.length > 160 ? `${name.slice(0, 160)}…` : name;
  }

  #looksClickable(element: Element, { style }: Scope): boolean {
    return (
      (style.cursor === 'pointer' || seemsClickable(element)) && looksClickable(element, this.#parts.tree)
    );
  }

  #paintedLabel(element: Element): Element | null {
    const shown = (label: Element): boolean => {
      const box = rectOf(label);
      return box.width > 2 && box.height > 2 && getComputedStyle(label).visibility === 'visible';
    };
    return labelsOf(element).find(shown) ?? null;
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

/** Drops words that the name says already. */
function without(items: readonly Item[], name: string): readonly Item[] {
  if (name === '') return items;
  return items.filter(({ role, name: words, ref, unseen }) => {
    const isSaid = (role === 'text' || role === 'img') && ref === null && name.includes(words);
    return !isSaid || (unseen !== undefined && words !== name);
  });
}

function ownName(element: Element): string {
  return squeezed(attribute(element, 'aria-label') ?? attribute(element, 'title') ?? '').trim();
}

/** How much more a part shows when it is scrolled; `null` when it shows all. */
function scrollState(element: Element, style: CSSStyleDeclaration): string | null {
  if (!SCROLLS.test(style.overflow) || /^(?:html|body)$/u.test(tagOf(element))) return null;
  const more = scrollHeight(element) - clientHeight(element);
  if (more <= 8) return null;
  const above = Math.round(scrollTop(element));
  return `scrolls: ${above} px above, ${Math.max(0, more - above)} px below`;
}
