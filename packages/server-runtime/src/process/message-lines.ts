import { isAscii } from 'node:buffer';

const [LINE_FEED, RETURN] = [0x0a, 0x0d];
const NONE = new Uint8Array();

/** One line of input: its text, or that it was longer than allowed and is lost. */
export type InputLine = { readonly kind: 'text'; readonly text: string } | { readonly kind: 'too_long' };

/** Cuts a stream of bytes into lines; of a line that is too long nothing is kept. */
export class MessageLines {
  readonly #maxBytes: number;
  #parts: Uint8Array[] = [];
  #size = 0;

  constructor(maxBytes: number) {
    this.#maxBytes = maxBytes;
  }

  /** The lines that `chunk` completes. */
  *take(chunk: Uint8Array): Generator<InputLine> {
    let from = 0;
    for (;;) {
      const end = chunk.indexOf(LINE_FEED, from);
      this.#keep(chunk.subarray(from, end === -1 ? chunk.length : end));
      if (end === -1) return;
      yield this.#line();
      from = end + 1;
    }
  }

  #keep(part: Uint8Array): void {
    this.#size += part.length;
    if (this.#size > this.#maxBytes) this.#parts = [];
    else if (part.length > 0) this.#parts.push(part);
  }

  #line(): InputLine {
    const isLost = this.#size > this.#maxBytes;
    const text = isLost ? '' : textOf(this.#parts);
    this.#parts = [];
    this.#size = 0;
    return isLost ? { kind: 'too_long' } : { kind: 'text', text };
  }
}

function textOf([first = NONE, ...more]: readonly Uint8Array[]): string {
  const bytes =
    more.length === 0
      ? Buffer.from(first.buffer, first.byteOffset, first.length)
      : Buffer.concat([first, ...more]);
  const line = bytes.at(-1) === RETURN ? bytes.subarray(0, -1) : bytes;
  // in a fraction of the time
  return line.toString(isAscii(line) ? 'latin1' : 'utf8');
}
