import { UNKNOWN } from './scope.ts';
import type { Effect, Span } from './verdict.ts';
import { Written } from './written.ts';

const MOST_TEXTS = 50;
const LONGEST = 2_000;

/** What is known of a script so far. */
export class Findings {
  readonly effects: Effect[] = [];
  readonly spans: Span[] = [];
  readonly written: Written;
  /** Files that are run, and were not looked at. */
  readonly runs = new Set<string>();
  /** What was put into variables: a program whose name is not known may be one of them. */
  readonly texts = new Set<string>();
  /** Lines that are read from elsewhere: what is not known may be one of them. */
  readonly lines = new Set<string>();
  /** How many things run beside what is being looked at. */
  parallel = 0;

  constructor(written = new Written()) {
    this.written = written;
  }

  note(text: string): void {
    if (this.texts.size < MOST_TEXTS && text.length <= LONGEST) this.texts.add(text);
  }

  /** Counts only what is never allowed: of what may run, or may not. */
  addDenied(effects: readonly Effect[]): void {
    this.effects.push(...effects.filter(({ decision }) => decision === 'deny'));
  }

  /** What something may read that goes through it line by line. */
  given(text: string): void {
    for (const line of text.split('\n', MOST_TEXTS).map((one) => one.trim()))
      if (line !== '' && !line.includes(UNKNOWN) && this.lines.size < MOST_TEXTS) this.lines.add(line);
  }
}
