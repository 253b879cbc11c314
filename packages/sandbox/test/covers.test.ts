import { chmod, mkdir, readFile, symlink, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import type { SandboxOptions } from '../src/index.ts';
import { inside, makeFolder, NOBODY, openSandbox } from './lab/inside.ts';

const USERS: readonly (readonly [string, Partial<SandboxOptions>])[] = [
  ['the owner of the folder', {}],
  ['another user', { user: NOBODY }],
];

async function makeProject() {
  const folder = await makeFolder();
  await mkdir(join(folder, 'keys'));
  await mkdir(join(folder, 'a b', '.git'), { recursive: true });
  const files = ['.env', 'plain', 'keys/id', "a b/it's", 'a b/.git/config', 'rc'];
  for (const name of files) {
    await writeFile(join(folder, name), `content of ${name}\n`);
    await chmod(join(folder, name), 0o666);
  }
  for (const name of ['keys', 'a b', 'a b/.git']) await chmod(join(folder, name), 0o777);
  const mount = {
    ...{ name: 'work', folder, access: 'rw' as const },
    covers: [
      { path: '.env', kind: 'file' as const },
      { path: 'keys', kind: 'folder' as const },
      { path: "a b/it's", kind: 'file' as const },
      { path: 'rc', kind: 'kept' as const },
      { path: 'a b/.git/config', kind: 'kept' as const },
      { path: 'a b/.git', kind: 'pinned' as const },
      { path: 'gone', kind: 'file' as const },
    ],
  };
  return { folder, mount };
}

describe.each(USERS)('as %s, what is covered', (_, user) => {
  test('is there by name only, or as it was, and no way around is open; what is not covered is', async () => {
    const { folder, mount } = await makeProject();
    const script = `cd /sessions/s1/mnt/work
      t() { "$@" >/dev/null 2>&1 && echo "DID $*"; }
      t cat .env; t cat "a b/it's"; t ls keys; t cat keys/id
      t chmod 777 .env; t rm -f .env; t mv .env x; t ln .env x; t cp .env x; t sh -c 'echo > .env'
      t chmod 777 keys; t rmdir keys; t mv keys x
      t sh -c 'echo > rc'; t rm -f rc; t mv rc x; t ln rc x; t cp plain rc; t chmod 600 rc; t mv plain rc
      t sh -c 'echo > "a b/.git/config"'; t mv 'a b/.git' x; t rm -rf 'a b/.git'
      t umount .env; t mount --bind plain .env
      cat rc; cat "a b/.git/config"; ls -A; t cat plain; t sh -c 'echo > "a b/.git/index"'`;
    const { out } = await inside(script, { ...user, mounts: [mount] });
    expect(out.split('\n')).toEqual([
      'content of rc',
      'content of a b/.git/config',
      ...['.env', 'a b', 'keys', 'plain', 'rc'],
      ...['DID cat plain', 'DID sh -c echo > "a b/.git/index"', ''],
    ]);
    for (const name of ['.env', "a b/it's", 'rc', 'a b/.git/config', 'keys/id']) {
      expect(await readFile(join(folder, name), 'utf8')).toBe(`content of ${name}\n`);
    }
  });
});

test('a cover can be taken away while the sandbox runs, and goes with its folder', async () => {
  const { mount } = await makeProject();
  const sandbox = await openSandbox();
  await sandbox.mount(mount);
  const say = async (script: string): Promise<string> => {
    sandbox.stdin.write(`{ ${script} ; } 2>&1; echo end\n`);
    let said = '';
    for await (const chunk of sandbox.stdout.iterator({ destroyOnReturn: false })) {
      said += String(chunk);
      if (said.endsWith('end\n')) break;
    }
    return said.slice(0, -4).trim();
  };
  const at = '/sessions/s1/mnt/work';
  expect(await say(`echo new > ${at}/rc`)).toMatch(/Read-only file system$/);
  await sandbox.uncover('work', { path: 'rc', kind: 'kept' });
  expect(await say(`echo new > ${at}/rc; cat ${at}/rc`)).toBe('new');
  expect(await say(`cat ${at}/.env`)).toMatch(/Permission denied$/);
  await sandbox.unmount('work');
  await sandbox.mount({ ...mount, covers: [] });
  expect(await say(`cat ${at}/.env`)).toBe('content of .env');
});

test('what has become a link is not covered anywhere: the folder is not mounted', async () => {
  const { folder, mount } = await makeProject();
  await symlink('/etc/passwd', join(folder, 'link'));
  const sandbox = await openSandbox();
  await expect(sandbox.mount({ ...mount, covers: [{ path: 'link', kind: 'file' }] })).rejects.toMatchObject({
    code: 'mount_failed',
  });
  await sandbox.mount(mount);
});
