import { openGrantStore } from '@deskhand/grants';
import { mkdirSync, readdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { makeTree } from '../lab/tree.ts';
import { openSession, type Person } from '../lab/workspace.ts';

const matching = (form: RegExp): unknown => expect.stringMatching(form);

/** A session whose person says what `answers` says, with a folder `build` that has three files. */
async function openShell(options: Record<string, unknown> = {}) {
  const folder = makeTree();
  mkdirSync(join(folder, 'build/deep'), { recursive: true });
  for (const name of ['a', 'b', 'deep/c']) writeFileSync(join(folder, 'build', name), 'x'.repeat(500));
  const questions: string[] = [];
  const says: { answer: ReturnType<Person> } = { answer: 'deny' };
  const person: Person = (question) => {
    questions.push(question);
    return says.answer;
  };
  const call = await openSession([`work=${folder}`], { person, ...options });
  const bash = (command: string, more: Record<string, unknown> = {}) => call('Bash', { command, ...more });
  return { folder, questions, says, call, bash };
}

describe('a command that may destroy something', () => {
  test('runs only when the person says so, who is shown it, its folder, the reason and what would go', async () => {
    const { folder, questions, says, bash } = await openShell();
    const refused = await bash('rm -rf build', { description: 'clean <b>up</b>' });
    expect(refused).toMatchObject({ code: 'denied_by_person' });
    expect(readdirSync(folder)).toEqual(['build']);
    for (const part of [
      'Command: rm -rf build\n',
      'In: /sessions/work/mnt/work\n',
      'Would be lost: 3 files, 1.5 kB, 3 of them changed today\n',
      'Warning: it deletes "build"',
      'unchecked: “clean up”',
    ])
      expect(questions[0]).toContain(part);
    says.answer = 'once';
    expect((await bash('rm -r ./build')).code).toBe(null);
    expect(readdirSync(folder)).toEqual([]);
    await bash('mkdir build');
    expect((await bash('rm -r ./build')).code).toBe(null);
    expect(questions).toHaveLength(3);
  });

  test('is not asked about again in the session when the person said so, and anew in another', async () => {
    const { bash, says, questions } = await openShell();
    says.answer = 'session';
    const twice = 'rm -rf build && mkdir build';
    expect((await bash(twice)).code).toBe(null);
    expect((await bash(twice)).code).toBe(null);
    expect(questions).toHaveLength(1);
    // not the same in another folder, or with more behind it
    await bash('mkdir -p sub/build; cd sub');
    says.answer = 'deny';
    expect((await bash(twice)).code).toBe('denied_by_person');
    expect((await bash(twice)).code).toBe('denied_recently');
  });

  test('is not asked about again where the session goes on in another process, when it has a name', async () => {
    const home = join(makeTree(), 'state');
    const named = { home, name: 'mine', isNamed: true };
    const first = await openShell(named);
    first.says.answer = 'session';
    expect((await first.bash('rm -rf build')).code).toBe(null);
    await first.call.leave();
    const again = await openShell(named);
    expect((await again.bash('rm -rf build')).code).toBe(null);
    expect(again.questions).toEqual([]);
    const other = await openShell({ ...named, name: 'other' });
    for (const forged of [{ session: 'mine' }, { _meta: { 'deskhand/session': 'mine' } }])
      expect((await other.bash('rm -rf build', forged)).code).toMatch(/^denied_/);
    expect(other.questions).toHaveLength(1);
    const store = await openGrantStore({ home });
    await store.endSession('mine');
    store.close();
    expect((await again.bash('mkdir build; rm -rf build')).code).toBe('denied_by_person');
    const recreated = await openShell(named);
    expect((await recreated.bash('rm -rf build')).code).toBe('denied_by_person');
    expect(recreated.questions).toHaveLength(1);
  });

  test('is kept as a rule when the person allows it for good', async () => {
    const home = join(makeTree(), 'state');
    const first = await openShell({ home });
    first.says.answer = 'always';
    expect((await first.bash('rm -rf build')).code).toBe(null);
    const second = await openShell({ home });
    expect((await second.bash('timeout 5 rm -rf build')).code).toBe(null);
    expect(second.questions).toEqual([]);
    expect((await second.bash('rm -rf build/../build')).code).toBe('denied_by_person');
    expect((await second.bash('sudo rm -rf build')).code).toBe('denied_by_person');
  });

  test('waits for a terminal where nobody can be asked, and is too long to ask about when it is', async () => {
    const { bash } = await openShell({ person: () => null });
    expect(await bash('rm -rf build')).toMatchObject({
      code: 'nobody_to_ask',
      text: matching(/deskhand-grants .* answer [0-9a-f]{12} allow/),
    });
    expect((await bash(`rm -rf build${' '.repeat(2_500)}x`)).code).toBe('too_long_to_ask');
    const declining = await openShell({ approvals: 'decline' });
    expect((await declining.bash('rm -rf build')).code).toBe('denied_by_person');
    expect((await declining.bash('ls build')).code).toBe(null);
  });
});

describe('what the shell is', () => {
  test('counts: a variable, a function, an alias and a folder of earlier commands', async () => {
    const { bash, folder, says } = await openShell();
    says.answer = 'once';
    await bash('D=/sessions/work/mnt/work; gone() { rm -rf "$1"; }; alias ll=\'rm -rf\'; export HOME=$D');
    for (const command of ['rm -rf "$D"', 'gone "$D"', 'll /sessions/work/mnt/work', 'rm -rf ~'])
      expect([command, (await bash(command)).code]).toEqual([command, 'command_denied']);
    await bash('cd ..');
    expect((await bash('rm -rf ./work')).code).toBe('command_denied');
    await bash('cd work; D=build/a');
    expect((await bash('rm "$D"')).code).toBe(null);
    expect(readdirSync(join(folder, 'build')).toSorted()).toEqual(['b', 'deep']);
  });

  test('runs nothing between commands that was not decided about', async () => {
    const { bash, says, folder } = await openShell();
    for (const command of [
      "PROMPT_COMMAND='rm -rf build'",
      "shopt -s promptvars; PS1='$(rm -rf build)'",
      "PS0='`rm -rf build`'",
      "alias while='rm -rf build; while'",
      'PATH=/sessions/work/mnt/work:$PATH',
      'BASH_ENV=x; export BASH_ENV',
    ])
      expect([command, (await bash(command)).code]).toEqual([command, 'denied_by_person']);
    expect((await bash("PS1='(venv) '; alias ll='ls -l'; X=1; export X")).code).toBe(null);
    says.answer = 'once';
    // also when a file that the person allowed to be run sets it
    writeFileSync(join(folder, 'rc'), "PS1='$(rm -rf build)'\nPROMPT_COMMAND='rm -rf build'\n");
    await bash('. ./rc; exit 0');
    await bash('true');
    expect(readdirSync(folder).toSorted()).toEqual(['build', 'rc']);
  });

  test('counts after a shell that ended, and in one that has its place', async () => {
    const { bash, says } = await openShell();
    says.answer = 'once';
    await bash('cd ..; f() { rm -rf "$@"; }; exit 0');
    expect((await bash('f work')).code).toBe('command_denied');
    await bash('cd work; sleep 100', { timeout: 0 });
    expect((await bash('f /sessions/work/mnt/work')).code).toBe('command_denied');
  });
});

test('a catastrophe is never run, whoever allows it, and what would do is said', async () => {
  const { bash, questions } = await openShell({ approve: 'never-in-sandbox', person: () => 'always' });
  expect(await bash('cd /; rm -rf "$HOME"/../..')).toMatchObject({
    code: 'command_denied',
    text: matching(/one level below/),
  });
  expect((await bash(':(){ :|:& };:')).code).toBe('command_denied');
  expect((await bash('rm -rf build')).code).toBe(null);
  expect(questions).toEqual([]);
});

test('every command is asked about when the person wants that', async () => {
  const { bash, questions, says } = await openShell({ approve: 'always' });
  expect((await bash('ls')).code).toBe('denied_by_person');
  says.answer = 'session';
  expect((await bash('pwd')).code).toBe(null);
  expect((await bash('pwd')).code).toBe(null);
  expect(questions).toHaveLength(2);
});

test('what is typed into a shell or an interpreter is decided about too', async () => {
  const { bash, call, says, folder } = await openShell();
  says.answer = 'once';
  const shell = await bash('bash');
  says.answer = 'deny';
  const bash_id = /bash_\d+/.exec(shell.text)?.[0] ?? '';
  expect((await call('BashInput', { bash_id, text: 'rm -rf /sessions/work/mnt/work' })).code).toBe(
    'command_denied',
  );
  expect((await call('BashInput', { bash_id, text: 'rm -rf build' })).code).toBe('denied_by_person');
  expect((await call('BashInput', { bash_id, text: 'echo typed' })).text).toContain('> typed');
  expect(readdirSync(folder)).toEqual(['build']);
});
