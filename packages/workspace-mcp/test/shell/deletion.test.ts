import { existsSync, mkdirSync, symlinkSync, truncateSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
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
  return { folder, questions, says, isThere, bash: (command: string) => call('Bash', { command }) };
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
