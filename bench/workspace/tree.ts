import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

const FOLDERS = 500;
const FILES = 100;
/** So many of the folders have a file to be found by name, and one to be found by its word. */
const FINDS = 40;

/** What is looked for. */
export const SOUGHT = { pattern: '**/*.rare', ending: '.rare', word: 'unheard-of-word' } as const;

/** The files that have to be found, without their folders. */
export const NAMES = Array.from({ length: FINDS }, (_, index) => `find-${index}.rare`);
export const WORDED = Array.from({ length: FINDS }, (_, index) => `word-${index}.txt`);

export const LINE = 'The quick brown fox jumps over the lazy dog, and the dog sleeps on.\n';
const KILOBYTE = LINE.repeat(15);

export interface Tree {
  /** 50,000 files. */
  readonly many: string;
  /** Empty. */
  readonly work: string;
  close(): Promise<void>;
}

const contentOf = (folder: number, file: number): readonly [string, string] => {
  if (file === 0 && folder < FINDS) return [`find-${folder}.rare`, KILOBYTE];
  if (file === 1 && folder < FINDS) return [`word-${folder}.txt`, `${KILOBYTE}${SOUGHT.word}\n`];
  return [`file-${file}.txt`, KILOBYTE];
};

/** A folder with many files, and an empty one. */
export async function makeTree(): Promise<Tree> {
  const folder = await mkdtemp(join(tmpdir(), 'deskhand-bench-tree-'));
  const [many, work] = [join(folder, 'many'), join(folder, 'work')];
  const close = (): Promise<void> => rm(folder, { recursive: true, force: true, maxRetries: 5 });
  try {
    await mkdir(work);
    for (let index = 0; index < FOLDERS; index++) {
      const inner = join(many, `group-${index % 10}`, `folder-${index}`);
      await mkdir(inner, { recursive: true });
      const files = Array.from({ length: FILES }, (_, file) => contentOf(index, file));
      await Promise.all(files.map(([name, content]) => writeFile(join(inner, name), content)));
    }
    return { many, work, close };
  } catch (error) {
    await close();
    throw error;
  }
}
