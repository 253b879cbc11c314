import { UNKNOWN } from './scope.ts';

/** What of a script of GNU sed reaches beyond the lines that it edits. */
export interface SedScript {
  /** What `e` runs; `UNKNOWN` stands in it for what is in a line. */
  readonly runs: readonly string[];
  readonly writes: readonly string[];
  readonly reads: readonly string[];
  /** Not so where sed refuses it, or its versions part over it. */
  readonly isUnderstood: boolean;
}

const ADDRESS = /(?:\d[\d\0]*[ \t]*(?:~[ \t]*[\d\0]*)?|[+~][ \t]*[\d\0]*|\$|\0[\d\0]*(?:~[\d\0]*)?)?/y;
const BETWEEN = /[\s;]*/y;
const BLANKS = /[ \t]*/y;
const FLAGS_OF_ADDRESS = /[ \tIM]*/y;
const NOT = /[ \t]*(?:![ \t]*)?\0*[ \t]*/y;
const LINE = /[^\n]*/y;
/** Until a line feed that no backslash is before. */
const TEXT = /(?:\\[^]|[^\\\n])*\\?/y;
const START_OF_TEXT = /[ \t]*(?:\\\n?)?/y;
const UNSURE_TEXT = /^[ \t]*\\(?:[ \t]+\\?|\\)\n/;
const LABEL = /[ \t]*[^\s;}#]*(?=[ \t]*(?:[\n;}]|$)|[ \t]+#)/y;
const NUMBER = /[ \t]*[\d\0]*/y;
const END = /[ \t]*(?:\r?\n|;|$|(?=[}#]))/y;
const FLAGS = /[ \tiImMepg\d\0]*/y;
/** Characters in brackets, among which a delimiter is none. */
const SET = /\[\^?\]?(?:\[:[a-z]+:\]|[^\][\n]|\[(?![.:=]))*\]/y;
const DELIMITER = /^[!-[\]-~ ]$/;

/** Goes through a script of sed as sed does. */
export function sedScript(script: string): SedScript {
  const reader = new Reader(script);
  while (reader.isUnderstood && reader.hasMore()) reader.command();
  return reader;
}

class Reader implements SedScript {
  readonly runs: string[] = [];
  readonly writes: string[] = [];
  readonly reads: string[] = [];
  isUnderstood = true;
  readonly #script: string;
  #at = 0;

  constructor(script: string) {
    this.#script = script;
  }

  get next(): string {
    return this.#script.charAt(this.#at);
  }

  /** Whether another command begins. */
  hasMore(): boolean {
    this.take(BETWEEN);
    return this.next !== '';
  }

  /** What fits here, which must be there. */
  take(pattern: RegExp): string {
    pattern.lastIndex = this.#at;
    const text = pattern.exec(this.#script)?.[0];
    if (text === undefined) this.isUnderstood = false;
    this.#at += text?.length ?? 0;
    return text ?? '';
  }

  command(): void {
    this.#address();
    this.take(BLANKS);
    if (this.next === ',') {
      this.#at += 1;
      this.take(BLANKS);
      this.#address();
    }
    const isPerhapsAll = this.take(NOT).includes(UNKNOWN) || this.#script[this.#at - 1] === UNKNOWN;
    const name = this.next;
    this.#at += 1;
    if (isPerhapsAll && /^[;\n}]?$/.test(name)) this.#at -= 1;
    else this.#named(name);
  }

  #named(name: string): void {
    if ('={}#dDFgGhHnNpPxz'.includes(name)) this.take(name === '{' ? BLANKS : name === '#' ? LINE : END);
    else if (':bTtv'.includes(name)) this.take(LABEL);
    else if ('lLqQ'.includes(name)) this.#numbered();
    else if ('aice'.includes(name)) this.#text(name === 'e');
    else if ('rR'.includes(name)) this.reads.push(this.#file());
    else if ('wW'.includes(name)) this.writes.push(this.#file());
    else if (name === 's') this.#substitution();
    else if (name === 'y') this.#translation();
    else this.isUnderstood = false;
  }

  #address(): void {
    if (this.next !== '/' && this.next !== '\\') {
      this.take(ADDRESS);
      return;
    }
    if (this.next === '\\') this.#at += 1;
    this.#until(this.#delimiter(), true);
    this.take(FLAGS_OF_ADDRESS);
  }

  #numbered(): void {
    this.take(NUMBER);
    this.take(END);
  }

  #file(): string {
    this.take(BLANKS);
    return this.take(LINE);
  }

  #text(isRun: boolean): void {
    if (UNSURE_TEXT.test(this.#script.slice(this.#at))) this.isUnderstood = false;
    this.take(START_OF_TEXT);
    const text = this.take(TEXT);
    if (isRun) this.runs.push(text.trim() === '' ? UNKNOWN : text);
  }

  #substitution(): void {
    const delimiter = this.#delimiter();
    this.#until(delimiter, true);
    const replacement = this.#until(delimiter, false);
    const flags = this.take(FLAGS);
    if (flags.includes('e')) this.runs.push(filled(replacement));
    if (this.next !== 'w') this.take(END);
    else {
      this.#at += 1;
      this.writes.push(this.#file());
    }
  }

  #translation(): void {
    const delimiter = this.#delimiter();
    this.#until(delimiter, false);
    this.#until(delimiter, false);
    this.take(END);
  }

  #delimiter(): string {
    const delimiter = this.next;
    this.#at += 1;
    if (!DELIMITER.test(delimiter)) this.isUnderstood = false;
    return delimiter;
  }

  /** What is before a delimiter, which stands for itself behind a backslash and in a set of an expression. */
  #until(delimiter: string, isExpression: boolean): string {
    const from = this.#at;
    while (this.isUnderstood && this.next !== delimiter) {
      const escaped = this.next === '\\' ? this.#script.charAt(this.#at + 1) : null;
      if (escaped === '' || /^\n?$/.test(this.next)) this.isUnderstood = false;
      // `\cX` is one character for some versions
      if (isExpression && escaped === 'c' && /^[^\w ]?$/.test(this.#script.charAt(this.#at + 2)))
        this.isUnderstood = false;
      if (isExpression && this.next === '[') this.take(SET);
      else this.#at += escaped === null ? 1 : 2;
    }
    this.#at += 1;
    return this.#script.slice(from, this.#at - 1);
  }
}

/** A replacement, with what is found not known. */
const filled = (replacement: string): string =>
  replacement.replaceAll(/\\([^])|&/g, (_, escaped: string | undefined) =>
    escaped === undefined || /\d/.test(escaped) ? UNKNOWN : escaped === 'n' ? '\n' : escaped,
  );
