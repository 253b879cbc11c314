import { checkField, isCheckable } from './check-field.ts';
import { editableField, textField } from './text-field.ts';
import type { Nodes } from './nodes.ts';
import { Unfilled } from './unfilled.ts';
import { selectField, settableField } from './value-field.ts';

export type Value = string | boolean | number | readonly string[];

/** A control that takes a value. */
export interface Field {
  readonly element: Element;
  /** Its value is never told. */
  readonly isSecret: boolean;
  /** @throws Unfilled */
  put(value: Value): void | Promise<void>;
  /** The value asked for, as this kind of field has it. */
  wanted(): string;
  /** The value that it has, when that is another one. */
  kept(wanted: string): string | null;
}

const TEXT_TYPES = ['text', 'search', 'url', 'tel', 'email', 'password', 'number'];
const SET_TYPES = ['date', 'time', 'datetime-local', 'month', 'week', 'color', 'range'];
const FIELDS = 'input:not([type=hidden]),textarea,select,[contenteditable]:not([contenteditable=false])';
const CUSTOM: Readonly<Record<string, string>> = {
  combobox: 'it is a list of the page’s own making',
  listbox: 'it is a list of the page’s own making',
  slider: 'it is a slider of the page’s own making',
  spinbutton: 'it is a number field of the page’s own making',
};

/**
 * The field that an element is, labels or holds.
 *
 * @throws Unfilled when it is none
 */
export function fieldOf(element: Element, nodes: Nodes): Field {
  const field = ownField(element) ?? heldField(element, nodes);
  if (field !== null) return field;
  const role = element.getAttribute('role') ?? '';
  const custom = CUSTOM[role];
  if (custom !== undefined) throw new Unfilled('custom', custom);
  throw new Unfilled('unfillable', 'it is not a field');
}

function ownField(element: Element): Field | null {
  if (element instanceof HTMLSelectElement) return selectField(element);
  if (element instanceof HTMLTextAreaElement) return textField(element);
  if (element instanceof HTMLInputElement) return inputField(element);
  if (isCheckable(element)) return checkField(element);
  if (element instanceof HTMLElement && element.isContentEditable) return editableField(element);
  return null;
}

function inputField(input: HTMLInputElement): Field {
  if (isCheckable(input)) return checkField(input);
  if (SET_TYPES.includes(input.type)) return settableField(input);
  if (TEXT_TYPES.includes(input.type)) return textField(input);
  if (input.type === 'file') throw new Unfilled('file', 'it takes files, not a value');
  throw new Unfilled('unfillable', `it is a ${input.type} input, not a field`);
}

function heldField(element: Element, nodes: Nodes): Field | null {
  if (element instanceof HTMLLabelElement && element.control !== null) return ownField(element.control);
  const inner = [element, nodes.shadowOf(element)].flatMap((root) => [
    ...(root?.querySelectorAll(FIELDS) ?? []),
  ]);
  const [only] = inner;
  return only !== undefined && inner.length === 1 ? ownField(only) : null;
}
