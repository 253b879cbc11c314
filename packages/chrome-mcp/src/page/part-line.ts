import type { Unseen } from './api.ts';
import { attribute, rectOf } from './dom.ts';
import { looksClickable } from './identity.ts';
import type { Gathering, Item } from './item.ts';
import { isCell, kindOf, saysNothing, seemsClickable } from './kinds.ts';
import { isNamedByContent } from './names.ts';
import { unseenBox } from './paint.ts';
import { LINE_BYTES, shortName, without, type Reading, type Scope } from './reading.ts';
import { isScrollState, scrollStates } from './scrollable.ts';
import { statesOf, valueOf } from './states.ts';

type Head = Pick<Item, 'role' | 'name' | 'states' | 'value'>;

/** A part of the page that has a role. */
export function addSection(role: string, scope: Scope, walk: Reading, out: Gathering): void {
  const { element, style } = scope;
  // the words in a cell are lines of their own
  const isWords = isNamedByContent(role) && (isCell(role) || role === 'row');
  const isNamed = !isWords || (attribute(element, 'aria-label') ?? '').trim() !== '';
  const name = isNamed ? shortName(walk, element, role) : '';
  const states = [...statesOf(element, role), ...scrollStates(element, style)];
  const value = valueOf(element, role) ?? undefined;
  addPart({ role, name, states, ...(value !== undefined && { value }) }, scope, walk, out);
}

/** A line with what is in the element below it; none when there is nothing to say. */
export function addPart(head: Head, scope: Scope, walk: Reading, out: Gathering): void {
  const { role, name } = head;
  const { element } = scope;
  walk.spend(LINE_BYTES + name.length);
  const isPart = kindOf(role, true) === 'part';
  const needsRef = isPart || head.states.some(isScrollState) || isClickable(scope, walk);
  const ref = needsRef ? walk.refs.refFor(element, role, name) : null;
  const unseen: Unseen | null = role === 'img' ? unseenBox(scope.paint, rectOf(element)) : null;
  const inner = role === 'img' ? [] : walk.inner(element, { ...scope, ref: ref ?? scope.ref });
  const children = without(inner, name);
  const item = { ...head, ref, children, ...(unseen !== null && { unseen }) };
  const isEmpty = saysNothing(item) || (children.length === 0 && name === '' && isPart);
  if (!isEmpty || isCell(role)) out.add(item);
}

export const isClickable = ({ element, style }: Scope, { tree }: Reading): boolean =>
  (style.cursor === 'pointer' || seemsClickable(element)) && looksClickable(element, tree);

/** Another document, whose lines come from its own walk. */
export function addFrame(scope: Scope, walk: Reading, out: Gathering): void {
  const { element, paint } = scope;
  const { width, height } = rectOf(element);
  if (width < 2 || height < 2) return;
  const name = shortName(walk, element, 'iframe');
  const ref = walk.refs.refFor(element, 'iframe', name);
  const unseen = unseenBox(paint, rectOf(element));
  walk.spend(LINE_BYTES * 2 + name.length);
  const item = { role: 'iframe', name, ref, states: [], children: [], isFrame: true } as const;
  out.add({ ...item, ...(unseen !== null && { unseen }) });
}
