import { attribute, closest, hasAttribute, matches, squeezed, tagOf } from './dom.ts';

const CHECKABLE = /^(?:checkbox|radio|switch|menuitemcheckbox|menuitemradio)$/u;
/** Kinds of fields whose value has a form that is not free. */
const KINDS = /^(?:date|datetime-local|month|week|time|color|file|email|url|tel|password)$/u;
const MASK = '••••••';

/** What can be said of an element in a word: checked, disabled, level 2. Those that are usual are left out. */
export function statesOf(element: Element, role: string): readonly string[] {
  return [
    role === 'heading' ? levelOf(element) : null,
    element instanceof HTMLInputElement && KINDS.test(element.type) ? element.type : null,
    CHECKABLE.test(role) ? checkedState(element) : null,
    said(element, 'aria-pressed', { true: 'pressed', mixed: 'half pressed' }),
    expandedState(element),
    isSelected(element, role) ? 'selected' : null,
    isDisabled(element) ? 'disabled' : null,
    isSet(element, 'readonly', 'aria-readonly') ? 'readonly' : null,
    isSet(element, 'required', 'aria-required') ? 'required' : null,
    isInvalid(element) ? 'invalid' : null,
    currentState(element),
    said(element, 'aria-busy', { true: 'busy' }),
    isModal(element) ? 'modal' : null,
    isMultiple(element) ? 'multiple' : null,
    matches(element, ':focus') && tagOf(element) !== 'body' ? 'focused' : null,
  ].filter((state) => state !== null);
}

/** What is typed or chosen; `null` for what has no value. A password is six bullets, however long it is. */
export function valueOf(element: Element, role: string): string | null {
  if (element instanceof HTMLInputElement) return inputValue(element, role);
  if (element instanceof HTMLTextAreaElement) return masked(element, element.value);
  if (element instanceof HTMLSelectElement) {
    return [...element.selectedOptions].map((option) => squeezed(option.text).trim()).join(', ');
  }
  const written = attribute(element, 'aria-valuetext') ?? attribute(element, 'aria-valuenow');
  if (written !== null && /^(?:slider|spinbutton|progressbar|meter|scrollbar|separator)$/u.test(role))
    return written;
  if (element instanceof HTMLProgressElement) {
    return element.position < 0 ? null : `${Math.round(element.position * 100)}%`;
  }
  return element instanceof HTMLMeterElement ? String(element.value) : null;
}

function inputValue(element: HTMLInputElement, role: string): string | null {
  if (CHECKABLE.test(role)) return null;
  if (element.type === 'file') return [...(element.files ?? [])].map(({ name }) => name).join(', ');
  return role === 'button' ? null : masked(element, element.value);
}

function masked(element: Element, value: string): string {
  if (value === '') return '';
  const isPassword = element instanceof HTMLInputElement && element.type === 'password';
  const security = getComputedStyle(element).getPropertyValue('-webkit-text-security');
  return isPassword || !/^(?:none)?$/u.test(security) ? MASK : value;
}

const said = (element: Element, name: string, words: Readonly<Record<string, string>>): string | null =>
  words[attribute(element, name) ?? ''] ?? null;

function levelOf(element: Element): string | null {
  const level = attribute(element, 'aria-level') ?? /^h([1-6])$/u.exec(tagOf(element))?.[1];
  return level === undefined ? null : `level ${Number(level)}`;
}

function checkedState(element: Element): string | null {
  if (element instanceof HTMLInputElement && /^(?:checkbox|radio)$/u.test(element.type)) {
    if (element.indeterminate) return 'half checked';
    return element.checked ? 'checked' : null;
  }
  return said(element, 'aria-checked', { true: 'checked', mixed: 'half checked' });
}

function expandedState(element: Element): string | null {
  if (tagOf(element) === 'summary') {
    const details = closest(element, 'details');
    return details !== null && hasAttribute(details, 'open') ? 'expanded' : 'collapsed';
  }
  return said(element, 'aria-expanded', { true: 'expanded', false: 'collapsed' });
}

function isSelected(element: Element, role: string): boolean {
  if (element instanceof HTMLOptionElement) return element.selected;
  return (
    /^(?:option|tab|row|gridcell|treeitem)$/u.test(role) && attribute(element, 'aria-selected') === 'true'
  );
}

const isDisabled = (element: Element): boolean =>
  matches(element, ':disabled') || closest(element, '[aria-disabled=true],[inert]') !== null;

const isSet = (element: Element, name: string, aria: string): boolean =>
  (hasAttribute(element, name) && /^(?:input|select|textarea)$/u.test(tagOf(element))) ||
  attribute(element, aria) === 'true';

function isInvalid(element: Element): boolean {
  const written = attribute(element, 'aria-invalid');
  if (written !== null) return written !== 'false' && written !== '';
  return matches(element, ':user-invalid');
}

function currentState(element: Element): string | null {
  const current = attribute(element, 'aria-current');
  if (current === null || current === 'false' || current === '') return null;
  return /^(?:page|step|location|date|time)$/u.test(current) ? `current ${current}` : 'current';
}

const isModal = (element: Element): boolean =>
  attribute(element, 'aria-modal') === 'true' || matches(element, ':modal');

const isMultiple = (element: Element): boolean =>
  attribute(element, 'aria-multiselectable') === 'true' ||
  (hasAttribute(element, 'multiple') && tagOf(element) === 'select');
