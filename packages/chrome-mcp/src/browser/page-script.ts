import { existsSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';

/** The text that is put into the isolated worlds: `dist/page.js` of this package, read at first use. */
export class PageScript {
  readonly #from: string;
  #text: string | null = null;

  /** `from`: any folder of the package, built or not. */
  constructor(from: string) {
    this.#from = from;
  }

  /** @throws Error when the package is not built */
  get text(): string {
    this.#text ??= readFileSync(this.#find(), 'utf8');
    return this.#text;
  }

  #find(): string {
    for (let folder = this.#from; folder !== dirname(folder); folder = dirname(folder)) {
      const found = [join(folder, 'page.js'), join(folder, 'dist', 'page.js')].find((file) =>
        existsSync(file),
      );
      if (found !== undefined) return found;
    }
    throw new Error('dist/page.js is missing: build the package');
  }
}
