import { spawn } from 'node:child_process';
import picomatch from 'picomatch';
import { FileError } from './file-error.ts';
import { foundLines, type Printed } from './found-lines.ts';
import { atPlace } from './place.ts';

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

/** Lines of an answer; `more` when there would be others behind them. */
export interface Found {
  readonly lines: readonly string[];
  readonly more: boolean;
}

/** Lines of an answer to leave out, and to give, of those that fit. */
interface Wanted {
  readonly offset: number;
  readonly limit: number;
  readonly printed: Printed;
  readonly fits?: (line: string) => boolean;
}

const MOST_FILES = 100;
const MOST_COLUMNS = 500;
const MOST_BYTES = 100_000;
/** What nobody looks for, besides what .gitignore names. */
const NEVER = ['--hidden', '--glob=!.git'];
const PLAIN = ['--no-config', '--color=never', '--no-messages', '--null'];

/** Searches with ripgrep, the newest files first. */
export class Search {
  readonly #root: string;
  readonly #ripgrep: string;

  constructor(root: string, ripgrep: string) {
    this.#root = root;
    this.#ripgrep = ripgrep;
  }

  /** @throws FileError */
  async glob({ pattern, path, without }: GlobRequest): Promise<Found> {
    // as an option of ripgrep a pattern would bring back what .gitignore leaves out
    const fits = picomatch(pattern.replace(/^\.?\//, ''), { dot: true, flags: 's' });
    const args = [...PLAIN, ...NEVER, ...leaving(without), '--files', '--sortr=modified', '.'];
    return this.#run(args, path, { offset: 0, limit: MOST_FILES, printed: 'names', fits });
  }

  /** @throws FileError */
  async grep(request: GrepRequest): Promise<Found> {
    const { pattern, path, mode, glob, type, before = 0, after = 0 } = request;
    const { folder, target } = atPlace(this.#root, path, (place) =>
      place.stat?.isFile() === true
        ? { folder: path.slice(0, path.lastIndexOf('/')), target: `./${place.name}` }
        : { folder: path, target: '.' },
    );
    const args = [
      ...[...PLAIN, ...NEVER, ...MODES[mode]],
      ...(mode === 'content' ? [`--before-context=${before}`, `--after-context=${after}`] : []),
      ...(request.ignoreCase === true ? ['--ignore-case'] : []),
      ...(request.multiline === true ? ['--multiline', '--multiline-dotall'] : []),
      ...(glob === undefined ? [] : [`--glob=${glob}`]),
      ...(type === undefined ? [] : [`--type=${type}`]),
      // the last one decides
      ...leaving(request.without),
      ...[`--regexp=${pattern}`, '--', target],
    ];
    const { offset, limit } = request;
    return this.#run(args, folder, {
      offset,
      limit,
      printed: mode === 'files_with_matches' ? 'names' : 'lines',
    });
  }

  async #run(
    args: readonly string[],
    path: string,
    { offset, limit, printed, fits = () => true }: Wanted,
  ): Promise<Found> {
    refuseUnlikeFolder(this.#root, path);
    const search = spawn(this.#ripgrep, args, { cwd: path, stdio: ['ignore', 'pipe', 'pipe'] });
    let words = '';
    search.stderr
      .setEncoding('utf8')
      .on('data', (chunk: string) => (words = (words + chunk).slice(0, 2_000)));
    const ended = new Promise<number | null>((resolve, reject) => {
      search.on('error', reject);
      search.on('close', resolve);
    });
    const lines: string[] = [];
    let [seen, bytes, more] = [0, 0, false];
    for await (const line of foundLines(search.stdout, printed)) {
      if (!fits(line)) continue;
      seen += 1;
      if (seen <= offset) continue;
      bytes += Buffer.byteLength(line) + 1;
      more = lines.length >= limit || bytes > MOST_BYTES;
      if (more) break;
      lines.push(line);
    }
    search.kill();
    const code = await ended;
    if (code === 2 && lines.length === 0) throw badPattern(words);
    return { lines, more };
  }
}

const leaving = (patterns: readonly string[]): readonly string[] =>
  patterns.map((pattern) => `--iglob=!${pattern}`);

const MODES = {
  files_with_matches: ['--files-with-matches', '--sortr=modified'],
  content: [
    '--line-number',
    '--no-heading',
    '--with-filename',
    `--max-columns=${MOST_COLUMNS}`,
    '--max-columns-preview',
  ],
  count: ['--count', '--with-filename', '--sortr=modified'],
} as const;

function refuseUnlikeFolder(root: string, path: string): void {
  atPlace(root, path, ({ stat }) => {
    if (stat === null)
      throw new FileError('not_found', `${path} is not there`, { hint: 'Look for it with Glob.' });
    if (!stat.isDirectory())
      throw new FileError('not_a_folder', `${path} is no folder`, { hint: 'Give a folder.' });
  });
}

const badPattern = (words: string): FileError =>
  new FileError('bad_pattern', `ripgrep cannot search for that: ${words.trim()}`, {
    hint: 'Escape what is meant as it is, such as \\{ for a brace.',
  });
