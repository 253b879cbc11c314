import type { Subject } from '@deskhand/tier-policy';
import type { Rect } from '../../core/geometry.ts';
import type { Control } from '../control.ts';
import type { CapturedWindow, Gesture, Judge, Judged, Keystroke, Scene, WindowInfo } from '../desktop.ts';
import type { Presence } from '../presence.ts';

/** What of the screen may be shown. */
export interface Sight {
  /** What may not be, in pixels of the screen. */
  readonly mask: readonly Rect[];
  readonly windows: readonly CapturedWindow[];
  /** Pixels can be older than the windows that the mask follows. */
  readonly isComposited: boolean;
}

/** Tells who is where on a desktop. Whoever judges a scene is asked once, with a reading as fresh as can be. */
export interface Eyes {
  readonly presence: Presence | null;
  readonly control: Control | null;
  /** Topmost first. */
  windows(): Promise<readonly WindowInfo[]>;
  frontmost(): Promise<Scene>;
  judgePointer(gesture: Gesture, judge: Judge): Promise<Judged>;
  /** `null` stands for text. */
  judgeKeys(keystroke: Keystroke | null, judge: Judge): Promise<Judged>;
  sight(mayShow: (subject: Subject) => boolean): Promise<Sight>;
  activate(window: number, signal: AbortSignal): Promise<boolean>;
  close(): Promise<void>;
}
