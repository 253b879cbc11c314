import { closeSync, constants, openSync } from 'node:fs';
import { posix } from 'node:path';
import { readContent } from './content.ts';
import { FileError, noFolder } from './file-error.ts';
import { BREAK } from './found-lines.ts';
import { FoundPart, type Found } from './found-part.ts';
import type { HeldFolders } from './held-folders.ts';
import { fitting } from './name-pattern.ts';
import { atPlace, inFolder } from './place.ts';
import { ripgrepLines, type RipgrepRun } from './ripgrep.ts';
import {
  choosing,
  listing,
  matching,
  MODES,
  MOST_FILES,
  orderIn,
  printedIn,
  type GlobRequest,
  type GrepRequest,
} from './search.ts';

const MIB = 1024 ** 2;
const MAX_FILE_BYTES = 64 * MIB;
/** A folder, and nothing that took its place meanwhile: to open a pipe would wait for ever. */
const FOLDER = constants.O_RDONLY | constants.O_DIRECTORY | constants.O_NOFOLLOW;
/** How ripgrep calls what it is given. */
const GIVEN = '<stdin>';

/** A folder to look in, and how the names in it begin. */
interface Target {
  readonly path: string;
  readonly prefix: string;
}

/**
 * Searches where no sandbox keeps ripgrep inside. It finds names, which may be of anything when folders are exchanged
 * for links meanwhile; what each name leads to is found by a walk, and ripgrep is given what was read there.
 */
export class HeldSearch {
  readonly #folders: HeldFolders;
  readonly #ripgrep: string;

  constructor(folders: HeldFolders, ripgrep: string) {
    this.#folders = folders;
    this.#ripgrep = ripgrep;
  }

  /** @throws FileError */
  async glob({ pattern, path, without }: GlobRequest, signal?: AbortSignal): Promise<Found> {
    const fits = fitting(pattern);
    const answer = new FoundPart({ offset: 0, limit: MOST_FILES });
    for await (const { name, shown } of this.#names(
      { args: listing(without), order: 'newest', signal },
      path,
    )) {
      if (fits(shown) && this.#isThere(name) && !answer.take(shown)) break;
    }
    return answer.found;
  }

  /** @throws FileError */
  async grep(request: GrepRequest, signal?: AbortSignal): Promise<Found> {
    const { path } = request;
    const answer = new FoundPart(request);
    if (this.#isFile(path)) {
      await this.#look({ ...request, signal }, { name: path, shown: posix.basename(path) }, answer);
      return answer.found;
    }
    const named = matching({ ...request, mode: 'files_with_matches' });
    const args = [...MODES.files_with_matches, ...choosing(request), ...named, '--', '.'];
    for await (const one of this.#names({ args, order: orderIn(request.mode), signal }, path)) {
      if (!(await this.#look({ ...request, signal }, one, answer))) break;
    }
    return answer.found;
  }

  /** Whether there is room for more. */
  async #look(
    { signal, ...request }: GrepRequest & Pick<RipgrepRun, 'signal'>,
    { name, shown }: { readonly name: string; readonly shown: string },
    answer: FoundPart,
  ): Promise<boolean> {
    const input = this.#content(name);
    if (input === null) return true;
    const { mode } = request;
    const printed = printedIn(mode);
    const args = [...MODES[mode], ...matching(request), '--', '-'];
    let isFirst = true;
    for await (const { line } of ripgrepLines(this.#ripgrep, { args, printed, cwd: '/', input, signal })) {
      if (isFirst && mode === 'content' && hasContext(request) && !answer.isEmpty && !answer.take(BREAK))
        return false;
      isFirst = false;
      if (!answer.take(line.startsWith(GIVEN) ? shown + line.slice(GIVEN.length) : line)) return false;
    }
    return true;
  }

  /** Names that ripgrep prints, from the root and as they are shown. */
  async *#names(
    run: Pick<RipgrepRun, 'args' | 'order' | 'signal'>,
    path: string,
  ): AsyncGenerator<{ readonly name: string; readonly shown: string }> {
    for (const target of this.#targets(path)) {
      const fd = this.#openFolder(target.path);
      try {
        const cwd = `/proc/self/fd/${fd}`;
        for await (const { line } of ripgrepLines(this.#ripgrep, { ...run, printed: 'names', cwd })) {
          yield { name: posix.join(target.path, line), shown: target.prefix + line };
        }
      } finally {
        closeSync(fd);
      }
    }
  }

  #targets(path: string): readonly Target[] {
    const { path: root, names } = this.#folders;
    if (posix.normalize(path).replace(/(?<=.)\/$/, '') !== root) return [{ path, prefix: '' }];
    return names.map((name) => ({ path: `${root}/${name}`, prefix: `${name}/` }));
  }

  #openFolder(path: string): number {
    return atPlace(this.#folders, path, ({ stat, parent, name }) => {
      if (stat === null)
        throw new FileError('not_found', `${path} is not there`, { hint: 'Look for it with Glob.' });
      if (!stat.isDirectory()) throw noFolder(path, stat);
      return openSync(inFolder(parent, name), FOLDER);
    });
  }

  #isFile(path: string): boolean {
    return atPlace(this.#folders, path, ({ stat }) => stat?.isFile() === true);
  }

  #isThere(name: string): boolean {
    return this.#orNull(() => atPlace(this.#folders, name, ({ stat }) => stat)) !== null;
  }

  #content(name: string): Buffer | null {
    return this.#orNull(() => atPlace(this.#folders, name, (place) => readContent(place, MAX_FILE_BYTES)));
  }

  /** What was found and is not to be had is not found. */
  #orNull<T>(act: () => T): T | null {
    try {
      return act();
    } catch (error) {
      if (error instanceof FileError) return null;
      throw error;
    }
  }
}

const hasContext = ({ before = 0, after = 0 }: GrepRequest): boolean => before + after > 0;
