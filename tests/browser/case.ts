import type { Pages } from './site.ts';

/** An element by what a snapshot shows of it, such as `button "Save"`; `button "Open" #2` is the second one. */
export type Where = string;

/** One step; exactly one of what it does stands in it. */
export interface Step {
  readonly open?: string;
  readonly go?: 'back' | 'reload';
  readonly click?: Where;
  readonly button?: 'right' | 'middle';
  readonly count?: 2;
  readonly modifiers?: readonly ('Alt' | 'Control' | 'Shift')[];
  readonly clickAt?: readonly [x: number, y: number];
  readonly hover?: Where;
  readonly drag?: Where;
  readonly to?: Where;
  readonly by?: readonly [right: number, down: number];
  /** Values by where they go. */
  readonly fill?: Readonly<Record<Where, string | boolean | readonly string[]>>;
  readonly press?: string;
  readonly on?: Where;
  readonly scrollTo?: Where;
  readonly scrollBy?: readonly [right: number, down: number];
  readonly scrollUntil?: string;
  readonly wait?: string;
  readonly waitGone?: string;
  readonly evaluate?: string;
  readonly dialog?: 'accept' | 'dismiss';
  readonly text?: string;
  /** A new snapshot, with these words and without those. */
  readonly see?: readonly string[];
  readonly lacks?: readonly string[];
  readonly seeTabs?: readonly string[];
  /** What the answer says, in any server's words. */
  readonly says?: RegExp;
  /** It must be an error that says this. */
  readonly refused?: RegExp;
  /** It is tried again until it holds, for a while. */
  readonly patient?: true;
  /** It may be an error, if it says this. */
  readonly orRefused?: RegExp;
  /** Error or not, it must say this. */
  readonly admits?: RegExp;
}

/** A page, what is done on it, and what the page itself has to have told by then. */
export interface Case {
  readonly name: string;
  /** HTML; or pages by their paths, of which the one at '' is opened. */
  readonly page: string | Pages;
  readonly steps: readonly Step[];
  readonly told?: readonly string[];
  /** Milliseconds for each step, where it is not the usual. */
  readonly deadlineMs?: number;
}
