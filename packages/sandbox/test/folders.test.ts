import { rename, symlink, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { expect, test } from 'vitest';
import type { Sandbox } from '../src/index.ts';
import { makeFolder, openSandbox } from './lab/inside.ts';

/** Asks a shell inside, one line of a command and its output at a time. */
function shellOf(sandbox: Sandbox): (command: string) => Promise<string> {
  const lines = createInterface({ input: sandbox.stdout })[Symbol.asyncIterator]();
  return async (command) => {
    sandbox.stdin.write(`{ ${command} ; } 2>&1 | tr '\\n' ' '; echo\n`);
    const line: IteratorResult<string, unknown> = await lines.next();
    return line.done === true ? '' : line.value.trim();
  };
}

test('a folder is there for what runs already when it is mounted, and gone when that is taken back', async () => {
  const folder = await makeFolder();
  await writeFile(join(folder, 'a'), 'words');
  const sandbox = await openSandbox();
  const shell = shellOf(sandbox);
  expect(await shell('ls /sessions/s1/mnt')).toBe('');

  await sandbox.mount({ name: 'My work: «ü»', folder, access: 'rw' });
  expect(await shell('cat "/sessions/s1/mnt/My work: «ü»/a"')).toBe('words');
  expect(sandbox.mounts.map(({ name }) => name)).toEqual(['My work: «ü»']);

  await sandbox.unmount('My work: «ü»');
  expect(await shell('ls -a /sessions/s1/mnt')).toBe('. ..');
  expect(sandbox.mounts).toEqual([]);
});

test('a folder that is mounted later can be read-only too', async () => {
  const folder = await makeFolder();
  const sandbox = await openSandbox();
  await sandbox.mount({ name: 'kept', folder, access: 'ro' });
  await sandbox.mount({ name: 'free', folder, access: 'rw' });
  const shell = shellOf(sandbox);
  expect(await shell('echo 1 > /sessions/s1/mnt/kept/a')).toMatch(/Read-only file system$/);
  expect(await shell('cd /sessions/s1/mnt; echo 1 > free/a && cat kept/a')).toBe('1');
});

test('nothing inside makes a place for the next folder', async () => {
  const sandbox = await openSandbox();
  const shell = shellOf(sandbox);
  expect(
    await shell('ln -s /etc /sessions/s1/mnt/next; mkdir /sessions/s1/mnt/next; ls /sessions/s1/mnt'),
  ).toMatch(/^(?:\S+: .*Read-only file system ?){2}$/);
});

test.each(['', '.', '..', '../x', 'a/b', '/etc', 'a\tb', 'a\nb', 'x'.repeat(129)])(
  '%j is no name of a folder',
  async (name) => {
    const folder = await makeFolder();
    const sandbox = await openSandbox();
    await expect(sandbox.mount({ name, folder, access: 'rw' })).rejects.toMatchObject({
      code: 'mount_name_invalid',
    });
    await sandbox.mount({ name: `...${name.replaceAll(/[^a-x]/g, '').slice(0, 9)}`, folder, access: 'rw' });
  },
);

test('what cannot be mounted says so, and its name stays free', async () => {
  const folder = await makeFolder();
  await writeFile(join(folder, 'file'), '');
  const sandbox = await openSandbox({ mounts: [{ name: 'a', folder, access: 'rw' }] });
  const mount = (name: string, path: string) => sandbox.mount({ name, folder: path, access: 'rw' });
  await expect(mount('a', folder)).rejects.toMatchObject({ code: 'mount_name_taken' });
  await expect(mount('b', join(folder, 'nothing'))).rejects.toMatchObject({ code: 'folder_missing' });
  await symlink(folder, join(folder, 'link'));
  await expect(mount('b', join(folder, 'link'))).rejects.toMatchObject({
    code: 'folder_unsafe',
    hint: `Mount ${folder}, where it leads`,
  });
  await expect(mount('b', 'test')).rejects.toMatchObject({ code: 'folder_unsafe' });
  await expect(mount('b', join(folder, 'file'))).rejects.toMatchObject({ code: 'folder_unsafe' });
  await expect(sandbox.unmount('b')).rejects.toMatchObject({ code: 'mount_unknown' });
  await mount('b', folder);
  expect(sandbox.mounts.map(({ name }) => name)).toEqual(['a', 'b']);
});

test('a folder that is exchanged for another one while it is mounted is never that other one', async () => {
  const [parent, elsewhere] = [await makeFolder(), await makeFolder()];
  await writeFile(join(elsewhere, 'secret'), '');
  const sandbox = await openSandbox();
  const shell = shellOf(sandbox);
  const [place, aside] = [join(parent, 'place'), join(parent, 'aside')];
  await symlink(elsewhere, aside);
  const meant = await makeFolder();
  await writeFile(join(meant, 'meant'), '');
  await rename(meant, place);

  const attack = { goesOn: true };
  const attacker = (async () => {
    const between = join(parent, 'between');
    while (attack.goesOn) {
      await rename(place, between);
      await rename(aside, place);
      await rename(place, aside);
      await rename(between, place);
    }
  })();
  const seen = new Set<string>();
  for (let round = 0; round < 40; round += 1) {
    try {
      await sandbox.mount({ name: 'work', folder: place, access: 'rw' });
    } catch {
      // it was refused, as it should when it is exchanged
      seen.add('refused');
      continue;
    }
    seen.add(await shell(`ls /sessions/s1/mnt/work`));
    await sandbox.unmount('work');
  }
  attack.goesOn = false;
  await attacker;
  expect(seen).toContain('refused');
  seen.delete('refused');
  expect([...seen].filter((word) => word !== 'meant')).toEqual([]);
  await sandbox.mount({ name: 'work', folder: place, access: 'rw' });
  expect(await shell('ls /sessions/s1/mnt/work')).toBe('meant');
});
