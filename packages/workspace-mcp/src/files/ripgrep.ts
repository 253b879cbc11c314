import { spawn } from 'node:child_process';
import { FileError } from './file-error.ts';
import { foundLines, type Printed } from './found-lines.ts';

/** How ripgrep is started. */
export interface RipgrepRun {
  readonly args: readonly string[];
  readonly printed: Printed;
  /** Where it looks. */
  readonly cwd: string;
  /** What it looks at instead, when it is told `-`. */
  readonly input?: Buffer;
}

/** Lines that ripgrep prints; it is ended when no more are taken. @throws FileError `bad_pattern` */
export async function* ripgrepLines(
  program: string,
  { args, printed, cwd, input }: RipgrepRun,
): AsyncGenerator<string> {
  const search = spawn(program, args, { cwd });
  // it need not read all that it is given
  search.stdin.on('error', () => undefined);
  search.stdin.end(input);
  let words = '';
  search.stderr.setEncoding('utf8').on('data', (chunk: string) => (words = (words + chunk).slice(0, 2_000)));
  const ended = new Promise<number | null>((resolve, reject) => {
    search.on('error', reject);
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
  if ((await ended) === 2 && !isAny) throw badPattern(words);
}

const badPattern = (words: string): FileError =>
  new FileError('bad_pattern', `ripgrep cannot search for that: ${words.trim()}`, {
    hint: 'Escape what is meant as it is, such as \\{ for a brace.',
  });
