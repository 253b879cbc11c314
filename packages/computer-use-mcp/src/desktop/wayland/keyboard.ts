import type { Judge, Judged, Keystroke } from '../desktop.ts';
import { DeliveryUnsure, DesktopBusy } from '../failure.ts';
import { focusedWindow } from './compositor.ts';
import type { Parts } from './parts.ts';
import { SceneReader } from './scene.ts';
import type { SymbolKey } from './virtual-input.ts';

export interface Chunk {
  readonly keys: readonly SymbolKey[];
  /** The same keys as the compositor's bindings name them. */
  readonly strokes: readonly Keystroke[];
}

/**
 * Reads, judges and sends some keys. The compositor takes them in one piece, but the reading is a moment older: a
 * window that takes the focus in between gets them, which is seen afterwards and said.
 */
export async function sendKeys(
  { keys, strokes }: Chunk,
  judge: Judge,
  { compositor, input, sources }: Parts,
): Promise<Judged> {
  const { isBound, mode } = await compositor.shortcuts();
  // last, and nothing outside is awaited between this and the keys
  const reader = new SceneReader(await compositor.layout(), sources);
  const { focused } = reader;
  const isShortcut = strokes.some((stroke) => isBound(stroke));
  const scene = { ...(await reader.probed(reader.forKeyboard())), isShortcut };
  const decision = judge(scene);
  if (!decision.allowed) return { decision, scene };
  if (mode !== null) {
    throw new DesktopBusy(`${compositor.name} is in its mode "${mode}", in which keys are its own`);
  }
  if (focused === null || !(await compositor.hasKeyboard(focused))) {
    throw new DesktopBusy(`${compositor.name} does not give the keyboard to the window in front`);
  }
  input.press(keys);
  await input.sync();
  const after = focusedWindow(await compositor.layout());
  if (after?.pid !== focused.pid) {
    throw new DeliveryUnsure('another window came to the front while keys were sent');
  }
  return { decision, scene };
}
