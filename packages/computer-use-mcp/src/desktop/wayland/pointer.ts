import type { Gesture, Judge, Judged } from '../desktop.ts';
import { DesktopBusy } from '../failure.ts';
import type { LaidWindow } from './compositor.ts';
import type { Parts } from './parts.ts';
import { SceneReader } from './scene.ts';

export interface Aimed extends Judged {
  /** The window under the point is not in front: focus it, then try again. */
  readonly focusFirst: number | null;
}

/**
 * Reads, judges and does one gesture. What the compositor can check while it does it is its own; what is under the
 * point is read just before.
 */
export async function aim(
  gesture: Gesture,
  judge: Judge,
  { compositor, input, sources, mayFocus }: Parts & { readonly mayFocus: boolean },
): Promise<Aimed> {
  const modifiers = gesture.kind === 'move' ? [] : gesture.modifiers;
  const { isBound } = await compositor.shortcuts();
  const read = async () => {
    const layout = await compositor.layout();
    const { screen } = layout;
    const at = { x: gesture.at.x + screen.x, y: gesture.at.y + screen.y };
    const reader = new SceneReader(layout, sources);
    return { screen, at, reader, ...reader.forPointer(at) };
  };
  const { screen, at, reader, scene: pointed, target } = await read();
  const { focused } = reader;
  const keyed = modifiers.length === 0 ? [] : reader.forKeyboard().recipients;
  const scene = await reader.probed({
    ...pointed,
    recipients: [...pointed.recipients, ...keyed],
    isShortcut: modifiers.length > 0 && isBound({ modifiers, key: null }),
  });
  const decision = judge(scene);
  if (!decision.allowed) return { decision, scene, focusFirst: null };
  const wantsFront = gesture.kind === 'click' || (gesture.kind === 'scroll' && compositor.pointsAtFrontOnly);
  if (wantsFront && target !== null && target.id !== focused?.id) {
    if (mayFocus) return { decision, scene, focusFirst: target.id };
    if (compositor.pointsAtFrontOnly)
      throw new DesktopBusy('the window under the point does not come to the front');
  }
  const isSame = async () => {
    const now = await read();
    return isSameWindow(now.target, target) && isSameWindow(now.reader.focused, focused);
  };
  if (modifiers.length > 0) {
    input.hold(modifiers);
    await input.sync();
  }
  try {
    if (!(await compositor.point({ gesture, at, screen, pid: focused?.pid ?? null, isSame }))) {
      throw new DesktopBusy('another window came to the front or under the point');
    }
  } finally {
    if (modifiers.length > 0) {
      input.release(modifiers);
      await input.sync();
    }
  }
  return { decision, scene, focusFirst: null };
}

const isSameWindow = (one: LaidWindow | null, other: LaidWindow | null): boolean =>
  one?.id === other?.id && one?.pid === other?.pid;
