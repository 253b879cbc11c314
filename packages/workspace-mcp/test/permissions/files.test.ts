import { existsSync, linkSync, mkdirSync, readFileSync, symlinkSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { openGrantStore, type ResourceOf } from '@deskhand/grants';
import { expect, test } from 'vitest';
import { makeTree } from '../lab/tree.ts';
import { openSession, type Person } from '../lab/workspace.ts';

const ROOT = '/sessions/work/mnt/work';

function makeProject(policy: (folder: string) => object) {
  const folder = makeTree();
  const put = (name: string, content = `inside ${name}\n`) => {
    mkdirSync(join(folder, dirname(name)), { recursive: true });
    writeFileSync(join(folder, name), content);
  };
  for (const name of ['secret/a', 'secret/deep/b', 'x/notes.key', 'locked/a', 'plain', '.env', 'gone/x'])
    put(name);
  linkSync(join(folder, 'x/notes.key'), join(folder, 'twin'));
  symlinkSync('secret', join(folder, 'way'));
  symlinkSync('locked/a', join(folder, 'link'));
  const file = join(makeTree(), 'policy.yaml');
  writeFileSync(file, JSON.stringify({ permissions: policy(folder) }));
  return { folder, put, policy: file };
}

test('what a rule denies is neither read nor written, by any tool or process, through links or other names', async () => {
  const { folder, policy } = makeProject((at) => ({
    deny: [`Read(/${at}/secret/**)`, 'Read(*.key)', 'Edit(locked/**)'],
  }));
  const call = await openSession([`work=${folder}`], { policy });
  const read = async (name: string) => (await call('Read', { file_path: `${ROOT}/${name}` })).code;
  const bash = async (command: string) => call('Bash', { command });
  expect(await read('secret/a')).toBe('denied_by_rule');
  expect(await read('x/../secret/a')).toBe('denied_by_rule');
  // where the kernel hides it already
  for (const name of ['way/a', 'twin']) expect([name, await read(name)]).toEqual([name, 'no_access']);
  for (const name of ['plain', 'locked/a', 'link']) expect([name, await read(name)]).toEqual([name, null]);
  for (const name of ['secret/new', 'new.key', 'locked/new', 'link']) {
    const { code } = await call('Write', { file_path: `${ROOT}/${name}`, content: 'x' });
    expect([name, code]).toEqual([name, 'denied_by_rule']);
  }
  expect((await call('Write', { file_path: `${ROOT}/new`, content: 'x' })).code).toBe(null);
  const edit = { file_path: `${ROOT}/locked/a`, old_string: 'inside', new_string: 'x' };
  expect((await call('Edit', edit)).code).toBe('denied_by_rule');
  expect((await call('Grep', { pattern: 'inside', output_mode: 'content' })).text).not.toMatch(/secret|key/);
  expect((await call('Glob', { pattern: '**' })).text).not.toMatch(/secret|key/);
  expect((await call('Glob', { pattern: '**', path: `${ROOT}/x` })).text).not.toContain('key');
  expect((await call('Grep', { pattern: 'inside', path: `${ROOT}/secret` })).code).toBe('denied_by_rule');
  const cat = await bash(
    'python3 -c "print(open(\'x/notes.key\').read())"; cat way/a twin; cat plain; cd secret',
  );
  expect(cat.text).toContain('inside plain');
  expect(cat.text).not.toMatch(/inside (x|secret)/);
  expect((await bash('ls secret; echo x > locked/b')).code).toBe('denied_by_rule');
  for (const doing of [
    "open('locked/a', 'w')",
    "open('locked/b', 'w')",
    "os.rename('locked', 'x/y')",
    "open('link', 'w')",
  ])
    expect((await bash(`python3 -c "import os; ${doing}"`)).text).toMatch(/Read-only|busy/);
  expect(readFileSync(join(folder, 'locked/a'), 'utf8')).toBe('inside locked/a\n');
  expect(existsSync(join(folder, 'locked/b'))).toBe(false);
});

test('what a rule asks about is opened by the person, for the session and no more', async () => {
  const { folder, policy } = makeProject(() => ({ ask: ['Read(secret/**)', 'Edit(locked/**)'] }));
  const questions: string[] = [];
  const says: { answer: ReturnType<Person> } = { answer: 'deny' };
  const person = (question: string) => {
    questions.push(question);
    return says.answer;
  };
  const call = await openSession([`work=${folder}`], { policy, person });
  const read = async (name: string) => (await call('Read', { file_path: `${ROOT}/${name}` })).code;
  expect(await read('secret/a')).toBe('denied_by_person');
  expect(questions[0]).toContain(`\nSeen by the agent as: ${ROOT}/secret\n`);
  expect(questions[0]).toContain('a rule of yours wants you asked: Read(secret/**)');
  says.answer = 'once';
  expect(await read('secret/deep/b')).toBe('denied_recently');
  const again = await openSession([`work=${folder}`], { policy, person });
  const output = async (command: string) => (await again('Bash', { command })).text;
  expect(await output('python3 -c "open(\'secret/a\')"')).toContain('PermissionError');
  expect((await again('Read', { file_path: `${ROOT}/secret/a` })).code).toBe(null);
  expect((await again('Read', { file_path: `${ROOT}/way/deep/b` })).code).toBe(null);
  expect(questions).toHaveLength(2);
  expect(await output('python3 -c "print(open(\'secret/a\').read())"')).toContain('inside secret/a');
  expect((await again('Grep', { pattern: 'inside', path: ROOT })).text).toContain('secret/deep/b');
  expect((await again('Write', { file_path: `${ROOT}/locked/new`, content: 'x' })).code).toBe(null);
  expect(questions).toHaveLength(3);
  expect(await output("python3 -c \"open('locked/c', 'w')\" && ls locked")).toMatch(/> a\n> c\n> new/);
});

test('an undo does not change what a rule denies, and what is given at a terminal is not asked about again', async () => {
  const home = join(makeTree(), 'state');
  const { folder, policy } = makeProject(() => ({ ask: ['Read(secret)'], deny: ['Edit(plain)'] }));
  const before = await openSession([`work=${folder}`], { home });
  await before('Bash', { command: 'echo agent > plain' });
  await before('Bash', { command: 'echo agent > locked/a' });
  await before.leave();
  const call = await openSession([`work=${folder}`], { home, policy, person: () => null });
  expect((await call('undo', { step: 1 })).code).toBe('denied_by_rule');
  expect((await call('undo', { step: 2 })).code).toBe(null);
  expect(readFileSync(join(folder, 'plain'), 'utf8')).toBe('agent\n');
  const given = async (resource: ResourceOf<'folder' | 'command'>) => {
    const grants = await openGrantStore({ home });
    const draft = { resource, decision: 'allow', scope: 'session', origin: 'person' } as const;
    await grants.add({ ...draft, subject: 'work' }, { shared: true });
    grants.close();
  };
  expect((await call('Bash', { command: 'cat secret/a' })).code).toBe('nobody_to_ask');
  await given({ kind: 'command', rule: 'cat secret/a' });
  await expect
    .poll(async () => (await call('Bash', { command: 'cat secret/a' })).text, { timeout: 20_000 })
    .toContain('inside');
  const other = await openSession([`work=${folder}`], { home, policy, person: () => null });
  expect((await other('Read', { file_path: `${ROOT}/secret/a` })).code).toBe('nobody_to_ask');
  await given({ kind: 'folder', path: join(folder, 'secret'), access: 'ro' });
  await expect
    .poll(async () => (await other('Read', { file_path: `${ROOT}/secret/a` })).code, { timeout: 20_000 })
    .toBe(null);
});

test('what is opened to be read is still not written where a rule denies that', async () => {
  const { folder, policy } = makeProject(() => ({
    ask: ['Read(secret)', 'Read(plain)'],
    deny: ['Edit(secret/deep)', 'Edit(plain)'],
  }));
  const call = await openSession([`work=${folder}`], { policy, person: () => 'once' });
  for (const name of ['secret/a', 'plain'])
    expect((await call('Read', { file_path: `${ROOT}/${name}` })).text).toContain(`inside ${name}`);
  const write = 'python3 -c \'import sys; open(sys.argv[1], "w")\'';
  await call('Bash', { command: `for f in secret/a secret/deep/b plain; do ${write} $f; done` });
  const contents = ['secret/a', 'secret/deep/b', 'plain'].map((name) =>
    readFileSync(join(folder, name), 'utf8'),
  );
  expect(contents).toEqual(['', 'inside secret/deep/b\n', 'inside plain\n']);
});

test('a rule frees a secret that it names, and a folder that is denied whole is not mounted, or read-only', async () => {
  const { folder, policy } = makeProject(() => ({ allow: ['Read(.env)'] }));
  const call = await openSession([`work=${folder}`], { policy });
  expect((await call('Read', { file_path: `${ROOT}/.env` })).text).toContain('inside .env');
  expect((await call('Bash', { command: 'python3 -c "print(open(\'.env\').read())"' })).text).toContain(
    'inside',
  );
  const closed = makeProject((at) => ({ deny: [`Read(/${at})`] }));
  await expect(openSession([`work=${closed.folder}`], { policy: closed.policy })).rejects.toThrow(
    /--mount: the rule Read\(.*\) denies all of/,
  );
  const still = makeProject(() => ({ deny: ['Edit'] }));
  const quiet = await openSession([`work=${still.folder}`], { policy: still.policy });
  expect((await quiet('Write', { file_path: `${ROOT}/new`, content: 'x' })).code).toBe('denied_by_rule');
  expect((await quiet('Bash', { command: "python3 -c \"open('new', 'w')\"" })).text).toContain('Read-only');
  expect((await quiet('Read', { file_path: `${ROOT}/plain` })).code).toBe(null);
});
