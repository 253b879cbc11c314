import type { Size } from '../core/geometry.ts';
import type { Part } from './cast.ts';
import type { Target } from './tool-uses.ts';

/** How many events of each sort a window got. */
export interface Received {
  readonly pointer: number;
  readonly keys: number;
  /** Buttons that went up, also counted as events of the pointer; 0 where no button can be held. */
  readonly releases: number;
}

/** A part with its window on the screen. */
export interface Actor extends Target {
  readonly part: Part;
  readonly title: string;
  /** 0xRRGGBB: its window is of this colour alone. */
  readonly colour: number;
}

/** A desktop with a window of each part on it. What a drill needs of a window system, and nothing of the server. */
export interface Stage {
  readonly screen: Size;
  readonly actors: readonly Actor[];
  /** Tools that this desktop does not have, with the code of their refusal. */
  readonly lacks: ReadonlyMap<string, string>;
  /** A window goes on being called the one in front when another application takes the keyboard. */
  readonly keepsFront: boolean;
  /** Puts an actor's window in front and gives it the keyboard, as a person does. */
  bringToFront(actor: Actor): Promise<void>;
  /** Gives the keyboard to another window of the actor, which is not in front by that. */
  takeKeyboard(actor: Actor): Promise<void>;
  /** Moves the pointer to the middle of an actor's window. */
  pointAt(actor: Actor): Promise<void>;
  isInFront(actor: Actor): Promise<boolean>;
  /** What each actor got since the last time, in the order of `actors`. */
  received(): Promise<readonly Received[]>;
  close(): Promise<void>;
}
