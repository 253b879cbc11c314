const LINE_END = /\r\n|\r|\n/g;
const [LINE_FEED, RETURN] = [0x0a, 0x0d];

/** The lines of a text, whatever they end with; a last end is not followed by another line. */
export class TextLines {
  readonly #text: string;
  /** Where each line begins; of the last end, what would. */
  readonly #starts: readonly number[];

  constructor(text: string) {
    this.#text = text;
    this.#starts = text.includes('\r') ? startsAfterAny(text) : startsAfterLineFeeds(text);
  }

  get count(): number {
    return this.isEnded ? this.#starts.length - 1 : this.#starts.length;
  }

  /** Whether the last line has an end. */
  get isEnded(): boolean {
    return this.#starts.at(-1) === this.#text.length;
  }

  /** Number of the line that has a position, from 1. */
  at(position: number): number {
    let [low, high] = [0, this.#starts.length];
    while (high - low > 1) {
      const middle = (low + high) >> 1;
      if ((this.#starts[middle] ?? 0) <= position) low = middle;
      else high = middle;
    }
    return low + 1;
  }

  /** Lines without their ends; both numbers are from 1, and the last is among them. */
  between(first: number, last: number): readonly string[] {
    const [from, to] = [Math.max(first, 1), Math.min(last, this.count)];
    return Array.from({ length: Math.max(0, to - from + 1) }, (_, index) => this.#line(from + index));
  }

  /** What its lines end with, in words. */
  get ends(): string {
    if (!this.#text.includes('\r')) return this.#starts.length > 1 ? 'LF' : 'none';
    const kinds = [...new Set(this.#text.match(LINE_END))];
    return kinds.map((kind) => (kind === '\n' ? 'LF' : kind === '\r' ? 'CR' : 'CRLF')).join(' and ');
  }

  #line(number: number): string {
    const text = this.#text;
    const [from = 0, next = text.length] = [this.#starts[number - 1], this.#starts[number]];
    const isFed = next > from && text.charCodeAt(next - 1) === LINE_FEED;
    const to = isFed ? next - 1 : next;
    return text.slice(from, to > from && text.charCodeAt(to - 1) === RETURN ? to - 1 : to);
  }
}

/** Without the other ends, it takes a fraction of the time. */
function startsAfterLineFeeds(text: string): readonly number[] {
  const starts = [0];
  for (let at = text.indexOf('\n'); at >= 0; at = text.indexOf('\n', at + 1)) starts.push(at + 1);
  return starts;
}

const startsAfterAny = (text: string): readonly number[] => [
  0,
  ...Array.from(text.matchAll(LINE_END), ({ 0: end, index }) => index + end.length),
];
