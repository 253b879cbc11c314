import type { Tool } from '@deskhand/server-runtime';
import type { BrowserSession } from '../session.ts';

/** Tools for one purpose, off until somebody asks for them; while they are off nothing is listened to. */
export interface Group {
  /** As the model and the person name it. */
  readonly name: string;
  /** What its tools are for, in a few words. */
  readonly about: string;
  /** Names of its tools. */
  readonly offers: readonly string[];
  /** Switches it on for a session. */
  open(session: BrowserSession): OpenGroup;
}

/** A group that is on. */
export interface OpenGroup {
  readonly tools: readonly Tool[];
  /** Ends all that it listens to, and forgets what it heard. */
  readonly close: () => void;
}
