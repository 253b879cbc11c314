import type { Decision, Subject } from '@deskhand/tier-policy';
import type { Point, Rect, Size } from '../core/geometry.ts';
import type { Displays } from './displays.ts';
import type { Control } from './control.ts';
import type { Obstacles } from './obstacle.ts';
import type { Presence } from './presence.ts';
import type { Changes } from './changes.ts';
import type { Clipboard } from './clipboard.ts';
import type { Holding } from './holding.ts';

/** A window of a person's desktop, named by the window system's own id. */
export interface WindowInfo {
  readonly id: number;
  /** Who owns it, proven by the window system and the operating system. */
  readonly subject: Subject;
  /** The application's own words: for showing to people, never for deciding. */
  readonly title: string;
  /** In screen pixels, decorations left out. */
  readonly rect: Rect;
  readonly isActive: boolean;
  readonly isMinimized: boolean;
}

/** Who would receive an action, read in the same instant as the action happens. */
export interface Scene {
  readonly frontmost: Subject;
  readonly frontmostWindow: number | null;
  /** For a pointer action every owner on the way to the pixel; for a key action the focus owner. */
  readonly recipients: readonly Subject[];
  readonly recipientWindow: number | null;
  /** Somebody else, such as the window manager, has reserved one of the keys for itself. */
  readonly isShortcut?: boolean;
}

/** Decides on a scene. Runs while other programs are held up, so it must not wait for anything. */
export type Judge = (scene: Scene) => Decision;

export interface Judged {
  readonly decision: Decision;
  readonly scene: Scene;
}

export type Button = 'left' | 'middle' | 'right';

export type Gesture =
  | { readonly kind: 'move'; readonly at: Point }
  | {
      readonly kind: 'click';
      readonly at: Point;
      readonly button: Button;
      readonly count: number;
      readonly modifiers: readonly string[];
    }
  | {
      readonly kind: 'scroll';
      readonly at: Point;
      readonly direction: 'up' | 'down' | 'left' | 'right';
      readonly notches: number;
      readonly modifiers: readonly string[];
    };

/** One key press as X keysym names: modifiers held, then the key. */
export interface Keystroke {
  readonly modifiers: readonly string[];
  readonly key: string | null;
}

/** Work that is done in steps, each judged anew. */
export interface Steps {
  readonly signal: AbortSignal;
  /** Told after each step how many keys or characters it delivered; the next step waits for it. */
  readonly onDone: (count: number) => Promise<void>;
}

/** A window as it was at the moment of a capture. */
export interface CapturedWindow {
  readonly window: number;
  /** The process that owns it. */
  readonly pid: number;
  /** Where its inside begins, on the desktop. */
  readonly at: Point;
  readonly size: Size;
  /** What can be seen of it and of what its window manager drew around it, on the desktop. */
  readonly visible: readonly Rect[];
}

export interface CaptureOptions {
  /** The part of the desktop to capture, such as one display; all of it unless told. */
  readonly area?: Rect;
}

/** Pixels of the screen or a part of it, four bytes each in the order blue, green, red, unused. */
export interface Capture {
  readonly pixels: Uint8Array;
  readonly width: number;
  readonly height: number;
  /** Parts blackened because their owner may not be shown, in pixels of the capture. */
  readonly masked: readonly Rect[];
  /** The windows that are shown. */
  readonly windows: readonly CapturedWindow[];
  /** A compositor draws the screen, so the pixels can be older than the windows that the mask follows. */
  readonly isComposited: boolean;
}

/** What the tools need of a desktop. Every action takes its judge with it and checks in the same instant. */
export interface Desktop {
  /** `null` when the desktop is one display. */
  readonly displays: Displays | null;
  /** `null` where a person's input cannot be told from a program's. */
  readonly presence: Presence | null;
  /** `null` where nothing tells processes that want to act from each other. */
  readonly control: Control | null;
  /** `null` when the desktop itself tells nothing of changes; then pictures of it are compared. */
  readonly changes: Changes | null;
  /** `null` where it cannot be told who would paste. */
  readonly clipboard: Clipboard | null;
  /** What the window system itself tells of locks and prompts; `null` when it tells nothing. */
  readonly obstacles: Obstacles | null;
  /** Size of the screen in pixels. */
  screen(): Promise<{ readonly width: number; readonly height: number }>;
  /** Topmost first. */
  windows(): Promise<readonly WindowInfo[]>;
  frontmost(): Promise<Scene>;
  pointer(): Promise<Point>;
  /** Asks the window manager to raise and focus a window; true when it did so within the time. */
  activate(window: number, signal: AbortSignal): Promise<boolean>;
  /** Every window for which `mayShow` is false is black in the picture. */
  capture(mayShow: (subject: Subject) => boolean, options?: CaptureOptions): Promise<Capture>;
  point(gesture: Gesture, judge: Judge, signal: AbortSignal): Promise<Judged>;
  /** Presses keys until the end or a refusal, and gives the last decision. */
  press(keystrokes: readonly Keystroke[], judge: Judge, steps: Steps): Promise<Judged>;
  /** Types text until the end or a refusal, and gives the last decision. */
  type(text: string, judge: Judge, steps: Steps): Promise<Judged>;
  /** Pressing now and letting go later; `null` where that cannot be done safely. */
  readonly holding: Holding | null;
  close(): Promise<void>;
}
