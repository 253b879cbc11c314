import { spawn, type ChildProcessWithoutNullStreams } from 'node:child_process';
import { FileError, fileErrorOf } from './file-error.ts';
import { foundLines, type FoundLine, type Printed } from './found-lines.ts';
import { isSystemError } from './system-error.ts';

/** Of the files in which something is found. */
export type Order = 'path' | 'newest';

/** As it sorts them itself, with one processor. */
const SORTING = { path: '--sort=path', newest: '--sortr=modified' } as const;

/** How ripgrep is started. */
export interface RipgrepRun {
  readonly args: readonly string[];
  readonly printed: Printed;
  /** Any, when it is not said. */
  readonly order?: Order;
  /** Where it looks. */
  readonly cwd: string;
  /** What it looks at instead, when it is told `-`. */
  readonly input?: Buffer;
  readonly signal?: AbortSignal | undefined;
}

/** Lines that ripgrep prints; it is ended when no more are taken. @throws FileError `bad_pattern`, `not_found` */
export async function* ripgrepLines(
  program: string,
  { args, printed, order, cwd, input, signal }: RipgrepRun,
): AsyncGenerator<FoundLine> {
  const sorting = order === undefined ? [] : [SORTING[order]];
  const search = started(program, [...sorting, ...args], { cwd, signal });
  // it need not read all that it is given
  search.stdin.on('error', () => undefined);
  search.stdin.end(input);
  let words = '';
  search.stderr.setEncoding('utf8').on('data', (chunk: string) => (words = (words + chunk).slice(0, 2_000)));
  const ended = new Promise<number | Error | null>((resolve) => {
    search.on('error', resolve);
    search.on('close', resolve);
  });
  let isAny = false;
  try {
    for await (const line of foundLines(search.stdout, printed)) {
      isAny = true;
      yield line;
    }
  } finally {
    search.kill();
    await ended;
  }
  const end = await ended;
  if (end instanceof Error) throw fileErrorOf(end, cwd);
  // it says nothing about files that it may not read, such as secrets: then there is nothing wrong with the pattern
  if (end === 2 && !isAny && words !== '') throw badPattern(words.trim());
}

/** The system takes no words that are too long, or have a zero byte in them. @throws FileError `bad_pattern` */
function started(
  program: string,
  args: readonly string[],
  options: { readonly cwd: string; readonly signal: AbortSignal | undefined },
): ChildProcessWithoutNullStreams {
  try {
    return spawn(program, args, options);
  } catch (cause) {
    if (!isSystemError(cause, 'E2BIG', 'ERR_INVALID_ARG_VALUE')) throw cause;
    const why = isSystemError(cause, 'E2BIG') ? 'it is too long' : 'it has a zero byte in it';
    throw new FileError('bad_pattern', `ripgrep cannot search for that: ${why}`, {
      cause,
      hint: 'Give a shorter one, with \\x00 for a zero byte.',
    });
  }
}

/** What mends what ripgrep complains of: it names options of its own for that, which callers do not have. */
const HINTS: readonly (readonly [RegExp, string])[] = [
  [/file type/, 'Use glob instead of type, such as *.py.'],
  [/literal "\\n" is not allowed/, 'Say multiline: true, with which a match may go over several lines.'],
  [
    /look-around/,
    'Look-ahead and look-behind are not to be had: search for more, and choose from what is found.',
  ],
  [/backreferences/, 'Backreferences are not to be had: search for more, and choose from what is found.'],
  [/^/, 'Escape what is meant as it is, such as \\{ for a brace.'],
];

function badPattern(said: string): FileError {
  const words = said.replace(/\s*^Consider enabling [^]*/m, '');
  const hint = HINTS.find(([problem]) => problem.test(words))?.[1] ?? '';
  return new FileError('bad_pattern', `ripgrep cannot search for that: ${words}`, { hint });
}
