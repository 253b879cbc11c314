import type { Desktop } from '@deskhand/computer-use-mcp/desktop';

import type { Closable } from '../../lab/belongings.ts';

export interface Received {
  readonly clicks: number;
  readonly keys: number;
}

/** A program with one window; what it got is its own word, not that of the desktop under test. */
export interface Actor {
  readonly pid: number;
  readonly executable: string;
  /** As a person brings a window to the front. */
  front(): Promise<void>;
  received(): Promise<Received>;
}

/** A dialog with one line of text. */
export interface Entry extends Closable {
  readonly pid: number;
  /** What it holds, after OK, the second thing behind the line, was pressed. */
  text(): Promise<string>;
}

/** A desktop with programs on it, and an adapter that sees it. */
export interface Stage extends Closable {
  readonly desktop: Desktop;
  /** Two programs of different executables, whose windows do not lie over each other. */
  readonly mine: Actor;
  readonly stranger: Actor;
  /** A window whose owner cannot be proven. */
  readonly nobody: { readonly pid: number } | null;
  /** Opens in front. */
  openEntry(): Promise<Entry>;
  /** Characters that the adapter says it can type. */
  readonly typable: string;
}
