import { spawnSync } from 'node:child_process';
import { lstatSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import type { Going } from '../guard/verdict.ts';

/** What would be deleted. */
export interface Count {
  readonly files: number;
  readonly bytes: number;
  /** Files that were changed within a day. */
  readonly today: number;
  /** There is no more than that: a tree is not counted without end. */
  readonly isAll: boolean;
}

const DAY_MS = 86_400_000;
const MOST_FILES = 100_000;
const MOST_MS = 1_000;

/** Counts files and bytes under some paths, without following links. */
export function countOf(goes: readonly Going[]): Count {
  const until = performance.now() + MOST_MS;
  const since = Date.now() - DAY_MS;
  const count = { files: 0, bytes: 0, today: 0 };
  const left = goes.flatMap(pathsOf);
  for (let path = left.pop(); path !== undefined; path = left.pop()) {
    if (count.files >= MOST_FILES || performance.now() > until) return { ...count, isAll: false };
    const stat = lstatSync(path, { throwIfNoEntry: false });
    if (stat === undefined) continue;
    if (stat.isDirectory()) left.push(...childrenOf(path));
    else {
      count.files += 1;
      count.bytes += stat.size;
      if (stat.mtimeMs >= since) count.today += 1;
    }
  }
  return { ...count, isAll: true };
}

/** What a pattern means is up to the shell. */
function pathsOf({ path, isPattern }: Going): readonly string[] {
  if (!isPattern) return [path];
  const { stdout } = spawnSync('/bin/bash', ['-c', String.raw`IFS=; printf '%s\0' $1`, 'bash', path], {
    ...{ encoding: 'utf8', timeout: MOST_MS, stdio: ['ignore', 'pipe', 'ignore'], maxBuffer: 16 * 1024 ** 2 },
  });
  return stdout.split('\0').filter(Boolean);
}

function childrenOf(path: string): readonly string[] {
  try {
    return readdirSync(path).map((name) => join(path, name));
  } catch {
    return []; // it may not be looked into, or went meanwhile
  }
}
