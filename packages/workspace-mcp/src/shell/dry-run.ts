import { spawnSync } from 'node:child_process';
import { lstatSync, readdirSync } from 'node:fs';
import { basename, join } from 'node:path';
import { bytesOf, nameOf, systemPath } from '../files/byte-names.ts';
import { left as leftOut, LIMITS } from '../checkpoints/limits.ts';
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
  const named = goes.map(pathsOf);
  const left = named.flatMap((paths) => paths ?? []);
  for (let path = left.pop(); path !== undefined; path = left.pop()) {
    if (count.files >= MOST_FILES || performance.now() > until) return { ...count, isAll: false };
    const stat = lstatSync(systemPath(path), { throwIfNoEntry: false });
    if (stat === undefined) continue;
    if (stat.isDirectory()) left.push(...childrenOf(path));
    else {
      count.files += 1;
      count.bytes += stat.size;
      if (stat.mtimeMs >= since) count.today += 1;
    }
  }
  return { ...count, isAll: !named.includes(null) };
}

/** Something of which a checkpoint would hold nothing, with all that is in it. */
export interface Unkept extends Count {
  readonly path: string;
  readonly why: string;
}

const MOST_UNKEPT = 20;

/** What of these would not be held by a checkpoint that is taken first: one that names them, or one of everything. */
export function unkeptOf({ goes, isNamed }: { readonly goes: readonly Going[]; readonly isNamed: boolean }): {
  readonly unkept: readonly Unkept[];
  readonly more: boolean;
} {
  const until = performance.now() + MOST_MS;
  const unkept: Unkept[] = [];
  const named = goes.map(pathsOf);
  const left = named.flatMap((paths) => paths ?? []).map((path) => ({ path, isMeant: isNamed }));
  let entries = 0;
  for (let next = left.pop(); next !== undefined; next = left.pop()) {
    const { path, isMeant } = next;
    if ((entries += 1) > MOST_FILES || unkept.length >= MOST_UNKEPT || performance.now() > until)
      return { unkept, more: true };
    const stat = lstatSync(systemPath(path), { bigint: true, throwIfNoEntry: false });
    if (stat === undefined) continue;
    const why = leftOut({ name: basename(path), path: path.slice(1), stat, isMeant, entries }, LIMITS);
    if (why !== null) unkept.push({ path, why, ...countOf([{ path, isPattern: false, isRemoved: true }]) });
    else if (stat.isDirectory())
      left.push(...childrenOf(path).map((child) => ({ path: child, isMeant: false })));
  }
  return { unkept, more: named.includes(null) };
}

/** What a pattern means is up to the shell; `null` when that takes too long to say, or is too much. */
function pathsOf({ path, isPattern }: Going): readonly string[] | null {
  if (!isPattern) return [path];
  // words of a program have to be text, and a pattern may have other bytes
  const script = String.raw`IFS=; read -rd '' pattern; printf '%s\0' $pattern`;
  const { status, stdout } = spawnSync('/bin/bash', ['--noprofile', '--norc', '-c', script], {
    ...{ input: bytesOf(path), timeout: MOST_MS, stdio: ['pipe', 'pipe', 'ignore'] },
    maxBuffer: 16 * 1024 ** 2,
  });
  return status === 0 ? namesOf(stdout) : null;
}

const namesOf = (bytes: Buffer): readonly string[] =>
  bytes
    .toString('latin1')
    .split('\0')
    .filter(Boolean)
    .map((name) => nameOf(Buffer.from(name, 'latin1')));

function childrenOf(path: string): readonly string[] {
  try {
    return readdirSync(systemPath(path), { encoding: 'buffer' }).map((name) => join(path, nameOf(name)));
  } catch {
    return []; // it may not be looked into, or went meanwhile
  }
}
