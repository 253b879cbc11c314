import { lstatSync } from 'node:fs';
import { join } from 'node:path';
import { BREAK, type FoundLine } from './found-lines.ts';
import { ripgrepLines, type Order, type RipgrepRun } from './ripgrep.ts';

/** So much is put in order here, while ripgrep looks with all processors. More it sorts itself, with one. */
const MOST_LINES = 1_000;
const MOST_CHARACTERS = 300_000;

/** What was found in each file, by its name. */
interface Few {
  readonly files: ReadonlyMap<string, readonly string[]>;
  readonly hasBreaks: boolean;
}

/** Lines of the files that are wanted, in the same order each time. @throws FileError `bad_pattern` */
export async function* linesInOrder(
  program: string,
  { order, ...run }: RipgrepRun & { readonly order: Order },
  isWanted: (name: string) => boolean,
): AsyncGenerator<string> {
  const few = await fewOf(ripgrepLines(program, run), isWanted);
  if (few !== null) {
    yield* inOrder(few, order === 'newest' ? newestFirst(run.cwd, few) : byPath(few));
    return;
  }
  for await (const { name, line } of ripgrepLines(program, { ...run, order }))
    if (name === null || isWanted(name)) yield line;
}

/** `null` when they are many. */
async function fewOf(
  found: AsyncIterable<FoundLine>,
  isWanted: (name: string) => boolean,
): Promise<Few | null> {
  const files = new Map<string, string[]>();
  let [lines, characters] = [0, 0];
  let hasBreaks = false;
  let isAfterBreak = false;
  for await (const { name, line } of found) {
    if (name === null) {
      hasBreaks = isAfterBreak = true;
      continue;
    }
    if (!isWanted(name)) continue;
    lines += 1;
    characters += line.length;
    if (lines > MOST_LINES || characters > MOST_CHARACTERS) return null;
    const before = files.get(name);
    // those between files are made anew
    if (before === undefined) files.set(name, [line]);
    else before.push(...(isAfterBreak ? [BREAK, line] : [line]));
    isAfterBreak = false;
  }
  return { files, hasBreaks };
}

function* inOrder({ files, hasBreaks }: Few, names: readonly string[]): Generator<string> {
  for (const [index, name] of names.entries()) {
    if (hasBreaks && index > 0) yield BREAK;
    yield* files.get(name) ?? [];
  }
}

/** By bytes, as ripgrep has them; what is in a folder comes before what only begins with its name. */
const byPath = ({ files }: Few): readonly string[] =>
  [...files.keys()]
    .map((name) => ({ name, key: Buffer.from(name.replaceAll('/', '\0')) }))
    .toSorted((a, b) => Buffer.compare(a.key, b.key))
    .map(({ name }) => name);

const newestFirst = (folder: string, few: Few): readonly string[] =>
  byPath(few)
    .map((name) => ({ name, at: modifiedAt(join(folder, name)) }))
    .toSorted((a, b) => Number(b.at - a.at))
    .map(({ name }) => name);

/** In nanoseconds; 0 when it is gone, or its name is no UTF-8. */
function modifiedAt(path: string): bigint {
  try {
    return lstatSync(path, { bigint: true }).mtimeNs;
  } catch {
    return 0n;
  }
}
