import { attribute, rectOf, squeezed } from './dom.ts';
import { nameFor } from './identity.ts';
import type { Gathering } from './item.ts';
import { unseenBox } from './paint.ts';
import { LINE_BYTES, type Reading, type Scope } from './reading.ts';
import { hasName } from './roles.ts';
import { statesOf } from './states.ts';

const MAX_WORDS = 200;

/** Something without a role that serves as a control; none when all that is in it is one control. */
export function addClickable(scope: Scope, walk: Reading, out: Gathering): void {
  const { element, paint } = scope;
  const { refs, names, tree } = walk;
  const ref = refs.refOf(element);
  const inner = walk.inner(element, { ...scope, ref });
  const [only] = inner;
  const isWrapper = inner.length === 1 && only?.ref != null;
  if (isWrapper) {
    out.add(...inner);
    return;
  }
  const isPlain = inner.every(({ role }) => role === 'text' || role === 'img');
  const words = inner.map(({ name }) => name).join(' ');
  const name = hasName(element) ? ownName(element) : isPlain ? words.slice(0, MAX_WORDS) : '';
  refs.refFor(element, 'clickable', nameFor(element, names, tree));
  const unseen = unseenBox(paint, rectOf(element));
  walk.spend(LINE_BYTES * 2);
  out.add({
    ...{ role: 'clickable', name, ref, states: statesOf(element, 'clickable') },
    children: isPlain ? [] : inner,
    ...(unseen !== null && { unseen }),
  });
}

function ownName(element: Element): string {
  return squeezed(attribute(element, 'aria-label') ?? attribute(element, 'title') ?? '').trim();
}
