import type { Fixture, FixtureWindow } from '../lab/fixture-window.ts';
import { openAside, openOver } from './arena.ts';

/** What happens to the desktop while the server works. */
export const DISTURBANCES = [
  'none',
  'focus-stolen',
  'window-activated',
  'window-mapped-over',
  'unmanaged-window-over',
  'keyboard-grabbed',
  'pointer-grabbed',
  /** With a window right beneath, where the pointer is. */
  'editor-exits',
] as const;

export type Disturbance = (typeof DISTURBANCES)[number];

/** A disturbance made ready, so that it happens at once when it is let loose. */
export interface Armed {
  strike(): Promise<void>;
  undo(): Promise<void>;
}

export async function arm(kind: Disturbance, thief: Fixture, editor: FixtureWindow): Promise<Armed> {
  if (kind === 'none') return { strike: () => Promise.resolve(), undo: () => Promise.resolve() };
  if (kind === 'editor-exits') {
    const beneath = await openOver(thief, true);
    await beneath.map();
    await beneath.lower();
    return { strike: () => editor.close(), undo: () => beneath.destroy() };
  }
  const isOver = kind === 'window-mapped-over' || kind === 'unmanaged-window-over';
  const window = isOver ? await openOver(thief, kind === 'unmanaged-window-over') : await openAside(thief);
  return {
    strike: () => strikeWith(kind, window),
    undo: async () => {
      if (kind === 'keyboard-grabbed') await thief.releaseKeyboard();
      if (kind === 'pointer-grabbed') await thief.releasePointer();
      await window.destroy();
    },
  };
}

async function strikeWith(kind: Disturbance, window: FixtureWindow): Promise<void> {
  if (kind === 'focus-stolen') await window.takeFocus();
  else if (kind === 'window-activated') await window.activate();
  else if (kind === 'keyboard-grabbed') await window.grabKeyboard();
  else if (kind === 'pointer-grabbed') await window.grabPointer();
  else {
    await window.map();
    await window.takeFocus();
  }
}
