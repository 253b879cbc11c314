import type { Focused, FocusRequest } from './action-api.ts';
import { pause } from './clock.ts';
import { rootOf } from './flat-tree.ts';
import type { Nodes } from './nodes.ts';
import { partyOf } from './party.ts';
import { stale } from './preflight.ts';
import type { Watches } from './receipt.ts';
import { disabledBy } from './state.ts';
import { veil } from './veil.ts';

const POLL_MS = 50;

/** Puts the focus on an element, or finds the one that has it, and begins a watch of the keys it receives. */
export async function focus(
  { ref, waitMs, isSecret = false }: FocusRequest,
  nodes: Nodes,
  watches: Watches,
): Promise<Focused> {
  if (isSecret && ref === undefined) veil(activeElement(nodes));
  if (ref === undefined) return focused(activeElement(nodes), nodes, watches);
  const held = nodes.find(ref);
  if (held.element === null) return stale(ref, held);
  const { element, healed } = held;
  const start = performance.now();
  for (;;) {
    const hindrance = disabledBy(element);
    const waitedMs = Math.round(performance.now() - start);
    if (hindrance === null) break;
    if (waitedMs > waitMs)
      return { ok: false, ...hindrance, party: partyOf(element, nodes), blocker: null, waitedMs };
    await pause(POLL_MS);
  }
  if (element instanceof HTMLElement || element instanceof SVGElement) element.focus();
  const holder = activeElement(nodes);
  if (isSecret) veil(holder);
  if (!hasFocus(element, holder)) {
    const why = 'it does not take the focus';
    return {
      ok: false,
      obstacle: 'untouchable',
      why,
      party: partyOf(element, nodes),
      blocker: null,
      waitedMs: 0,
    };
  }
  return { ...focused(holder, nodes, watches), healed };
}

/** A host that hands the focus to a part of it has it too. */
const hasFocus = (element: Element, holder: Element): boolean => {
  for (let at = holder; ;) {
    if (at === element || element.contains(at)) return true;
    const root = rootOf(at);
    if (!(root instanceof ShadowRoot)) return false;
    at = root.host;
  }
};

function focused(element: Element, nodes: Nodes, watches: Watches): Extract<Focused, { ok: true }> {
  const isFrame = element.localName === 'iframe' || element.localName === 'frame';
  return { ok: true, party: partyOf(element, nodes), healed: false, watch: watches.begin(element), isFrame };
}

function activeElement(nodes: Nodes): Element {
  let active = document.activeElement ?? document.documentElement;
  for (;;) {
    const inner = nodes.shadowOf(active)?.activeElement ?? null;
    if (inner === null) return active;
    active = inner;
  }
}
