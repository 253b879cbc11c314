/** Where things stand in a JSON text. Lines are counted from 1. */
interface JsonLines {
  /** Line of the first fault; absent when the text is JSON. */
  readonly fault?: number;
  /** Line on which the value at `path` begins, or that of the nearest value around it. */
  lineOf(path: readonly PropertyKey[]): number;
}

const STRING = /"(?:[^"\\\u0000-\u001f]|\\(?:["\\/bfnrt]|u[0-9a-fA-F]{4}))*"/y;
const SCALAR = /(?:true|false|null|-?(?:0|[1-9]\d*)(?:\.\d+)?(?:[eE][+-]?\d+)?)(?![\w.+-])/y;
const SPACE = /[ \t\n\r]*/y;

/** Finds the line for a person to look at, which `JSON.parse` does not tell on every version of Node. */
export function jsonLines(text: string): JsonLines {
  const scan = new Scan(text);
  const isJson = scan.document();
  const lineAt = (offset: number): number => text.slice(0, offset).split('\n').length;
  return {
    ...(!isJson && { fault: lineAt(scan.at) }),
    lineOf: (path) => {
      for (let length = path.length; length > 0; length--) {
        const offset = scan.starts.get(keyOf(path.slice(0, length)));
        if (offset !== undefined) return lineAt(offset);
      }
      return 1;
    },
  };
}

const keyOf = (path: readonly PropertyKey[]): string => JSON.stringify(path.map(String));

class Scan {
  readonly starts = new Map<string, number>();
  at = 0;
  readonly #text: string;

  constructor(text: string) {
    this.#text = text;
  }

  document(): boolean {
    if (!this.#value([])) return false;
    this.#token(SPACE);
    return this.at === this.#text.length;
  }

  #value(path: readonly PropertyKey[]): boolean {
    this.#token(SPACE);
    this.starts.set(keyOf(path), this.at);
    if (this.#text[this.at] === '{') return this.#items('}', () => this.#member(path));
    if (this.#text[this.at] === '[') return this.#items(']', (index) => this.#value([...path, index]));
    return this.#token(STRING) !== undefined || this.#token(SCALAR) !== undefined;
  }

  #member(path: readonly PropertyKey[]): boolean {
    this.#token(SPACE);
    const key = this.#token(STRING);
    return key !== undefined && this.#mark(':') && this.#value([...path, String(JSON.parse(key))]);
  }

  #items(end: string, item: (index: number) => boolean): boolean {
    this.at++;
    if (this.#mark(end)) return true;
    for (let index = 0; item(index); index++) {
      if (this.#mark(end)) return true;
      if (!this.#mark(',')) return false;
    }
    return false;
  }

  #mark(mark: string): boolean {
    this.#token(SPACE);
    if (this.#text[this.at] !== mark) return false;
    this.at++;
    return true;
  }

  #token(pattern: RegExp): string | undefined {
    const sticky = new RegExp(pattern);
    sticky.lastIndex = this.at;
    const token = sticky.exec(this.#text)?.[0];
    this.at += token?.length ?? 0;
    return token;
  }
}
