import { mkdirSync, readdirSync, readFileSync, readlinkSync, lstatSync } from 'node:fs';
import { join } from 'node:path';
import { Checkpoints } from '../../src/checkpoints/checkpoints.ts';
import type { Limits } from '../../src/checkpoints/limits.ts';
import { makeTree } from '../lab/tree.ts';

export const ROOT = '/sessions/s/mnt';
/** Nothing is given up here; the time of each test bounds it. */
export const { signal } = new AbortController();

/** A mounted folder and its checkpoints. */
export function setUp({ limits, access = 'rw' }: { limits?: Limits; access?: 'ro' | 'rw' } = {}) {
  const [folder, state] = [makeTree(), makeTree()];
  const home = join(state, 'state');
  mkdirSync(home, { mode: 0o700 });
  const open = () =>
    new Checkpoints({
      ...{ home, session: 's', mounts: () => [{ name: 'work', folder, access }] },
      ...(limits && { limits }),
    });
  const checkpoints = open();
  const at = (name: string) => join(folder, name);
  /** With a byte for each character of the name, so that it need not be text. */
  const rawAt = (name: string) => Buffer.from(join(folder, name), 'latin1');
  return {
    ...{ folder, home, checkpoints, at, rawAt, open },
    /** Does something between two looks, as a tool does. */
    step: async (paths: readonly string[] | 'all', act: () => void, by = checkpoints) => {
      const named = paths === 'all' ? paths : paths.map((path) => `${ROOT}/work/${path}`);
      const step = await by.before({ label: 'a test', paths: named }, signal);
      act();
      if (step !== null) await by.after(step.number, signal);
      return step;
    },
  };
}

/** All that is in a folder: contents of files, and where links lead. */
export function contentOf(folder: string, way = ''): Record<string, string> {
  return Object.fromEntries(
    readdirSync(join(folder, way)).flatMap((name): [string, string][] => {
      const inner = way === '' ? name : `${way}/${name}`;
      const stat = lstatSync(join(folder, inner));
      if (stat.isSymbolicLink()) return [[inner, `-> ${readlinkSync(join(folder, inner))}`]];
      if (!stat.isDirectory()) return [[inner, readFileSync(join(folder, inner), 'latin1')]];
      return [[`${inner}/`, ''], ...Object.entries(contentOf(folder, inner))];
    }),
  );
}
