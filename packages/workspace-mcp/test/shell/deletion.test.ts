import { existsSync, mkdirSync, readFileSync, symlinkSync, truncateSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { makeTree } from '../lab/tree.ts';
import { openSession, type Person } from '../lab/workspace.ts';

const MIB = 1024 ** 2;

async function openShell(options: Record<string, unknown> = {}) {
  const folder = makeTree();
  mkdirSync(join(folder, 'app/node_modules/a'), { recursive: true });
  writeFileSync(join(folder, 'app/node_modules/a/index.js'), 'x'.repeat(1_000));
  writeFileSync(join(folder, 'app/main.js'), 'x');
  writeFileSync(join(folder, 'small.bin'), 'x');
  writeFileSync(join(folder, 'large.bin'), '');
  truncateSync(join(folder, 'large.bin'), 300 * MIB);
  const questions: string[] = [];
  const says: { answer: ReturnType<Person> } = { answer: 'deny' };
  const person: Person = (question) => {
    questions.push(question);
    return says.answer;
  };
  const call = await openSession([`work=${folder}`], { person, ...options });
  const isThere = (name: string) => existsSync(join(folder, name));
  return { folder, call, questions, says, isThere, bash: (command: string) => call('Bash', { command }) };
}

test('what no checkpoint holds is deleted only when the person gives just that, and the rest as ever', async () => {
  const { questions, says, isThere, bash, folder } = await openShell();
  expect((await bash('rm small.bin')).text).toContain('kept as step 1');
  expect(questions).toEqual([]);
  const refused = await bash('rm large.bin');
  expect([refused.code, isThere('large.bin')]).toEqual(['denied_by_person', true]);
  expect(questions[0]).toContain(
    `No checkpoint holds: ${folder}/large.bin, 1 file, 314.6 MB: it has more than 256 MiB`,
  );
  expect(questions[0]).toContain(`allowed to delete, with no way back: ${folder}/large.bin`);
  says.answer = 'once';
  expect((await bash('rm ./large.bin')).code).toBe(null);
  expect([isThere('large.bin'), questions.length]).toEqual([false, 2]);
});

test('of what a pattern means that is too much to be looked through, no mode lets any go', async () => {
  const { questions, says, isThere, bash, folder } = await openShell({ approve: 'never-in-sandbox' });
  for (let link = 0; link < 100; link += 1) symlinkSync('.', join(folder, `l${link}`));
  expect((await bash('rm l*/l*/l*/large.bi[n]')).code).toBe('denied_by_person');
  expect(questions[0]).toContain('it is more than can be looked through');
  expect((await bash('rm smal[l].bin')).code).toBe(null);
  expect([isThere('large.bin'), isThere('small.bin'), questions.length]).toEqual([true, false, 1]);
  says.answer = 'once';
  expect((await bash('rm large.bi[n]')).code).toBe(null);
  expect([isThere('large.bin'), questions.length]).toEqual([false, 2]);
});

test('no mode and no rule about commands lets it go, and a grant for the place does', async () => {
  const policy = join(makeTree(), 'policy.yaml');
  writeFileSync(policy, 'permissions: {allow: ["Bash(rm:*)"]}');
  const { questions, says, isThere, bash, folder } = await openShell({ policy, approve: 'never-in-sandbox' });
  expect((await bash('rm -rf app/node_modules/a/../a')).code).toBe(null);
  mkdirSync(join(folder, 'app/node_modules/b'));
  writeFileSync(join(folder, 'app/node_modules/b/index.js'), 'y');
  expect((await bash('rm -rf app')).code).toBe('denied_by_person');
  expect(isThere('app/main.js')).toBe(true);
  expect(questions).toHaveLength(1);
  expect(questions[0]).toContain(`${folder}/app/node_modules, 1 file, 1 bytes: programs make it again`);
  says.answer = 'session';
  expect((await bash('cd . && rm -rf app')).code).toBe(null);
  expect(isThere('app')).toBe(false);
  mkdirSync(join(folder, 'app/node_modules'), { recursive: true });
  expect((await bash('rm -rf ./app')).code).toBe(null);
  expect(questions).toHaveLength(2);
});

test('a grant for a place answers the question whether it is deleted at all, there and nowhere else', async () => {
  const { questions, says, bash, folder } = await openShell();
  says.answer = 'session';
  expect((await bash('rm -rf app/node_modules')).code).toBe(null);
  mkdirSync(join(folder, 'app/node_modules'));
  expect((await bash('rm -rf app/node_modules && ls')).code).toBe(null);
  expect(questions).toHaveLength(1);
  says.answer = 'deny';
  expect((await bash('rm -rf app')).code).toBe('denied_by_person');
});

describe('a name that is no text', () => {
  /** With a byte for each character. */
  const raw = (folder: string, name: string) => Buffer.from(join(folder, name), 'latin1');

  async function openStrange() {
    const lab = await openShell();
    const names = [
      'one\xe9.txt',
      'bad1\xff.txt',
      'bad2.txt',
      'caf\xc3\xa9.txt',
      'd\xe9r/inner.txt',
      'd/i\xe9.txt',
    ];
    for (const name of ['d', 'd\xe9r']) mkdirSync(raw(lab.folder, name));
    for (const name of names) writeFileSync(raw(lab.folder, name), name, 'latin1');
    const held = () => names.filter((name) => existsSync(raw(lab.folder, name)));
    const undo = async () => (await lab.call('undo')).text;
    lab.says.answer = 'once';
    return { ...lab, names, held, undo };
  }

  test.each([
    ['as a shell quotes it', String.raw`rm $'one\xe9.txt'`, ['one\xe9.txt']],
    ['in octal', String.raw`rm $'one\351.txt'`, ['one\xe9.txt']],
    ['as a text of bytes', String.raw`rm $'caf\303\251.txt'`, ['caf\xc3\xa9.txt']],
    ['as a text', 'rm café.txt', ['caf\xc3\xa9.txt']],
    ['out of a variable', String.raw`name=$'one\xe9.txt'; rm "$name"`, ['one\xe9.txt']],
    ['printed', String.raw`rm "$(printf 'one\351.txt')"`, ['one\xe9.txt']],
    ['in a folder of such a name', String.raw`cd $'d\xe9r' && rm inner.txt`, ['d\xe9r/inner.txt']],
    ['beside a plain one', String.raw`cp bad2.txt $'one\xe9.txt' && rm bad2.txt`, ['bad2.txt']],
  ])('is kept before it goes, %s', async (_, command, gone) => {
    const { bash, names, held, undo, folder, questions } = await openStrange();
    expect((await bash(command)).text).toContain('step 1');
    expect(held()).toEqual(names.filter((name) => !gone.includes(name)));
    await undo();
    expect(names.map((name) => readFileSync(raw(folder, name), 'latin1'))).toEqual(names);
    expect(questions).toEqual([]);
  });

  test.each([
    [String.raw`rm -r $'d\xe9r'`, '1 file, 13 bytes', ['d\xe9r/inner.txt']],
    ['rm -r d', '1 file, 8 bytes', ['d/i\xe9.txt']],
    ['rm bad*.txt', '2 files, 17 bytes', ['bad1\xff.txt', 'bad2.txt']],
    [String.raw`rm -r $'d\xe9'*`, '1 file, 13 bytes', ['d\xe9r/inner.txt']],
  ])('is counted before a person is asked about %s, and comes back', async (command, count, gone) => {
    const { bash, names, held, undo, folder, questions } = await openStrange();
    expect((await bash(command)).text).toContain('step 1');
    expect(questions[0]).toContain(`Would be lost: ${count}`);
    expect(held()).toEqual(names.filter((name) => !gone.includes(name)));
    expect(await undo()).toContain('back again: ');
    expect(names.map((name) => readFileSync(raw(folder, name), 'latin1'))).toEqual(names);
  });

  test('is where the next command is judged, too, and is shown as a shell takes it', async () => {
    const { bash, names, held, undo } = await openStrange();
    expect((await bash(String.raw`cd $'d\xe9r'`)).text).toMatch(/\/work\/d\\xe9r\. /);
    expect((await bash('rm inner.txt')).text).toContain('step 1');
    expect(held()).toHaveLength(names.length - 1);
    expect(await undo()).toContain(String.raw`back again: /sessions/work/mnt/work/d\xe9r/inner.txt`);
    expect(held()).toEqual(names);
  });

  test('is asked about where no checkpoint holds it', async () => {
    const { bash, says, folder, questions } = await openStrange();
    says.answer = 'deny';
    writeFileSync(raw(folder, 'large\xe9'), '');
    truncateSync(raw(folder, 'large\xe9'), 300 * MIB);
    expect((await bash(String.raw`rm $'large\xe9'`)).code).toBe('denied_by_person');
    expect(questions[0]).toContain(String.raw`No checkpoint holds: ${folder}/large\xe9, 1 file, 314.6 MB`);
  });
});
