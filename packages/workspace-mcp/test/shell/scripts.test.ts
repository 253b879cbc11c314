import { chmodSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { makeTree } from '../lab/tree.ts';
import { openSession } from '../lab/workspace.ts';

const ROOT = '/sessions/work/mnt/work';

async function openShell(policy?: string) {
  const folder = makeTree();
  writeFileSync(join(folder, 'own.sh'), 'rm -rf "$1"; eval "$2"\n');
  writeFileSync(join(folder, 'bad.sh'), '#!/bin/bash\nrm -rf /sessions/work/mnt/work\n');
  mkdirSync(join(folder, 'data'));
  writeFileSync(join(folder, 'data/a'), 'precious');
  const questions: string[] = [];
  const person = (question: string) => {
    questions.push(question);
    return 'deny' as const;
  };
  const call = await openSession([`work=${folder}`], { person, ...(policy !== undefined && { policy }) });
  const write = (name: string, content: string) => call('Write', { file_path: `${ROOT}/${name}`, content });
  const codeOf = async (command: string) => (await call('Bash', { command })).code;
  return { folder, questions, call, write, codeOf };
}

test('what Write wrote is judged by its content when a command runs it', async () => {
  const { questions, write, codeOf, call, folder } = await openShell();
  await write('wipe.sh', 'rm -rf ~\n');
  await write('clean.sh', '#!/usr/bin/env bash\nset -e\nrm -rf data\n');
  await write('fine.sh', 'echo fine; npm test --silent 2>/dev/null || true\n');
  await write('deep.sh', 'cd /; bash sessions/work/mnt/work/wipe.sh\n');
  await write('x.py', 'import shutil\nshutil.rmtree("data")\n');
  await write('y.py', 'xs = [1, 2]\nxs.remove(1)\nprint(xs)\n');
  await write('tools/t.sh', 'rm -rf "$HOME"');
  for (const command of [
    'bash wipe.sh',
    '. ./wipe.sh',
    'sh -x ./wipe.sh',
    'bash deep.sh',
    'env A=1 bash tools/t.sh',
  ])
    expect([command, await codeOf(command)]).toEqual([command, 'command_denied']);
  expect(questions).toEqual([]);
  chmodSync(join(folder, 'clean.sh'), 0o755);
  expect(await codeOf('./clean.sh')).toBe('denied_by_person');
  expect(await codeOf('python3 x.py')).toBe('denied_by_person');
  expect(questions).toHaveLength(2);
  for (const command of ['bash fine.sh', 'source fine.sh', 'python3 y.py', 'cat wipe.sh'])
    expect([command, await codeOf(command)]).toEqual([command, null]);
  await call('Edit', { file_path: `${ROOT}/wipe.sh`, old_string: 'rm -rf ~', new_string: 'echo gone' });
  expect(await codeOf('bash wipe.sh')).toBe(null);
  expect(readFileSync(join(folder, 'data/a'), 'utf8')).toBe('precious');
});

test('what the person wrote runs as it is, but for catastrophes; what cannot be read is asked about', async () => {
  const { questions, write, codeOf, folder } = await openShell();
  await codeOf('true');
  expect(await codeOf('bash own.sh data/none "echo x"')).toBe(null);
  expect(await codeOf('bash bad.sh')).toBe('command_denied');
  expect(questions).toEqual([]);
  await write('long.sh', `# ${'x'.repeat(70_000)}\n`);
  await write('nul.sh', 'echo a\0b');
  for (const command of ['bash long.sh', 'bash nul.sh'])
    expect(await codeOf(command)).toBe('denied_by_person');
  // what a program wrote counts as the agent's too
  await codeOf("python3 -c \"open('made.sh', 'w').write('r' + 'm -rf data')\"");
  expect(await codeOf('bash made.sh')).toBe('denied_by_person');
  expect(readFileSync(join(folder, 'data/a'), 'utf8')).toBe('precious');
});

test('rules about files hold for what commands name, and about commands in scripts of the agent', async () => {
  const policy = join(makeTree(), 'policy.yaml');
  writeFileSync(policy, 'permissions: {ask: ["Read(data/**)"], deny: ["Edit(out/**)", "Bash(touch:*)"]}');
  const { questions, write, codeOf } = await openShell(policy);
  expect(await codeOf('cat data/a')).toBe('denied_by_person');
  expect(questions[0]).toContain('a rule wants a person asked, Read(data/**): a');
  expect(await codeOf('mkdir out')).toBe('denied_by_rule');
  expect(await codeOf('echo x > out/y')).toBe('denied_by_rule');
  expect(await codeOf('echo data/a out/y')).toBe(null);
  await write('t.sh', 'touch x\n');
  expect(await codeOf('bash t.sh')).toBe('command_denied');
});
