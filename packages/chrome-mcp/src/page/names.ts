import { attribute, firstChild, hasAttribute, idsOf, isElement, isText } from './dom.ts';
import { nextSibling, openRoot, squeezed, tagOf, textContent } from './dom.ts';
import { roleOf } from './roles.ts';
import type { FlatTree } from './shadow.ts';

/** Roles that are named by what is in them. */
const FROM_CONTENT = new Set(
  [
    'button cell checkbox columnheader gridcell heading link menuitem menuitemcheckbox menuitemradio option radio row',
    'rowheader sectionhead switch tab tooltip treeitem',
  ]
    .join(' ')
    .split(' '),
);

/** Roles that may not be named. */
const NAMELESS = new Set(
  'caption code definition deletion emphasis generic insertion mark none paragraph strong subscript superscript term time'.split(
    ' ',
  ),
);

const MAX_NAME = 1_000;

interface Step {
  /** Below the element whose name is asked for. */
  readonly isInside: boolean;
  /** Named by the id of it; hidden ones count then. */
  readonly isReferenced: boolean;
}

const TOP: Step = { isInside: false, isReferenced: false };
const INSIDE: Step = { isInside: true, isReferenced: false };
const REFERENCED: Step = { isInside: false, isReferenced: true };

export const isNamedByContent = (role: string): boolean => FROM_CONTENT.has(role);

/**
 * Names of elements by "Accessible Name and Description Computation" and "HTML Accessibility API Mappings", over the
 * flat tree. Of a password no character gets into any name.
 */
export class Names {
  readonly #tree: FlatTree;
  /** Of elements and roles that were asked for before. */
  readonly #known: Map<Element, { readonly role: string; readonly name: string }> | null;
  readonly #generated: Generated;

  constructor(tree: FlatTree, { remembers = false }: { readonly remembers?: boolean } = {}) {
    this.#tree = tree;
    this.#known = remembers ? new Map() : null;
    this.#generated = remembers ? remembered() : generated;
  }

