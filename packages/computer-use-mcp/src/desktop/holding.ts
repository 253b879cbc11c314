import type { Point } from '../core/geometry.ts';
import type { Judge, Judged, Keystroke } from './desktop.ts';

/** Who holds something down, decides on it at every step, and can end it. */
export interface Holder {
  /** The session; another one may not act while this one holds a button. */
  readonly session: string;
  readonly judge: Judge;
  readonly signal: AbortSignal;
  /** Told when something goes down: what fails later was not without effect. */
  readonly onPressed: () => void;
}

/** How far something held got. A refusal after the press ended it: everything was let go of, to nobody. */
export interface Moved extends Judged {
  /** A button was down when the refusal came. */
  readonly wasPressed: boolean;
  /** Where the pointer got to on the way; the last point when nothing was refused. */
  readonly at: Point;
}

/**
 * The left button and keys, pressed now and let go of later. Every step is judged anew, with the window that the
 * button was pressed in and the one under the pointer as recipients. What is held is let go of when the holder may
 * no longer act, when its session or the desktop ends, and when nothing more is heard of it.
 */
export interface Holding {
  /** The session that holds the button, when one does. */
  heldBy(): string | null;
  /** Waits until nothing is being let go of, for which a window of ours may lie under the pointer. */
  untilLetGo(): Promise<void>;
  /** Presses at the first point, moves through the others and lets go at the last. All of them are judged first. */
  drag(path: readonly Point[], modifiers: readonly string[], holder: Holder): Promise<Moved>;
  /** Presses the left button where the pointer is. */
  press(holder: Holder): Promise<Judged>;
  /** Moves the pointer while the button is held; `null` when the session does not hold it. */
  moveTo(to: Point, holder: Holder): Promise<Moved | null>;
  /** Lets go of the button where the pointer is; `null` when the session does not hold it. */
  release(holder: Holder): Promise<Moved | null>;
  /** Holds a combination for `ms`, or until a refusal; `heldMs` is how long it was down. */
  holdKeys(keystroke: Keystroke, ms: number, holder: Holder): Promise<Judged & { readonly heldMs: number }>;
  /** Lets go of what a session holds, or of everything; its next step fails with `why`, when that is given. */
  letGo(session?: string, why?: Error): Promise<void>;
}
