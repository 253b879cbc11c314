import { existsSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';

/** A script that is put into the isolated worlds: a file in `dist` of this package, read at first use. */
export class PageScript {
  readonly #from: string;
  readonly #name: string;
  #text: string | null = null;

  /** `from`: any folder of the package, built or not. */
  constructor(from: string, name = 'page.js') {
    this.#from = from;
    this.#name = name;
  }

  /** @throws Error when the package is not built */
  get text(): string {
    this.#text ??= readFileSync(this.#find(), 'utf8');
    return this.#text;
  }

  #find(): string {
    for (let folder = this.#from; folder !== dirname(folder); folder = dirname(folder)) {
      const places = [join(folder, this.#name), join(folder, 'dist', this.#name)];
      const found = places.find((file) => existsSync(file));
      if (found !== undefined) return found;
    }
    throw new Error(`dist/${this.#name} is missing: build the package`);
  }
}
