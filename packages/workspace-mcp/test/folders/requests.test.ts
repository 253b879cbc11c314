import { existsSync, mkdirSync, readFileSync, symlinkSync, writeFileSync } from 'node:fs';
import { basename, join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { openSession } from '../lab/workspace.ts';
import { makeTree } from '../lab/tree.ts';

const ROOT = '/sessions/work/mnt';
const reason = 'to sort invoices';
const ask = 'request_cowork_directory';

describe('a folder that is asked for', () => {
  test('is used at once, with what is mounted already, and asked about once', async () => {
    const [first, second] = [makeTree(), makeTree()];
    writeFileSync(join(second, 'a'), 'one');
    writeFileSync(join(second, '.env'), 'secret');
    const questions: string[] = [];
    const person = (question: string) => {
      questions.push(question);
      return 'once' as const;
    };
    const call = await openSession([`first=${first}`], { person });
    await call('Write', { file_path: `${ROOT}/first/a`, content: 'x' });
    const at = `${ROOT}/${basename(second)}`;
    expect((await call(ask, { path: second, reason })).text).toBe(`Mounted at ${at} (read and write).`);
    expect(questions).toHaveLength(1);
    expect(questions[0]).toContain(second);
    expect(questions[0]).toContain(reason);
    await call('Edit', { file_path: `${at}/a`, old_string: 'one', new_string: 'two' });
    expect(readFileSync(join(second, 'a'), 'utf8')).toBe('two');
    expect((await call('Read', { file_path: `${at}/.env` })).code).toBe('no_access');
    await call('undo');
    expect(readFileSync(join(second, 'a'), 'utf8')).toBe('one');
    mkdirSync(join(second, 'in'));
    expect((await call(ask, { path: join(second, 'in'), reason })).text).toBe(
      `It is there already, at ${at}/in (read and write).`,
    );
    expect(questions).toHaveLength(1);
  });

  test('can be the first one, and read-only', async () => {
    const folder = makeTree();
    writeFileSync(join(folder, 'a'), 'one');
    const call = await openSession([], { person: () => 'once' });
    for (const tool of ['list_mounts', 'Glob', 'Grep'])
      expect((await call(tool, { pattern: '*' })).text).toMatch(
        /^No folder is mounted\. Ask for one with req/,
      );
    await call('Glob', { pattern: '*' });
    const at = `${ROOT}/${basename(folder)}`;
    expect((await call(ask, { path: folder, access: 'ro', reason })).code).toBeNull();
    expect((await call('Read', { file_path: `${at}/a` })).code).toBeNull();
    expect((await call('Write', { file_path: `${at}/b`, content: 'x' })).code).toBe('read_only');
  });

  test('stays the person’s when they say no, or nobody can be asked', async () => {
    const folder = makeTree();
    const no = await openSession([], { person: () => 'deny' });
    expect((await no(ask, { path: folder, reason })).code).toBe('denied_by_person');
    expect((await no('list_mounts')).text).toMatch(/^No folder/);
    const nobody = await openSession([]);
    expect((await nobody(ask, { path: folder, reason })).code).not.toBeNull();
    expect((await nobody(ask, { reason })).code).toBe('path_needed');
    const declines = await openSession([], { approvals: 'decline', person: () => 'once' });
    expect((await declines(ask, { path: folder, reason })).code).not.toBeNull();
    expect((await declines('list_mounts')).text).toMatch(/^No folder/);
  });

  test('is remembered when the person says so, with the rights that they gave', async () => {
    const [folder, state] = [makeTree(), join(makeTree(), 'state')];
    const first = await openSession([], { home: state, person: () => 'always' });
    expect((await first(ask, { path: folder, access: 'ro', reason })).code).toBeNull();
    const second = await openSession([], { home: state });
    expect((await second(ask, { path: folder, access: 'ro', reason })).code).toBeNull();
    const third = await openSession([], { home: state });
    expect((await third(ask, { path: folder, access: 'rw', reason })).code).not.toBeNull();
  });

  test('is never the system, a store of secrets or what leads to one, and nobody is asked', async () => {
    const folder = makeTree();
    mkdirSync(join(folder, '.ssh'));
    symlinkSync('/etc', join(folder, 'etc'));
    symlinkSync('.ssh', join(folder, 'keys'));
    const questions: string[] = [];
    const person = (question: string) => {
      questions.push(question);
      return 'once' as const;
    };
    const call = await openSession([], { person });
    for (const path of [
      '/',
      '/etc',
      '/home',
      `${folder}/.ssh`,
      `${folder}/etc`,
      `${folder}/keys`,
      `${folder}/../..`,
    ]) {
      expect([path, (await call(ask, { path, reason })).code]).toEqual([path, 'folder_refused']);
    }
    expect((await call(ask, { path: `${folder}/nothing`, reason })).code).toBe('folder_missing');
    expect((await call(ask, { path: 'relative', reason })).code).toBe('folder_missing');
    expect(questions).toEqual([]);
    expect(existsSync(join(folder, '.ssh'))).toBe(true);
    expect((await call(ask, { path: folder, reason })).code).toBeNull();
  });
});
