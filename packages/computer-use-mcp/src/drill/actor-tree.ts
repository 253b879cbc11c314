import type { Rect } from '../core/geometry.ts';
import type { Bus, HeardCall, Reply } from '../accessibility/atspi/bus.ts';
import { openAccessibilityBus } from '../accessibility/atspi/connection.ts';
import { BUTTON, FIELD } from './element-uses.ts';

const ROOT = '/org/a11y/atspi/accessible/root';
const JOIN_MS = 15_000;
/** Numbers of `AtspiRole` and `AtspiStateType` (at-spi2-core, atspi-constants.h). */
const ROLE = { application: 75, frame: 23, button: 43, entry: 79 };
const STATES = { shown: [8, 24, 25, 30], editable: [7, 8, 24, 25, 30] };

interface Node {
  readonly role: number;
  readonly name: string;
  readonly rect: Rect;
  readonly states: readonly number[];
  readonly children: readonly string[];
  /** Of a field. */
  text?: string;
}

export interface TreeLook {
  readonly title: string;
  /** Of the window, as its program sees it. */
  readonly place: Rect;
  readonly env: Readonly<Record<string, string | undefined>>;
}

/** Tells on the accessibility bus that the window has a button and a field. */
export async function joinAccessibility({ title, place, env }: TreeLook): Promise<void> {
  const bus = await openAccessibilityBus({ env, mayStart: true, signal: AbortSignal.timeout(JOIN_MS) });
  const nodes = nodesOf(title, place);
  bus.serve((call) => answer(call, nodes, bus));
  await bus.call({
    ...{ destination: 'org.a11y.atspi.Registry', path: ROOT },
    ...{ interface: 'org.a11y.atspi.Socket', member: 'Embed' },
    ...{ signature: '(so)', body: [[bus.name, ROOT]] },
  });
}

function nodesOf(title: string, place: Rect): ReadonlyMap<string, Node> {
  const [frame, button, entry] = ['frame', 'button', 'entry'].map((name) => `/org/a11y/atspi/drill/${name}`);
  const inside = (top: number): Rect => ({ x: place.x + 20, y: place.y + top, width: 100, height: 25 });
  const node = (role: number, name: string, rect: Rect, children: readonly (string | undefined)[]): Node => ({
    ...{ role, name, rect, states: STATES.shown },
    children: children.filter((child) => child !== undefined),
  });
  return new Map([
    [ROOT, node(ROLE.application, title, place, [frame])],
    [frame ?? '', node(ROLE.frame, title, place, [button, entry])],
    [button ?? '', node(ROLE.button, BUTTON, inside(20), [])],
    [entry ?? '', { ...node(ROLE.entry, FIELD, inside(60), []), states: STATES.editable, text: '' }],
  ]);
}

function answer({ path, member, body }: HeardCall, nodes: ReadonlyMap<string, Node>, bus: Bus): Reply | null {
  const node = nodes.get(path);
  if (node === undefined) return null;
  const { x, y, width, height } = node.rect;
  const given = (signature: string, value: unknown): Reply => ({ signature, body: [value] });
  const property = (signature: string, value: unknown): Reply => given('v', bus.variant(signature, value));
  if (member === 'GetChildren')
    return given(
      'a(so)',
      node.children.map((child) => [bus.name, child]),
    );
  if (member === 'GetState') return given('au', wordsOf(node.states));
  if (member === 'GetRole') return given('u', node.role);
  if (member === 'GetRelationSet') return given('a(ua(so))', []);
  if (member === 'GetExtents') return given('(iiii)', [x, y, width, height]);
  if (member === 'GetText' && node.text !== undefined) return given('s', node.text);
  if (member === 'SetTextContents' && node.text !== undefined) {
    node.text = String(body[0]);
    return given('b', true);
  }
  if (member !== 'Get') return null;
  if (body[1] === 'Name') return property('s', node.name);
  return body[1] === 'ChildCount' ? property('i', node.children.length) : null;
}

function wordsOf(states: readonly number[]): readonly number[] {
  const words = [0, 0];
  for (const bit of states) words[bit >> 5] = ((words[bit >> 5] ?? 0) | (1 << (bit & 31))) >>> 0;
  return words;
}
