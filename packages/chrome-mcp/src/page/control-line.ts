import { rectOf } from './dom.ts';
import type { Gathering } from './item.ts';
import { isEditingHost, isField } from './kinds.ts';
import { isNamedByContent, labelsOf } from './names.ts';
import { optionItems } from './options.ts';
import { unseenBox } from './paint.ts';
import { LINE_BYTES, shortName, without, type Reading, type Scope } from './reading.ts';
import { roleOf } from './roles.ts';
import { scrollStates } from './scrollable.ts';
import { statesOf, valueOf } from './states.ts';

const MAX_VALUE = 400;

/** Something that is acted on: its ref is that of a painted label when it is not painted itself. */
export function addControl(role: string, scope: Scope, walk: Reading, out: Gathering): void {
  const { element } = scope;
  if (element instanceof HTMLInputElement && element.type === 'hidden') return;
  const unseen = unseenBox(scope.paint, rectOf(element));
  const label = unseen === null ? null : paintedLabel(element);
  walk.spend(LINE_BYTES * 2);
  const name = shortName(walk, element, role);
  const value = valueOf(element, role) ?? undefined;
  const scrolled = isField(element) ? [] : scrollStates(element, scope.style);
  const states = [...statesOf(element, role), ...scrolled];
  const ref = walk.refs.refFor(label ?? element, role, name);
  const inner = isField(element)
    ? optionItems(element)
    : walk.inner(element, { ...scope, isInControl: true, ref });
  const isTyped = isEditingHost(element) && inner.length === 1 && inner[0]?.role === 'text';
  const children = isTyped ? [] : without(inner, isNamedByContent(role) ? name : '');
  const shown = isTyped ? inner[0]?.name : value;
  walk.spend(name.length + (shown?.length ?? 0));
  out.add({
    ...{ role, name, ref, states, children },
    ...(shown !== undefined && { value: shown.slice(0, MAX_VALUE) }),
    ...(unseen !== null && label === null && { unseen }),
  });
}

/** The words of a label are the name of its control; a control that is not there is used by its label. */
export function addLabel(scope: Scope, walk: Reading, out: Gathering): void {
  const { element } = scope;
  const control = element instanceof HTMLLabelElement ? element.control : null;
  if (control === null) {
    walk.inside(element, scope, out);
    return;
  }
  const role = roleOf(control);
  const name = shortName(walk, control, role);
  const inner = without(walk.inner(element, { ...scope, isInControl: true }), name);
  const isHidden = getComputedStyle(control).display === 'none';
  if (!isHidden) {
    out.add(...inner);
    return;
  }
  const ref = walk.refs.refFor(element, role, name);
  const value = valueOf(control, role);
  out.add({
    ...{ role, name, ref, states: statesOf(control, role), children: inner },
    ...(value !== null && { value: value.slice(0, MAX_VALUE) }),
  });
}

function paintedLabel(element: Element): Element | null {
  const shown = (label: Element): boolean => {
    const box = rectOf(label);
    return box.width > 2 && box.height > 2 && getComputedStyle(label).visibility === 'visible';
  };
  return labelsOf(element).find(shown) ?? null;
}
