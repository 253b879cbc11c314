import type { Button, Gesture, Judge, Judged } from '../../desktop.ts';
import { DesktopBusy } from '../../failure.ts';
import { isBound } from './bindings.ts';
import type { Parts } from './parts.ts';
import { SceneReader } from './scene.ts';

const BUTTONS: Readonly<Record<Button, string>> = { left: 'button1', middle: 'button2', right: 'button3' };
const WHEEL = { up: 'button4', down: 'button5', left: 'button6', right: 'button7' } as const;

export interface Aimed extends Judged {
  /** The window under the point is not in front: focus it, then try again. */
  readonly focusFirst: number | null;
}

/**
 * Reads, judges and does one gesture. Sway does the gesture in one piece, and only while the window in front still
 * belongs to the process that was judged; what is under the point is read just before.
 */
export async function aim(
  gesture: Gesture,
  judge: Judge,
  { session, input, sources, mayFocus }: Parts & { readonly mayFocus: boolean },
): Promise<Aimed> {
  const modifiers = gesture.kind === 'move' ? [] : gesture.modifiers;
  const [bindings, over] = await Promise.all([session.bindings(), session.layersOver()]);
  const tree = await session.tree();
  const reader = new SceneReader(tree, sources);
  const at = { x: gesture.at.x + tree.screen.x, y: gesture.at.y + tree.screen.y };
  const { scene: pointed, target } = reader.forPointer(at, over);
  const keyed = modifiers.length === 0 ? [] : reader.forKeyboard().recipients;
  const scene = await reader.probed({
    ...pointed,
    recipients: [...pointed.recipients, ...keyed],
    isShortcut: modifiers.length > 0 && isBound({ modifiers, key: null }, bindings),
  });
  const decision = judge(scene);
  if (!decision.allowed) return { decision, scene, focusFirst: null };
  const { focused } = reader;
  if (mayFocus && gesture.kind === 'click' && target !== null && target.id !== focused?.id) {
    return { decision, scene, focusFirst: target.id };
  }
  const pid = focused?.pid ?? null;
  const condition = pid === null ? '' : `[con_id="__focused__" pid=${pid}] `;
  if (modifiers.length > 0) {
    input.hold(modifiers);
    await input.sync();
  }
  try {
    if (!(await session.run(condition + commandsOf(gesture)))) {
      throw new DesktopBusy('another window came to the front');
    }
  } finally {
    if (modifiers.length > 0) {
      input.release(modifiers);
      await input.sync();
    }
  }
  return { decision, scene, focusFirst: null };
}

function commandsOf(gesture: Gesture): string {
  const { x, y } = gesture.at;
  // the middle of the pixel, because sway turns it into a part of the screen and back
  const set = `seat - cursor set ${x + 0.5} ${y + 0.5}`;
  if (gesture.kind === 'move') return set;
  const button = gesture.kind === 'scroll' ? WHEEL[gesture.direction] : BUTTONS[gesture.button];
  const count = gesture.kind === 'scroll' ? gesture.notches : gesture.count;
  const press = `seat - cursor press ${button}`;
  // a turn of the wheel has no end
  const once = gesture.kind === 'scroll' ? [press] : [press, `seat - cursor release ${button}`];
  return [set, ...Array.from({ length: count }, () => once).flat()].join(', ');
}
