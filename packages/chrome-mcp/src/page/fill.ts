import type { Filled, FillField, FillRequest } from './action-api.ts';
import { nextTask, pause } from './clock.ts';
import { fieldOf, type Field } from './field.ts';
import type { Nodes } from './nodes.ts';
import { partyOf } from './party.ts';
import { coverOver, SECOND_LOOK_MS } from './preflight.ts';
import type { Rest } from './settle.ts';
import { disabledBy, hiddenBy, painted } from './state.ts';
import { Unfilled } from './unfilled.ts';
import { veil } from './veil.ts';

const POLL_MS = 50;
const KEPT_LENGTH = 200;
/** CSS pixels; what is smaller is there for programs. */
const SMALLEST = 4;

/** Fills the fields in order; one that fails does not keep the others from being filled. */
export async function fill(
  { fields, waitMs }: FillRequest,
  nodes: Nodes,
  rest: Rest,
): Promise<readonly Filled[]> {
  const outcomes: (Filled | Check)[] = [];
  rest.begin();
  for (const field of fields) outcomes.push(await fillOne(field, { nodes, waitMs }));
  rest.acted();
  // masks and frameworks put their own value in after the event
  await nextTask();
  await pause(0);
  return outcomes.map((outcome) => ('field' in outcome ? checked(outcome, nodes) : outcome));
}

interface Check {
  readonly field: Field;
  readonly ref: number;
  readonly element: Element;
  readonly healed: boolean;
  readonly isSecret: boolean;
}

interface Means {
  readonly nodes: Nodes;
  readonly waitMs: number;
}

async function fillOne(
  { ref, value, isSecret = false }: FillField,
  { nodes, waitMs }: Means,
): Promise<Filled | Check> {
  const held = nodes.find(ref);
  if (held.element === null) {
    const party = held.was === null ? null : { ref, ...held.was, tag: '' };
    return { ok: false, problem: 'stale', why: held.why, choices: [], party, blocker: null };
  }
  const { element, healed } = held;
  try {
    const field = fieldOf(element, nodes);
    await untilUsable(field.element, waitMs);
    const cover = await coverOf(field.element);
    if (cover !== null) return covered(element, cover, nodes);
    if (isSecret) veil(field.element);
    await field.put(value);
    return { field, ref, element, healed, isSecret };
  } catch (error) {
    if (!(error instanceof Unfilled)) throw error;
    const party = partyOf(element, nodes);
    const { problem, message: why, choices } = error;
    return { ok: false, problem, why, choices, party, blocker: null };
  }
}

/** What a person would meet instead of the field, at a second look too. */
async function coverOf(element: Element): Promise<Element | null> {
  const face = painted(element);
  const { width, height } = face.getBoundingClientRect();
  // what stands behind a control of the page's own making is not what is seen
  const isBehind = width < SMALLEST || height < SMALLEST || getComputedStyle(face).opacity === '0';
  if (isBehind || coverOver(face) === null) return null;
  await pause(SECOND_LOOK_MS);
  return coverOver(face);
}

const covered = (element: Element, cover: Element, nodes: Nodes): Filled => ({
  ...{ ok: false, problem: 'covered', why: 'another element lies over it', choices: [] },
  ...{ party: partyOf(element, nodes), blocker: partyOf(cover, nodes) },
});

async function untilUsable(element: Element, waitMs: number): Promise<void> {
  const start = performance.now();
  for (;;) {
    const hindrance = disabledBy(element) ?? hiddenBy(painted(element));
    if (hindrance === null) return;
    const isHidden = hindrance.obstacle === 'hidden';
    if (isHidden || performance.now() - start > waitMs) {
      throw new Unfilled(isHidden ? 'hidden' : 'disabled', hindrance.why);
    }
    await pause(POLL_MS);
  }
}

/** What the page made of it, in the element that now has the ref. */
function checked({ field, ref, element, healed, isSecret }: Check, nodes: Nodes): Filled {
  const now = nodes.find(ref);
  const party = partyOf(now.element ?? element, nodes);
  const current = now.element === null || now.element === element ? field : fieldOf(now.element, nodes);
  const kept = current.kept(field.wanted());
  const isCombobox =
    current.element.getAttribute('role') === 'combobox' || current.element.hasAttribute('list');
  return {
    ok: true,
    party,
    healed: healed || now.element !== element,
    differs: kept !== null,
    kept: isSecret || current.isSecret ? null : (kept?.slice(0, KEPT_LENGTH) ?? null),
    isCombobox,
  };
}
