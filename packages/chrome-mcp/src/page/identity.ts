import { attribute, squeezed, tagOf, textContent } from './dom.ts';
import { isEditingHost, seemsClickable } from './kinds.ts';
import type { Names } from './names.ts';
import { roleOf } from './roles.ts';
import type { FlatTree } from './shadow.ts';

const MAX_WORDS = 200;

/** What an element is to somebody who uses the page: its role, or what it serves as without one. */
export function servesAs(element: Element, tree: FlatTree): string {
  const role = roleOf(element);
  if (role !== 'generic' && role !== 'none' && role !== 'paragraph') return role;
  if (isEditingHost(element)) return 'textbox';
  const control = hiddenControl(element);
  if (control !== null) return roleOf(control);
  return looksClickable(element, tree) ? 'clickable' : role;
}

/** The name that goes with `servesAs`. */
export function nameFor(element: Element, names: Names, tree: FlatTree): string {
  const role = servesAs(element, tree);
  const control = hiddenControl(element);
  if (control !== null) return names.nameOf(control);
  if (role !== 'clickable') return names.nameOf(element, role);
  const written = attribute(element, 'aria-label') ?? attribute(element, 'title') ?? '';
  const words = written.trim() === '' ? (textContent(element) ?? '').slice(0, MAX_WORDS * 4) : written;
  return squeezed(words).trim().slice(0, MAX_WORDS);
}

/** Has something that listens, as far as can be told, or shows the hand for a click. */
export function looksClickable(element: Element, tree: FlatTree): boolean {
  if (seemsClickable(element)) return true;
  if (getComputedStyle(element).cursor !== 'pointer') return false;
  const above = tree.parent(element);
  return above !== null && getComputedStyle(above).cursor !== 'pointer';
}

/** The control that a label stands for because it is not painted itself. */
function hiddenControl(element: Element): Element | null {
  if (tagOf(element) !== 'label' || !(element instanceof HTMLLabelElement)) return null;
  const { control } = element;
  return control !== null && getComputedStyle(control).display === 'none' ? control : null;
}
