import type { Display } from '../core/frame.ts';

/** The displays that a desktop is spread over. */
export interface Displays {
  /** The main one first; never empty. */
  list(): Promise<readonly Display[]>;
}
