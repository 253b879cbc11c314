import { contains, type Point, type Rect } from '../../core/geometry.ts';
import type { Gesture, Keystroke } from '../desktop.ts';

/** A window as a compositor lays it out, in the pixels of its layout. */
export interface LaidWindow {
  readonly id: number;
  /** From the credentials of its socket; `null` for windows of X11, which say it themselves. */
  readonly pid: number | null;
  readonly title: string;
  /** What the application draws. */
  readonly content: Rect;
  /** With borders and title bar, and with what it draws beyond its place. */
  readonly whole: readonly Rect[];
  readonly focused: boolean;
  readonly visible: boolean;
}

export interface Layout {
  readonly screen: Rect;
  /** Topmost first. Those that are not visible can have a place too: that of their title in a tab. */
  readonly windows: readonly LaidWindow[];
  /** Places over the windows whose owners are not told, such as panels and notifications. */
  readonly over: readonly Rect[];
  /** For this long after a change the screen can still show the layout before. */
  readonly settleMs: number;
  /** Another number when something moved and came back. */
  readonly turn: number;
}

/** What a compositor keeps for itself of the keyboard. */
export interface Shortcuts {
  readonly isBound: (stroke: Keystroke) => boolean;
  /** The set of bindings that a person switched to, in which all keys are its own; `null` in the ordinary one. */
  readonly mode: string | null;
}

/** A gesture that was judged. */
export interface Aim {
  readonly gesture: Gesture;
  /** On the layout, not on the screen. */
  readonly at: Point;
  readonly screen: Rect;
  /** Of the window in front. */
  readonly pid: number | null;
  /** Reads anew, and says whether the same windows are under the point and in front. */
  readonly isSame: () => Promise<boolean>;
}

/** What one Wayland compositor tells of its windows, and what it does for us. The rest is the same for all. */
export interface Compositor {
  readonly name: string;
  readonly isLost: boolean;
  layout(): Promise<Layout>;
  /** Counts what happened to windows and focus up to now; two equal counts have nothing in between. */
  changes(): Promise<number>;
  shortcuts(): Promise<Shortcuts>;
  /** Where the pointer is on the layout; `null` where that is not told. */
  pointer(): Promise<Point | null>;
  /** Gives a window the focus, and says whether it has it. */
  focus(window: number): Promise<boolean>;
  /** Whether keys go to the window, of which the layout says that it has the focus. */
  hasKeyboard(window: LaidWindow): Promise<boolean>;
  /** Clicks and turns of the wheel go only to a window that is in front. */
  readonly pointsAtFrontOnly: boolean;
  /** Does a gesture; false when something came in between, and nothing was pressed. */
  point(aim: Aim): Promise<boolean>;
  close(): void;
}

/** The window that is drawn at a point. */
export const windowAt = ({ windows }: Layout, point: Point): LaidWindow | null =>
  windows.find(({ whole }) => whole.some((rect) => contains(rect, point))) ?? null;

export const focusedWindow = ({ windows }: Layout): LaidWindow | null =>
  windows.find(({ focused }) => focused) ?? null;
