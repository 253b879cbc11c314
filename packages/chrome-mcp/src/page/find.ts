import type { FindRequest, FrameMatches, Match, Unseen } from './api.ts';
import { attribute, firstChild, hasAttribute, isElement, isText, nextSibling } from './dom.ts';
import { rectOf, squeezed, tagOf, textContent } from './dom.ts';
import { isUnread, kindOf } from './kinds.ts';
import { paintedIn, unseenBox, unseenText } from './paint.ts';
import { roleOf } from './roles.ts';
import { valueOf } from './states.ts';
import type { WalkParts } from './reading.ts';

const AROUND = 60;
/** Elements whose words are in attributes and values. */
const SAYING = '[aria-label],[aria-labelledby],[alt],[title],[placeholder],input,textarea,select,option';
/** More than this are not looked at closely. */
const MAX_FOUND = 400;

/** Elements by their words, names, values and roles, without reading the whole page as a tree. */
export class Finder {
  readonly #parts: WalkParts;
  readonly #pattern: RegExp | null;
  readonly #found = new Map<Element, string>();

  constructor(parts: WalkParts, request: FindRequest) {
    this.#parts = parts;
    this.#pattern = patternOf(request);
  }

  find({ role, limit }: FindRequest): FrameMatches {
    for (const root of this.#parts.tree.roots()) {
      if (role !== undefined) this.#byRole(root, role.toLowerCase());
      else {
        const top = root instanceof Document ? root.querySelectorAll(':root > body') : root.children;
        for (const element of top) this.#byWords(element);
        this.#byNames(root);
      }
    }
    const shown = [...this.#found].filter(([element]) =>
      element.checkVisibility({ visibilityProperty: true }),
    );
    const all = shown.map(([element, words]) => this.#match(element, words));
    const sorted = [
      ...all.filter(({ unseen }) => unseen === undefined),
      ...all.filter(({ unseen }) => unseen),
    ];
    return { matches: sorted.slice(0, limit), isCut: sorted.length > limit || this.#isFull };
  }

  get #isFull(): boolean {
    return this.#found.size >= MAX_FOUND;
  }

  /** Goes down to the smallest elements that have the words; gives whether there are any. */
  #byWords(element: Element): boolean {
    if (this.#isFull || isUnread(tagOf(element)) || this.#pattern === null) return false;
    const words = textContent(element) ?? '';
    if (!this.#pattern.test(words)) return false;
    let isBelow = false;
    for (let node = firstChild(element); node !== null; node = nextSibling(node)) {
      if (isElement(node) && this.#byWords(node)) isBelow = true;
    }
    const isOwn = !isBelow && tagOf(element) !== 'option';
    if (isOwn) this.#add(element, words);
    return true;
  }

  #byNames(root: Document | ShadowRoot): void {
    for (const element of root.querySelectorAll(SAYING)) {
      if (this.#isFull) return;
      const words = this.#said(element);
      if (this.#pattern?.test(words) === true) this.#add(element, words);
    }
  }

  #byRole(root: Document | ShadowRoot, role: string): void {
    for (const element of root.querySelectorAll('*')) {
      if (this.#isFull) return;
      if (roleOf(element) !== role) continue;
      const words = this.#said(element) || (textContent(element) ?? '');
      if (this.#pattern === null || this.#pattern.test(words)) this.#add(element, words, { isTarget: true });
    }
  }

  #said(element: Element): string {
    const role = roleOf(element);
    const value = valueOf(element, role);
    const placeholder = attribute(element, 'placeholder') ?? '';
    return [this.#parts.names.nameOf(element, role), value ?? '', placeholder].join(' ').trim();
  }

  #add(element: Element, words: string, { isTarget = false } = {}): void {
    const target = isTarget ? element : this.#targetOf(element);
    if (!this.#found.has(target)) this.#found.set(target, this.#around(words));
  }

  /** What one would act on: the control that the words belong to, or the element itself. */
  #targetOf(element: Element): Element {
    let at: Element | null = element;
    for (let up = 0; at !== null && up < 6; up += 1) {
      if (tagOf(at) === 'option' && at.closest('select') !== null) return at.closest('select') ?? at;
      if (kindOf(roleOf(at), true) === 'control' || hasAttribute(at, 'onclick')) return at;
      at = this.#parts.tree.parent(at);
    }
    return element;
  }

  #around(words: string): string {
    const text = squeezed(words).trim();
    const at = this.#pattern?.exec(text);
    if (at == null) return text.slice(0, AROUND * 2);
    const start = Math.max(0, at.index - AROUND);
    const end = at.index + at[0].length + AROUND;
    return `${start > 0 ? '…' : ''}${text.slice(start, end)}${end < text.length ? '…' : ''}`;
  }

  #match(element: Element, text: string): Match {
    const { refs, names } = this.#parts;
    const role = roleOf(element);
    const name = names.nameOf(element, role).slice(0, 160);
    const { top, bottom } = rectOf(element);
    const unseen = this.#unseen(element);
    return {
      ...{ ref: refs.refFor(element, role, name), role, name, text },
      ...(unseen !== null && { unseen }),
      isInView: bottom > 0 && top < innerHeight,
    };
  }

  #unseen(element: Element): Unseen | null {
    const paint = paintedIn(element, this.#parts.tree);
    const text = textIn(element);
    if (text === null) return unseenBox(paint, rectOf(element));
    return unseenText(text, element, getComputedStyle(element), paint);
  }
}

function textIn(element: Element): Text | null {
  for (let node = firstChild(element); node !== null; node = nextSibling(node)) {
    if (isText(node) && node.data.trim() !== '') return node;
  }
  return null;
}

function patternOf({ text, regex }: FindRequest): RegExp | null {
  if (regex !== undefined) return new RegExp(regex, 'iu');
  if (text === undefined) return null;
  const escaped = text.trim().replaceAll(/[\\^$.*+?()[\]{}|/-]/gu, (character) => `\\u{${hex(character)}}`);
  return new RegExp(escaped.replaceAll(/\s+/gu, '\\s+'), 'iu');
}

const hex = (character: string): string => (character.codePointAt(0) ?? 0).toString(16);
