import { mkdirSync, readdirSync, rmSync, utimesSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { Checkpoints } from '../../src/checkpoints/checkpoints.ts';
import { makeTree } from '../lab/tree.ts';
import { signal } from './lab.ts';

const DAY_MS = 24 * 3_600_000;

/** Sessions of one state folder, each with a file that was deleted. */
function sessions() {
  const home = join(makeTree(), 'state');
  mkdirSync(home, { mode: 0o700 });
  const folder = makeTree();
  const mounts = () => [{ name: 'work', folder, access: 'rw' } as const];
  const stores = join(home, 'checkpoints');
  return {
    stores,
    use: async (session: string, { bytes = 1_000, mostBytes = 1_000_000 } = {}) => {
      const keeping = { mostMs: 30 * DAY_MS, mostBytes };
      const checkpoints = new Checkpoints({ home, session, mounts, keeping });
      writeFileSync(join(folder, 'a'), session.repeat(bytes));
      const step = await checkpoints.before({ label: 'rm', paths: 'all' }, signal);
      rmSync(join(folder, 'a'));
      await checkpoints.after(step?.number ?? 0, signal);
      return checkpoints;
    },
    age: (session: string, days: number) => {
      const at = new Date(Date.now() - days * DAY_MS);
      utimesSync(join(stores, session), at, at);
    },
  };
}

test('steps of sessions that ended long ago go, and those of one that is open stay', async () => {
  const { stores, use, age } = sessions();
  await (await use('old')).close();
  await (await use('young')).close();
  const open = await use('open');
  for (const [session, days] of [
    ['old', 31],
    ['young', 29],
    ['open', 31],
  ] as const)
    age(session, days);
  // a process that was killed left its mark
  writeFileSync(join(stores, 'old/live.1.0.00000000.00000000'), '');
  const life = readdirSync(join(stores, 'open')).find((name) => name.startsWith('live.')) ?? '';
  const [, , , boot = '', space = ''] = life.split('.');
  writeFileSync(join(stores, 'old', `live.${process.pid}.1.${boot}.${space}`), '');
  rmSync(join(stores, 'old/live.1.0.00000000.00000000'));
  age('old', 31);
  const now = await use('now');
  await expect.poll(() => readdirSync(stores).toSorted()).toEqual(['now', 'open', 'young']);
  await now.close();
  expect(open.list().length).toBe(1);
  await open.undo({}, signal);
  await open.close();
});

test('the oldest go when all take too much, and never those of an open one', async () => {
  const { stores, use, age } = sessions();
  const open = await use('a', { bytes: 150_000 });
  for (const session of ['b', 'c', 'd']) await (await use(session, { bytes: 150_000 })).close();
  for (const [session, days] of [
    ['a', 4],
    ['b', 3],
    ['c', 2],
    ['d', 1],
  ] as const)
    age(session, days);
  const last = await use('e', { mostBytes: 400_000 });
  await expect.poll(() => readdirSync(stores).toSorted()).toEqual(['a', 'c', 'd', 'e']);
  await last.close();
  expect(open.list().length).toBe(1);
  await open.close();
});
