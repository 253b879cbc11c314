import { createHash } from 'node:crypto';
import { appendFileSync, existsSync, mkdirSync, readdirSync, readFileSync } from 'node:fs';
import { basename, join } from 'node:path';
import { ulid } from 'ulid';
import { sync as writeFileAtomic } from 'write-file-atomic';
import { beginningOfFile } from '../prompt/project-notes.ts';

const INDEX = 'MEMORY.md';
const NAME = /^[A-Za-z0-9][A-Za-z0-9 _-]{0,60}\.md$/;
const MOST_LINES = 200;
const MOST_BYTES = 25_000;
const MOST_FILE_BYTES = 100_000;

/** What an agent wrote down about a project: plain files that a person may change by hand, with their versions. */
export class Memory {
  readonly #folder: string;

  /** `project`: the folders that make it, by their paths; sessions of the same share one memory. */
  constructor(home: string, project: readonly string[]) {
    this.#folder = join(home, 'memory', nameOf(project));
    mkdirSync(join(this.#folder, 'versions'), { recursive: true, mode: 0o700 });
  }

  /** The index within a budget, and the names of the topic files. */
  beginning(): { readonly index: string; readonly files: readonly string[] } {
    const text = beginningOfFile(join(this.#folder, INDEX), MOST_BYTES) ?? '';
    const lines = text.split('\n');
    const more = lines.length - MOST_LINES;
    const index = more > 0 ? [...lines.slice(0, MOST_LINES), `[${more} more lines]`].join('\n') : text;
    return { index, files: this.#files().filter((name) => name !== INDEX) };
  }

  /** @throws Error for a name that is none, or where there is no such file */
  read(file: string): string {
    const text = beginningOfFile(this.#path(file), MOST_FILE_BYTES);
    if (text === null)
      throw new Error(`There is no ${file} in the memory. There are: ${this.#files().join(', ') || 'none'}`);
    return text;
  }

  /** Replaces a file; what it was stays among the versions. @throws Error for a name that is none, or too much text */
  write(file: string, text: string): void {
    const path = this.#path(file);
    if (Buffer.byteLength(text) > MOST_FILE_BYTES)
      throw new Error(`${file} would be longer than ${MOST_FILE_BYTES} bytes. Split it into topics.`);
    const before = existsSync(path) ? this.#keep(path) : null;
    writeFileAtomic(path, text, { mode: 0o600 });
    const row = { at: new Date().toISOString(), file, before, after: this.#keep(path) };
    appendFileSync(join(this.#folder, 'versions', 'changes.jsonl'), `${JSON.stringify(row)}\n`, {
      mode: 0o600,
    });
  }

  /** The name of the version that the file has now; what a person changed by hand is one too. */
  #keep(path: string): string {
    const text = readFileSync(path);
    const sha256 = createHash('sha256').update(text).digest('hex').slice(0, 16);
    const versions = join(this.#folder, 'versions');
    const known = readdirSync(versions).find((name) => name.endsWith(`${sha256}.md`));
    if (known !== undefined) return known;
    const name = `${ulid()}-${sha256}.md`;
    writeFileAtomic(join(versions, name), text, { mode: 0o600 });
    return name;
  }

  #files(): readonly string[] {
    return readdirSync(this.#folder)
      .filter((name) => NAME.test(name))
      .sort();
  }

  #path(file: string): string {
    if (!NAME.test(file))
      throw new Error(`${JSON.stringify(file)} is no name of a memory: use one like prices.md`);
    return join(this.#folder, file);
  }
}

/** Such as `invoices-3f2a9c01`, so that a person finds it. */
function nameOf(project: readonly string[]): string {
  if (project.length === 0) return 'none';
  const sorted = [...project].sort();
  const sha256 = createHash('sha256').update(sorted.join('\0')).digest('hex').slice(0, 8);
  return `${basename(sorted[0] ?? '').replaceAll(/[^A-Za-z0-9_-]/g, '_')}-${sha256}`;
}
