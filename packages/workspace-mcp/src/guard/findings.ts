import type { Effect, Span } from './verdict.ts';
import { Written } from './written.ts';

/** What is known of a script so far. */
export class Findings {
  readonly effects: Effect[] = [];
  readonly spans: Span[] = [];
  readonly written: Written;
  /** Files that are run, and were not looked at. */
  readonly runs = new Set<string>();
  /** How many things run beside what is being looked at. */
  parallel = 0;

  constructor(written = new Written()) {
    this.written = written;
  }
}
