import type { Subject } from '@deskhand/tier-policy';
import type { Rect } from '../core/geometry.ts';

export interface WatchOptions {
  /** What a window does counts only while this is true of its owner. */
  readonly mayShow: (subject: Subject) => boolean;
  /** In screen pixels; the whole screen when left out. */
  readonly region?: Rect;
}

/** How long to wait for a change, and then for its end. */
export interface Patience {
  /** Nothing changes within this time: nothing will. */
  readonly firstMs: number;
  /** At rest is what did not change for so long. */
  readonly restMs: number;
  /** After the first change, the longest wait for rest. */
  readonly capMs: number;
  /** A change so small that it may be a blinking caret counts when it is not repeated for so long; 0 is at once. */
  readonly doubtMs: number;
}

export type Change =
  | { readonly effect: 'none' }
  /** The one rectangle around everything that changed, in screen pixels. */
  | { readonly effect: 'changed'; readonly rect: Rect; readonly isAtRest: boolean };

/** Notices what changes on the screen from its start on; has to be stopped. */
export interface ChangeWatch {
  /** What changed since the start, once it has come to rest or the patience is at its end. */
  settled(patience: Patience, signal: AbortSignal): Promise<Change>;
  stop(): void;
}

/** Tells what changes in the pictures that a session would be given: what hidden windows draw is not told. */
export interface Changes {
  /** Has begun to notice when it resolves. */
  watch(options: WatchOptions): Promise<ChangeWatch>;
}
