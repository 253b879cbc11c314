import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdir, mkdtemp, readFile, readdir, realpath, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { ToolError } from '@deskhand/server-runtime';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { FileAccess } from '../src/file-access.ts';

let top: string;
let root: string;
let outside: string;
let access: FileAccess;

/** A client that says nothing of its folders. */
const silent = { roots: () => Promise.resolve({ action: 'unavailable', reason: 'no_capability' } as const) };

beforeEach(async () => {
  top = await realpath(await mkdtemp(join(tmpdir(), 'deskhand-access-')));
  root = join(top, 'root');
  outside = join(top, 'outside');
  for (const folder of [root, outside, join(root, 'sub'), join(top, 'home/own')])
    await mkdir(folder, { recursive: true });
  await writeFile(join(root, 'in.txt'), 'in');
  await writeFile(join(outside, 'secret.txt'), 'secret');
  await writeFile(join(top, 'home/token'), 'token');
  access = new FileAccess({ roots: [root], own: join(top, 'home/own'), home: join(top, 'home') });
});

afterEach(() => rm(top, { recursive: true, force: true }));

/** The content, or the code of the error. */
async function read(path: string): Promise<string> {
  try {
    const { handle } = await access.read(path, silent);
    const text = await handle.readFile('utf8');
    await handle.close();
    return text;
  } catch (error) {
    if (error instanceof ToolError) return error.code;
    throw error;
  }
}

async function create(path: string): Promise<string> {
  try {
    const file = await access.create(path, silent);
    await file.handle.writeFile('new');
    await file.handle.close();
    return file.path;
  } catch (error) {
    if (error instanceof ToolError) return error.code;
    throw error;
  }
}

test('files of an allowed folder are read and made, by whole and by relative paths', async () => {
  expect(await read(join(root, 'in.txt'))).toBe('in');
  expect(await read('sub/../in.txt')).toBe('in');
  expect(await create('sub/new.txt')).toBe(join(root, 'sub/new.txt'));
  expect(await readFile(join(root, 'sub/new.txt'), 'utf8')).toBe('new');
  expect(await create(join(root, 'in.txt'))).toBe('file_exists');
  expect(await read('none.txt')).toBe('no_such_file');
  expect(await read('sub')).toBe('no_such_file');
});

test.each(['../outside/secret.txt', 'sub/../../outside/secret.txt', '/etc/passwd', '../root-2/x', '..'])(
  '%s is outside',
  async (path) => {
    await mkdir(join(top, 'root-2'));
    await writeFile(join(top, 'root-2/x'), 'x');
    expect(await read(path)).toBe('not_in_roots');
    expect(await create(`${path}/../made.txt`)).toMatch(/not_in_roots|no_such_file/);
  },
);

test('links that lead outside are not followed, to files, to folders and where nothing is yet', async () => {
  await symlink(join(outside, 'secret.txt'), join(root, 'link.txt'));
  await symlink(outside, join(root, 'folder'));
  await symlink(join(outside, 'made.txt'), join(root, 'dangling.txt'));
  expect(await read('link.txt')).toBe('not_in_roots');
  expect(await read('folder/secret.txt')).toBe('not_in_roots');
  expect(await create('folder/made.txt')).toBe('not_in_roots');
  expect(await create('dangling.txt')).toBe('file_exists');
  expect(await readdir(outside)).toEqual(['secret.txt']);
});

test('links that stay inside are followed, and a root may be a link itself', async () => {
  await symlink(join(root, 'in.txt'), join(root, 'sub/link.txt'));
  expect(await read('sub/link.txt')).toBe('in');
  await symlink(root, join(top, 'alias'));
  access = new FileAccess({
    roots: [join(top, 'alias')],
    own: join(top, 'home/own'),
    home: join(top, 'home'),
  });
  expect(await read(join(top, 'alias/in.txt'))).toBe('in');
});

test("the state folder is nobody's, even inside of an allowed one, but for the folder of the session", async () => {
  access = new FileAccess({ roots: [top], own: join(top, 'home/own'), home: join(top, 'home') });
  expect(await read(join(outside, 'secret.txt'))).toBe('secret');
  expect(await read(join(top, 'home/token'))).toBe('not_in_roots');
  expect(await create(join(top, 'home/new'))).toBe('not_in_roots');
  expect(await create(join(top, 'home/own/new'))).toBe(join(top, 'home/own/new'));
});

test('a folder that is exchanged for a link again and again gives nothing of what is behind the link', async () => {
  const script = `
    const fs = require('fs');
    for (;;) {
      fs.renameSync('sub', 'kept'); fs.symlinkSync('../outside', 'sub');
      fs.unlinkSync('sub'); fs.renameSync('kept', 'sub');
    }`;
  await writeFile(join(root, 'sub/secret.txt'), 'harmless');
  const attacker = spawn(process.execPath, ['-e', script], { cwd: root, stdio: 'ignore' });
  const outcomes = new Set<string>();
  try {
    for (let round = 0; round < 500; round += 1) {
      outcomes.add(await read('sub/secret.txt').catch((error: unknown) => String(error)));
      outcomes.add(
        (await create(`sub/made-${round}.txt`).catch((error: unknown) => String(error))).replace(/\d+/, ''),
      );
    }
  } finally {
    attacker.kill('SIGKILL');
    await once(attacker, 'exit');
  }
  expect(outcomes).not.toContain('secret');
  expect(await readdir(outside)).toEqual(['secret.txt']);
});

test('folders of the client count where a person named none', async () => {
  access = new FileAccess({ roots: [], own: join(top, 'home/own'), home: join(top, 'home') });
  const roots = [{ uri: pathToFileURL(outside).href }, { uri: 'https://example.com/' }];
  const client = { roots: () => Promise.resolve({ action: 'roots', roots } as const) };
  const { handle } = await access.read('secret.txt', client);
  expect(await handle.readFile('utf8')).toBe('secret');
  await handle.close();
  await expect(access.read(join(root, 'in.txt'), client)).rejects.toMatchObject({ code: 'not_in_roots' });
  expect(await read(join(root, 'in.txt'))).toBe('not_in_roots');
});
