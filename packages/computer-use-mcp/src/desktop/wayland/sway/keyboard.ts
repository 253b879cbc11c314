import type { Judge, Judged, Keystroke } from '../../desktop.ts';
import { DeliveryUnsure, DesktopBusy } from '../../failure.ts';
import type { SymbolKey } from '../virtual-input.ts';
import { isBound } from './bindings.ts';
import type { Parts } from './parts.ts';
import { SceneReader } from './scene.ts';
import { focusedWindow } from './tree.ts';

export interface Chunk {
  readonly keys: readonly SymbolKey[];
  /** The same keys as sway's bindings name them. */
  readonly strokes: readonly Keystroke[];
}

/**
 * Reads, judges and sends some keys. The compositor takes them in one piece, but the reading is a moment older: a
 * window that takes the focus in between gets them, which is seen afterwards and said.
 */
export async function sendKeys(
  { keys, strokes }: Chunk,
  judge: Judge,
  { session, input, sources }: Parts,
): Promise<Judged> {
  const [bindings, mode] = await Promise.all([session.bindings(), session.mode()]);
  // last, and nothing outside is awaited between this and the keys
  const reader = new SceneReader(await session.tree(), sources);
  const isShortcut = strokes.some((stroke) => isBound(stroke, bindings));
  const scene = { ...(await reader.probed(reader.forKeyboard())), isShortcut };
  const decision = judge(scene);
  if (!decision.allowed) return { decision, scene };
  if (mode !== 'default') throw new DesktopBusy(`sway is in its mode "${mode}", in which keys are its own`);
  input.press(keys);
  await input.sync();
  const after = focusedWindow(await session.tree());
  if (after?.pid !== reader.focused?.pid) {
    throw new DeliveryUnsure('another window came to the front while keys were sent');
  }
  return { decision, scene };
}