  /** For as long as the page does not change: a label and its control are asked about several times. */
  forOneWalk(): Names {
    return new Names(this.#tree, { remembers: true });
  }

  nameOf(element: Element, role: string = roleOf(element)): string {
    if (NAMELESS.has(role) && tagOf(element) !== 'label') return '';
    const known = this.#known?.get(element);
    if (known?.role === role) return known.name;
    const name = this.#named(element, role);
    this.#known?.set(element, { role, name });
    return name;
  }

  /** Words that a style sheet puts before or after what is in an element. */
  generated(element: Element, where: Where): string {
    return this.#generated(element, where);
  }

  #named(element: Element, role: string): string {
    const plain = plainName(element, role, this.#generated);
    if (plain !== null) return plain;
    return squeezed(new Naming(this.#tree, this.#generated).of(element, role, TOP))
      .trim()
      .slice(0, MAX_NAME);
  }
}

/** The name where nothing but the words in the element can give it; `null` when the rules are needed. */
function plainName(element: Element, role: string, words: Generated): string | null {
  if (!FROM_CONTENT.has(role) || tagOf(element) === 'input' || tagOf(element) === 'img') return null;
  if (hasAttribute(element, 'aria-label') || hasAttribute(element, 'aria-labelledby')) return null;
  const only = firstChild(element);
  if (only === null || nextSibling(only) !== null || !isText(only)) return null;
  if (openRoot(element) !== null || hasGenerated(element, words) || 'labels' in element) return null;
  const text = squeezed(only.data).trim();
  return text === '' ? null : text.slice(0, MAX_NAME);
}

class Naming {
  readonly #tree: FlatTree;
  readonly #generated: Generated;
  readonly #seen = new Set<Element>();
  #isFollowing = false;
  #left = MAX_NAME * 2;

  constructor(tree: FlatTree, words: Generated) {
    this.#tree = tree;
    this.#generated = words;
  }

  of(element: Element, role: string, step: Step): string {
    if (step.isInside && (this.#seen.has(element) || isHiddenFromNames(element))) return '';
    if (step.isInside) this.#seen.add(element);
    const labels = this.#isFollowing ? [] : idsOf(element, 'aria-labelledby');
    if (labels.length > 0) return this.#follow(labels);
    const value = step.isInside ? embeddedValue(element, role) : null;
    if (value !== null) return value;
    const label = attribute(element, 'aria-label')?.trim();
    if (label !== undefined && label !== '') return label;
    const native = role === 'none' ? null : this.#native(element);
    if (native !== null && native.trim() !== '') return native;
    const takesContent = FROM_CONTENT.has(role) || step.isInside || step.isReferenced;
    const content = takesContent && role !== 'menu' ? this.#content(element) : '';
    return content.trim() === '' ? tooltip(element) : content;
  }

  #follow(elements: readonly Element[]): string {
    this.#isFollowing = true;
    const names = elements.map((element) => this.of(element, roleOf(element), REFERENCED));
    this.#isFollowing = false;
    return names.map((name) => name.trim()).join(' ');
  }

  /** What the tag itself is named by. */
  #native(element: Element): string | null {
    const tag = tagOf(element);
    if (element instanceof HTMLInputElement) return this.#input(element);
    if (element instanceof HTMLOptGroupElement) return attribute(element, 'label');
    if (element instanceof HTMLOptionElement) return attribute(element, 'label');
    if (tag === 'img' || tag === 'area') return attribute(element, 'alt');
    if (tag === 'fieldset') return this.#child(element, 'legend');
    if (tag === 'table') return this.#child(element, 'caption');
    if (tag === 'figure') return this.#child(element, 'figcaption');
    if (tag === 'svg') return childText(element, 'title');
    if (tag === 'iframe') return attribute(element, 'title');
    return this.#labels(element);
  }

  #input(element: HTMLInputElement): string | null {
    const { type } = element;
    if (/^(?:button|submit|reset)$/u.test(type)) {
      const label = this.#labels(element);
      if (label !== null) return label;
      const value = attribute(element, 'value');
      const isBare = value === null || value === '';
      return isBare ? ({ submit: 'Submit', reset: 'Reset' }[type] ?? null) : value;
    }
    if (type !== 'image') return this.#labels(element);
    const words = [this.#labels(element), attribute(element, 'alt'), attribute(element, 'value')];
    return words.find((text) => text !== null && text !== '') ?? (tooltip(element) || 'Submit');
  }

  #labels(element: Element): string | null {
    const labels = labelsOf(element);
    if (labels.length === 0) return null;
    this.#seen.add(element);
    const names = labels.map((label) => this.of(label, 'label', { isInside: true, isReferenced: false }));
    return names.map((name) => name.trim()).join(' ');
  }

  #child(element: Element, tag: string): string | null {
    for (const child of this.#tree.children(element)) {
      if (isElement(child) && tagOf(child) === tag) return this.of(child, roleOf(child), INSIDE);
    }
    return null;
  }

  #content(element: Element): string {
    let words = this.#generated(element, '::before');
    for (const child of [...this.#tree.children(element), ...idsOf(element, 'aria-owns')]) {
      if (this.#left <= 0) break;
      words += this.#piece(child);
    }
    return words + this.#generated(element, '::after');
  }

  #piece(child: Node): string {
    if (isText(child)) {
      this.#left -= child.length;
      return child.data;
    }
    if (!isElement(child)) return '';
    if (tagOf(child) === 'br') return ' ';
    const words = this.of(child, roleOf(child), INSIDE);
    const { display } = getComputedStyle(child);
    return display === 'inline' || display === 'contents' ? words : ` ${words} `;
  }
}

const UNREAD = /^(?:script|style|template|noscript)$/u;

function isHiddenFromNames(element: Element): boolean {
  if (attribute(element, 'aria-hidden') === 'true' || UNREAD.test(tagOf(element))) return true;
  const { display, visibility } = getComputedStyle(element);
  return display === 'none' || visibility !== 'visible';
}

/** What a control inside another name counts as; `null` for what is no control. */
function embeddedValue(element: Element, role: string): string | null {
  if (role === 'textbox' || role === 'searchbox') return typedText(element);
  if (role === 'combobox' || role === 'listbox') return chosenText(element);
  if (!/^(?:slider|spinbutton|progressbar|meter|scrollbar)$/u.test(role)) return null;
  const written = attribute(element, 'aria-valuetext') ?? attribute(element, 'aria-valuenow');
  return written ?? ('value' in element ? String(element.value) : '');
}

function typedText(element: Element): string {
  if (element instanceof HTMLInputElement) return element.type === 'password' ? '' : element.value;
  return element instanceof HTMLTextAreaElement ? element.value : (textContent(element) ?? '');
}

function chosenText(element: Element): string {
  if (element instanceof HTMLSelectElement)
    return [...element.selectedOptions].map(({ text }) => text).join(' ');
  if (element instanceof HTMLInputElement) return element.value;
  const chosen = [...element.querySelectorAll('[role=option][aria-selected=true]')];
  return chosen.map((option) => textContent(option) ?? '').join(' ');
}

export function labelsOf(element: Element): readonly HTMLLabelElement[] {
  if (
    element instanceof HTMLInputElement ||
    element instanceof HTMLSelectElement ||
    element instanceof HTMLTextAreaElement ||
    element instanceof HTMLButtonElement ||
    element instanceof HTMLMeterElement ||
    element instanceof HTMLProgressElement ||
    element instanceof HTMLOutputElement
  ) {
    return element.labels === null ? [] : [...element.labels];
  }
  return [];
}

const tooltip = (element: Element): string =>
  [
    attribute(element, 'title'),
    attribute(element, 'aria-placeholder'),
    attribute(element, 'placeholder'),
  ].find((text) => text !== null && text.trim() !== '') ?? '';

function childText(element: Element, tag: string): string | null {
  const child = [...element.children].find((one) => tagOf(one) === tag);
  return child === undefined ? null : textContent(child);
}

const hasGenerated = (element: Element, words: Generated): boolean =>
  words(element, '::before') !== '' || words(element, '::after') !== '';

const STRING = /"((?:[^"\\]|\\.)*)"|attr\(([\w-]+)\)/gu;
/** Icons of fonts live here, and mean nothing as text. */
const PRIVATE = /\p{Co}/gu;

type Where = '::before' | '::after';
type Generated = (element: Element, where: Where) => string;

function remembered(): Generated {
  const known = { '::before': new Map<Element, string>(), '::after': new Map<Element, string>() };
  return (element, where) => {
    const words = known[where].get(element) ?? generated(element, where);
    known[where].set(element, words);
    return words;
  };
}

function generated(element: Element, where: Where): string {
  const style = getComputedStyle(element, where);
  const { content } = style;
  if (content === 'none' || content === 'normal' || content === '') return '';
  if (style.display === 'none' || style.visibility !== 'visible') return '';
  const alternative = content.lastIndexOf(' / ');
  const part = alternative < 0 ? content : content.slice(alternative);
  const words = [...part.matchAll(STRING)].map(([, text, name]) =>
    name === undefined ? unescaped(text ?? '') : (attribute(element, name) ?? ''),
  );
  const text = words.join('').replaceAll(PRIVATE, '');
  const flows = style.display === 'inline' && alternative < 0;
  return flows || text === '' ? text : ` ${text} `;
}

const unescaped = (text: string): string => text.replaceAll(/\\(.)/gu, '$1');
