import type { TabWatch } from '../browser/activity.ts';
import type { Frame } from '../browser/frame.ts';
import type { Tab } from '../browser/tab.ts';
import type { Secrets } from '../secrets/secrets.ts';

/** What was done, proven. */
export interface Deed {
  /** One sentence without its end. */
  readonly did: string;
  /** Whole sentences. */
  readonly notes: readonly string[];
}

/** Where actions take place, and what they have done so far. */
export interface Scene {
  readonly tab: Tab;
  readonly watch: TabWatch;
  readonly signal: AbortSignal;
  readonly secrets: Secrets;
  /** For proofs, which are on their way when a dialog ends all else. */
  readonly proving: AbortSignal;
  /** What was sent; it counts when a dialog keeps the proof from coming. */
  began(deed: Deed): void;
  /** Called as soon as it is proven: a dialog may end the action right after. */
  did(deed: Deed): void;
  /** A field has the value that it was given: the answer need not say it again. */
  holds(ref: string): void;
  /** The document to see come to rest. */
  actsIn(frame: Frame): void;
}

/** The longest wait for what is disabled, or moves. */
export const WAIT_MS = 2_000;
