import { mkdir, readdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { ControlGroup } from '../../src/limits/control-group.ts';
import { DEFAULT_LIMITS } from '../../src/limits/limits.ts';
import { makeFolder } from '../lab/inside.ts';

const LIMITS = { ...DEFAULT_LIMITS, memoryBytes: 1000, processes: 7 };

/** A group that is beside this process's, as systemd gives them to a person's programs. */
async function slice(controllers: string): Promise<string> {
  const root = await makeFolder();
  await mkdir(join(root, 'user/app.scope'), { recursive: true });
  await writeFile(join(root, 'user/cgroup.subtree_control'), controllers);
  return root;
}

test('where version 2 hands memory and processes on, the group is beside that of this process', async () => {
  const root = await slice('cpu memory pids\n');
  const group = await ControlGroup.make(LIMITS, { root, own: '0::/user/app.scope\n' });
  const [folder = ''] = group?.folders ?? [];
  expect(folder.startsWith(join(root, 'user/deskhand-'))).toBe(true);
  const settings = ['memory.max', 'pids.max', 'cgroup.procs'].map((file) =>
    readFile(join(folder, file), 'utf8'),
  );
  expect(await Promise.all(settings)).toEqual(['1000', '7', '0\n']);

  expect(await group?.counts()).toEqual({ memory: 0, processes: 0 });
  await writeFile(
    join(folder, 'memory.events'),
    'low 0\nhigh 0\nmax 9\noom 3\noom_kill 2\noom_group_kill 0\n',
  );
  await writeFile(join(folder, 'pids.events'), 'max 4\n');
  expect(await group?.counts()).toEqual({ memory: 2, processes: 4 });
});

test('what a killed process left is removed, and what others use is not', async () => {
  const root = await slice('memory pids\n');
  const [stale, used] = ['deskhand-999999999-x', `deskhand-${process.pid}-x`];
  await mkdir(join(root, 'user', stale));
  await mkdir(join(root, 'user', used));
  await ControlGroup.make(LIMITS, { root, own: '0::/user/app.scope\n' });
  const names = await readdir(join(root, 'user'));
  expect([names.includes(stale), names.includes(used)]).toEqual([false, true]);
});

test.each([
  ['does not hand them on', 'cpu\n', '0::/user/app.scope\n'],
  ['shows no group above', 'cpu memory pids\n', '0::/\n'],
  ['is not there', '', ''],
])('where version 2 %s, there is none', async (_, controllers, own) => {
  const root = await slice(controllers);
  expect(await ControlGroup.make(LIMITS, { root, own })).toBeNull();
  expect(await readdir(join(root, 'user'))).toEqual(['app.scope', 'cgroup.subtree_control']);
});
