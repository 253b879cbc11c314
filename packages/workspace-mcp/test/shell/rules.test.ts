import { mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { judge } from '../../src/guard/judge.ts';
import { readPermissions } from '../../src/permissions/policy.ts';
import { decisionOf, type CommandRule } from '../../src/shell/rules.ts';
import { makeTree } from '../lab/tree.ts';
import { openSession } from '../lab/workspace.ts';

function fileOf(permissions: unknown): string {
  const file = join(makeTree(), 'rules.json');
  writeFileSync(file, JSON.stringify({ permissions }));
  return file;
}

const rulesIn = async (file: string): Promise<readonly CommandRule[]> =>
  (await readPermissions(file, { home: '/nonexistent', homedir: '/home/ada' })).commands;

const SURROUNDINGS = {
  cwd: '/sessions/s/mnt/work',
  mounts: ['/sessions/s/mnt/work'],
  home: '/home/agent',
  variables: {},
};

describe('a rule about commands', () => {
  const rules = () =>
    rulesIn(
      fileOf({
        allow: ['Bash(git diff:*)', 'Bash(npm run *)', 'Bash(make)', 'Bash(rm build/*.o)'],
        ask: ['Bash(git push:*)'],
        deny: ['Bash(curl:*)', 'Bash(* --force)'],
      }),
    );
  test.each([
    ['git diff', 'allow'],
    ['git diff --stat a', 'allow'],
    ['git difftool', 'unset'],
    ["git 'diff --stat' a", 'unset'],
    ['npm run build', 'allow'],
    ['make', 'allow'],
    ['make all', 'unset'],
    ['rm build/a.o', 'allow'],
    ['git push origin', 'ask'],
    ['/usr/bin/git push', 'ask'],
    ['git $X', 'ask'],
    ['npm run $X', 'ask'],
    ['npm run --force=$X', 'ask'],
    ['curlew $X', 'ask'],
    ['make "$X"', 'ask'],
    ['curl localhost', 'deny'],
    ['/usr/bin/curl localhost', 'deny'],
    ['git diff --force', 'deny'],
    ['curlew', 'unset'],
  ])('%s: %s', async (command, decision) => {
    const [words = []] = judge(command.replace('$X', '"$(cat x)"'), SURROUNDINGS).commands.filter(
      ([name]) => name !== 'cat',
    );
    expect(decisionOf(await rules(), words)).toBe(decision);
  });

  test('is tried on its own examples when it is read', async () => {
    const rule = {
      rule: 'Bash(git push:*)',
      match: ['git push', 'env X=1 git push -f'],
      not_match: ['git pull'],
    };
    expect(await rulesIn(fileOf({ deny: [rule] }))).toHaveLength(1);
    const missed = fileOf({ deny: [{ ...rule, match: ['git pushy'] }] });
    await expect(rulesIn(missed)).rejects.toThrow('the rule Bash(git push:*) does not match "git pushy"');
    const wrong = fileOf({ deny: [{ ...rule, not_match: ['cd x && git push'] }] });
    await expect(rulesIn(wrong)).rejects.toThrow('matches "cd x && git push", against its own example');
  });

  test('that is none, or in a file that is none, is no rule', async () => {
    for (const broken of [{ allow: ['Write(a)'] }, { allow: ['Bash()'] }, { alow: [] }, 'Bash'])
      await expect(rulesIn(fileOf(broken))).rejects.toThrow(/--policy: .*rules\.json:\d+:\d+ /s);
    await expect(rulesIn(join(makeTree(), 'none'))).rejects.toThrow('--policy: there is no file /');
    expect(await rulesIn(fileOf({}))).toEqual([]);
  });
});

test('rules decide before a person is asked, and no rule allows a catastrophe', async () => {
  const folder = makeTree();
  for (const name of ['build', 'kept']) mkdirSync(join(folder, name));
  const policy = fileOf({ allow: ['Bash(rm -rf:*)'], ask: ['Bash(ls kept)'], deny: ['Bash(touch:*)'] });
  const questions: string[] = [];
  const person = (question: string) => {
    questions.push(question);
    return 'deny' as const;
  };
  const call = await openSession([`work=${folder}`], { person, policy });
  const codeOf = async (command: string) => (await call('Bash', { command })).code;
  expect(await codeOf('ls; timeout 9 rm -rf build')).toBe(null);
  expect(readdirSync(folder)).toEqual(['kept']);
  expect(questions).toEqual([]);
  expect(await codeOf('rm -rf /sessions/work/mnt/work')).toBe('command_denied');
  expect(await codeOf('rm -rf kept; touch x')).toBe('command_denied');
  expect(await codeOf('bash -c "touch x"')).toBe('command_denied');
  expect(await codeOf('ls kept')).toBe('denied_by_person');
  expect(await codeOf('rm -rf kept > "$(cat x)"')).toBe('denied_by_person');
  expect(readdirSync(folder)).toEqual(['kept']);
});

test('what a risky command destroyed comes back by undo, also what it did when it was over', async () => {
  const folder = makeTree();
  mkdirSync(join(folder, 'build/deep'), { recursive: true });
  writeFileSync(join(folder, 'build/deep/a'), 'precious');
  writeFileSync(join(folder, 'notes'), 'old');
  const call = await openSession([`work=${folder}`], { person: () => 'once' });
  const removed = await call('Bash', { command: 'sleep 0.5; rm -rf build', timeout: 0 });
  expect(removed.text).toMatch(/kept as step (\d+), for undo/);
  await call('BashOutput', { bash_id: 'bash_1', timeout: 20_000 });
  expect(readdirSync(folder)).toEqual(['notes']);
  const replaced = await call('Bash', { command: 'echo new > notes' });
  const step = Number(/kept as step (\d+)/.exec(replaced.text)?.[1]);
  expect((await call('undo', { step })).code).toBe(null);
  expect(readFileSync(join(folder, 'notes'), 'utf8')).toBe('old');
  expect((await call('undo', { step: Number(/step (\d+)/.exec(removed.text)?.[1]) })).code).toBe(null);
  expect(readFileSync(join(folder, 'build/deep/a'), 'utf8')).toBe('precious');
  expect((await call('Bash', { command: 'ls; cat notes' })).text).not.toContain('undo');
});

test.each([
  ['by its name', 'echo new > notes'],
  ['by a name that only the run knows', 'for f in *; do echo new > "$f"; done'],
  ['in its place', 'sed -i s/old/new/ notes'],
  ['by what sed writes', 'sed -n "s/old/new/w notes" <<< old'],
  ['out of an archive', 'echo new > /tmp/notes; tar cf /tmp/a.tar -C /tmp notes; tar xf /tmp/a.tar'],
])('what a command replaced %s comes back by undo, though nobody was asked', async (_, command) => {
  const folder = makeTree();
  const notes = join(folder, 'app/notes');
  mkdirSync(join(folder, 'app'));
  writeFileSync(notes, 'old\n');
  const call = await openSession([`work=${folder}`], { person: () => 'deny' });
  await call('Bash', { command: 'cd app' });
  const replaced = await call('Bash', { command });
  expect(readFileSync(notes, 'utf8')).toBe('new\n');
  await call('undo', { step: Number(/kept as step (\d+)/.exec(replaced.text)?.[1]) });
  expect(readFileSync(notes, 'utf8')).toBe('old\n');
});
