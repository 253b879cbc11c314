import { closeSync } from 'node:fs';
import { posix } from 'node:path';
import { openContent } from './content.ts';
import { FileError, noFolder } from './file-error.ts';
import type { Printed } from './found-lines.ts';
import { FoundPart, type Found } from './found-part.ts';
import { fitting } from './name-pattern.ts';
import { atPlace, type Place } from './place.ts';
import { linesInOrder } from './in-order.ts';
import type { Order } from './ripgrep.ts';

export interface GlobRequest {
  readonly pattern: string;
  /** Folder to look in. */
  readonly path: string;
  /** Patterns of what is left out, as gitignore has them. */
  readonly without: readonly string[];
}

export interface GrepRequest {
  readonly pattern: string;
  /** File or folder to look in. */
  readonly path: string;
  readonly mode: 'files_with_matches' | 'content' | 'count';
  readonly glob?: string | undefined;
  readonly type?: string | undefined;
  readonly ignoreCase?: boolean | undefined;
  readonly multiline?: boolean | undefined;
  readonly before?: number | undefined;
  readonly after?: number | undefined;
  /** Lines of the answer to leave out, and to give. */
  readonly offset: number;
  readonly limit: number;
  /** Patterns of what is left out, as gitignore has them. */
  readonly without: readonly string[];
}

/** Lines of an answer to leave out, and to give, of files that are wanted. */
interface Wanted {
  readonly offset: number;
  readonly limit: number;
  readonly printed: Printed;
  readonly order: Order;
  readonly signal: AbortSignal | undefined;
  readonly isWanted?: (name: string) => boolean;
}

export const MOST_FILES = 100;
const MOST_COLUMNS = 500;
/** What nobody looks for, besides what .gitignore names. */
const NEVER = ['--hidden', '--glob=!.git'];
const PLAIN = ['--no-config', '--color=never', '--no-messages', '--null'];

/** Searches with ripgrep: names of files with the newest first, lines in the order of their files' paths. */
export class Search {
  readonly #root: string;
  readonly #ripgrep: string;

  constructor(root: string, ripgrep: string) {
    this.#root = root;
    this.#ripgrep = ripgrep;
  }

  /** @throws FileError */
  async glob({ pattern, path, without }: GlobRequest, signal?: AbortSignal): Promise<Found> {
    return this.#run(listing(without), path, {
      ...{ offset: 0, limit: MOST_FILES, printed: 'names', order: 'newest', signal },
      isWanted: fitting(pattern),
    });
  }

  /** @throws FileError */
  async grep(request: GrepRequest, signal?: AbortSignal): Promise<Found> {
    const { path, mode } = request;
    const isFile = atPlace(this.#root, path, isOpenFile);
    const folder = isFile ? posix.dirname(path) : path;
    const target = isFile ? `./${posix.basename(path)}` : '.';
    const args = [...MODES[mode], ...choosing(request), ...matching(request), '--', target];
    const { offset, limit } = request;
    return this.#run(args, folder, {
      ...{ offset, limit, signal },
      ...{ printed: printedIn(mode), order: orderIn(mode) },
    });
  }

  async #run(
    args: readonly string[],
    path: string,
    { offset, limit, isWanted = () => true, ...how }: Wanted,
  ): Promise<Found> {
    refuseUnlikeFolder(this.#root, path);
    const part = new FoundPart({ offset, limit });
    for await (const line of linesInOrder(this.#ripgrep, { ...how, args, cwd: path }, isWanted)) {
      if (!part.take(line)) break;
    }
    return part.found;
  }
}

/** What ripgrep is told to list all files with. */
export const listing = (without: readonly string[]): readonly string[] => [
  ...[...PLAIN, ...NEVER, ...leaving(without)],
  ...['--files', '.'],
];

/** What ripgrep is told about which files to look in. */
export const choosing = ({ glob, type, without }: GrepRequest): readonly string[] => [
  ...NEVER,
  ...(glob === undefined ? [] : [`--glob=${glob}`]),
  ...(type === undefined ? [] : [`--type=${type}`]),
  // the last one decides
  ...leaving(without),
];

/** What ripgrep is told about what to find in them. */
export const matching = ({
  pattern,
  mode,
  before = 0,
  after = 0,
  ...how
}: GrepRequest): readonly string[] => [
  ...PLAIN,
  ...(mode === 'content' ? [`--before-context=${before}`, `--after-context=${after}`] : []),
  ...(how.ignoreCase === true ? ['--ignore-case'] : []),
  ...(how.multiline === true ? ['--multiline', '--multiline-dotall'] : []),
  `--regexp=${pattern}`,
];

const leaving = (patterns: readonly string[]): readonly string[] =>
  patterns.map((pattern) => `--iglob=!${pattern}`);

export const MODES = {
  files_with_matches: ['--files-with-matches'],
  content: [
    '--line-number',
    '--no-heading',
    '--with-filename',
    `--max-columns=${MOST_COLUMNS}`,
    '--max-columns-preview',
  ],
  count: ['--count', '--with-filename'],
} as const;

export const orderIn = (mode: GrepRequest['mode']): Order => (mode === 'content' ? 'path' : 'newest');

export const printedIn = (mode: GrepRequest['mode']): Printed =>
  mode === 'files_with_matches' ? 'names' : 'lines';

/** One that cannot be read is not searched in silence. */
function isOpenFile(place: Place): boolean {
  if (place.stat?.isFile() !== true) return false;
  closeSync(openContent(place).fd);
  return true;
}

function refuseUnlikeFolder(root: string, path: string): void {
  atPlace(root, path, ({ stat }) => {
    if (stat === null)
      throw new FileError('not_found', `${path} is not there`, { hint: 'Look for it with Glob.' });
    if (!stat.isDirectory()) throw noFolder(path, stat);
  });
}
