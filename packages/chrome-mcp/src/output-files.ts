import { isUtf8 } from 'node:buffer';
import { randomBytes } from 'node:crypto';
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { MARK } from './file-sweep.ts';
import { ownerHere } from './owner.ts';

/** Where tools of one session put what is too large for an answer. */
export class OutputFiles {
  readonly #folder: string;
  readonly #scrub: (text: string) => string;
  #last = 0;
  #mark: Promise<string> | null = null;

  /** `scrub` takes out what must not be told. */
  constructor(folder: string, scrub: (text: string) => string) {
    this.#folder = folder;
    this.#scrub = scrub;
  }

  /** Writes a file of a new name, such as `har-3.har`; gives its path. */
  async write(stem: string, ending: string, data: string | Buffer): Promise<string> {
    const path = await this.reserve(stem, ending);
    await writeFile(path, this.#scrubbed(data), { mode: 0o600 });
    return path;
  }

  /** The session has ended: others may sweep what it left. */
  async leave(): Promise<void> {
    const mark = await this.#mark?.catch(() => null); // one that could not be made is none
    if (mark != null) await rm(mark, { force: true });
  }

  #marked(): Promise<string> {
    const mark = this.#mark ?? this.#makeMark();
    this.#mark = mark;
    // the next file tries again
    mark.catch(() => {
      if (this.#mark === mark) this.#mark = null;
    });
    return mark;
  }

  /** While it is there and its process lives, nobody sweeps the folder. */
  async #makeMark(): Promise<string> {
    await mkdir(this.#folder, { recursive: true, mode: 0o700 });
    const name = `${MARK}${await ownerHere()}-${randomBytes(4).toString('hex')}`;
    const path = join(this.#folder, name);
    await writeFile(path, '', { mode: 0o600 });
    return path;
  }

  #scrubbed(data: string | Buffer): string | Buffer {
    if (typeof data === 'string') return this.#scrub(data);
    return isUtf8(data) ? this.#scrub(data.toString('utf8')) : data;
  }

  /** A new folder, such as `upload-Xy12ab`. */
  async folder(stem: string): Promise<string> {
    await this.#marked();
    return mkdtemp(join(this.#folder, `${stem}-`));
  }

  /** A path where no file is, in a folder that is there. */
  async reserve(stem: string, ending: string): Promise<string> {
    await this.#marked();
    for (;;) {
      this.#last += 1;
      const path = join(this.#folder, `${stem}-${this.#last}.${ending}`);
      try {
        await writeFile(path, '', { flag: 'wx', mode: 0o600 });
        return path;
      } catch (error) {
        if (!(error instanceof Error && 'code' in error && error.code === 'EEXIST')) throw error; // an earlier session's
      }
    }
  }
}
