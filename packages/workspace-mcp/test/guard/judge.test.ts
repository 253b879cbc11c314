import { spawnSync } from 'node:child_process';
import { parse } from 'unbash';
import { describe, expect, test } from 'vitest';
import { judge, scopeOf } from '../../src/guard/judge.ts';
import type { Surroundings } from '../../src/guard/scope.ts';
import { Written } from '../../src/guard/written.ts';
import { agentCommands } from './agent-commands.ts';
import { commands } from './commands.ts';
import { everyday } from './everyday.ts';

const surroundings: Surroundings = {
  cwd: '/sessions/s/mnt/work/app',
  home: '/home/agent',
  mounts: ['/sessions/s/mnt/work', '/sessions/s/mnt/out'],
  variables: { PATH: '/usr/bin:/bin', IFS: ' \t\n' },
};

test('there are enough commands of each kind', () => {
  const counts = (['allow', 'ask', 'deny'] as const).map(
    (decision) => commands.filter(([expected]) => expected === decision).length,
  );
  expect(Math.min(...counts)).toBeGreaterThan(40);
  expect(commands.length).toBeGreaterThanOrEqual(150);
});

test.each(commands)('%s: %s', (expected, command) => {
  const { decision, reasons } = judge(command, surroundings);
  expect({ decision, reasons: decision === expected ? [] : reasons }).toEqual({
    decision: expected,
    reasons: [],
  });
});

test('of a hundred everyday commands fewer than ten are asked about, and none is denied', () => {
  const decisions = everyday.map((command) => judge(command, surroundings).decision);
  expect(everyday).toHaveLength(100);
  expect(everyday.filter((_, index) => decisions[index] === 'ask')).toEqual([
    'git fetch origin',
    'git push origin feature/x',
    'npm install',
    'npx tsc --noEmit',
    'docker compose ps',
    'rm -rf dist',
  ]);
  expect(decisions).not.toContain('deny');
});

test('of what agents run, at least 300 commands, fewer than ten in a hundred are asked about', () => {
  const all = [...everyday, ...agentCommands];
  expect(new Set(all).size).toBe(all.length);
  expect(all.length).toBeGreaterThanOrEqual(300);
  const asked = all.filter((command) => judge(command, surroundings).decision !== 'allow');
  expect(asked.length / all.length, asked.join('\n')).toBeLessThan(0.07);
  expect(all.map((command) => judge(command, surroundings).decision)).not.toContain('deny');
});

test('what bash takes for a script is one for the parser, and nothing else is', () => {
  const scripts = [...commands.map(([, command]) => command), ...everyday];
  const differing = scripts.filter((script) => {
    const isOfBash = spawnSync('bash', ['-n'], { input: script }).status === 0;
    return isOfBash !== ((parse(script).errors?.length ?? 0) === 0);
  });
  expect(differing).toEqual([]);
});

describe('a verdict', () => {
  test('says why, and what would do instead', () => {
    expect(judge('ls; rm -rf ~; rm -rf build', surroundings)).toMatchObject({
      decision: 'deny',
      reasons: ['it deletes everything in "/home/agent"'],
      instead: ['Name the files and folders that are to go, one level below it or deeper.'],
      changes: true,
      asks: [{ reason: 'it deletes "build"', within: [['rm', '-rf', 'build']] }],
      commands: [['ls'], ['rm', '-rf', '/home/agent'], ['rm', '-rf', 'build']],
    });
  });

  test('says whether files of the person may change', () => {
    expect(judge('ls -la | head', surroundings).changes).toBe(false);
    expect(judge('rm -rf /tmp/x', surroundings).changes).toBe(false);
    expect(judge('echo x > notes', surroundings).changes).toBe(true);
    expect(judge('npm test', surroundings).changes).toBe(true);
  });

  test.each([
    ['mv a.txt b.txt', ['a.txt', 'b.txt']],
    ['mv a.txt b.txt docs/', ['a.txt', 'b.txt', 'docs/a.txt', 'docs/b.txt']],
    ['mv -t docs a.txt', ['a.txt', 'docs/a.txt']],
    ['cp /tmp/x .', ['x']],
    ['cp --target-directory=docs /tmp/x', ['docs/x']],
    ['cp a.txt b.txt', ['b.txt']],
    ["perl -i.bak -pe 's/a/b/' x y", ['x', 'y']],
    ['awk \'{ print > "out.txt" }\' x', ['out.txt']],
    ['git checkout HEAD~1 -- src/a.ts', ['src/a.ts']],
    ['git checkout main src/a.ts', ['src/a.ts']],
    ['git checkout main', []],
    ['mv /tmp/a /tmp/b', []],
  ])('says what is replaced, so that it can be kept first: %s', (command, paths) => {
    const { decision, goes } = judge(command, surroundings);
    expect(decision).toBe('allow');
    expect(goes.map(({ path }) => path)).toEqual(paths.map((path) => `${surroundings.cwd}/${path}`));
  });

  test('says that what is moved out of the folders is deleted there', () => {
    expect(judge('mv a.txt /tmp/', surroundings).goes).toMatchObject([{ isRemoved: true }]);
    expect(judge('mv a.txt b.txt', surroundings).goes).toMatchObject([{ isRemoved: false }, {}]);
  });

  test('follows what the shell says of itself, and takes nothing in it for something that runs', () => {
    const state =
      'declare -- D="/"\ndeclare -x E="a\\"b"\ng () \n{ \n    rm -rf "$1"\n}\nalias ll=\'rm -rf\'\nshopt -s extglob\n';
    const known = scopeOf(state, surroundings);
    for (const command of ['rm -rf "$D"', 'g /', 'll /'])
      expect(judge(command, surroundings, known).decision).toBe('deny');
    expect(judge('echo "$D$E"', surroundings, known)).toMatchObject({
      decision: 'allow',
      commands: [['echo', '/a"b']],
    });
    expect(judge('D=/tmp/x; rm -rf "$D"', surroundings, known).decision).toBe('allow');
    expect(judge('rm -rf "/tmp/$RANDOM/../.."', surroundings, known).decision).not.toBe('allow');
    const fixed = scopeOf('declare -rx D="/"', surroundings);
    expect(judge('rm -rf "$D"', surroundings, fixed).decision).toBe('deny');
    expect(judge('export D=/tmp/x; rm -rf "$D"', surroundings, fixed).decision).toBe('ask');
    const broken = scopeOf('declare -- D="', surroundings);
    expect(judge('rm -rf "$D"', surroundings, broken).decision).toBe('ask');
  });

  test('follows what the shell already knows', () => {
    const known = { ...surroundings, variables: { D: '/' }, aliases: { clean: 'rm -rf' } };
    expect(judge('rm -rf "$D"', known).decision).toBe('deny');
    expect(judge('clean /', known).decision).toBe('deny');
    expect(judge('clean /tmp/x', known).decision).toBe('allow');
    expect(judge('rm -rf *', { ...surroundings, cwd: '/sessions/s/mnt/work' }).decision).toBe('deny');
  });

  test('comes for whatever is nested, repeated or long', () => {
    const deep = `${'$('.repeat(60)}ls${')'.repeat(60)}`;
    expect(judge(`echo ${deep}`, surroundings).decision).toBe('ask');
    expect(judge('for a in {1..9}; do for b in 1 2 3; do ls; done; done', surroundings).decision).toBe(
      'allow',
    );
    expect(judge('ls;'.repeat(3_000), surroundings).decision).toBe('allow');
    expect(judge('f() { f; }; f', surroundings).decision).toBe('allow');
    expect(judge('f()'.repeat(3_000), surroundings).decision).toBe('ask');
  });

  test.each([
    ['rm '.repeat(3_000), 'allow'],
    ['-exec rm '.repeat(1_000), 'allow'],
    [`python3 - <<'E'\nos.system('rm ${' '.repeat(9_900)}\nE`, 'ask'],
    [`a=x;${'a=$a$a;'.repeat(30)}rm -rf "$a"`, 'ask'],
    [`a=x;${'a+=$a;'.repeat(30)}echo "$a"`, 'allow'],
    [Array.from({ length: 900 }, (_, at) => `cd a${at};`).join(''), 'allow'],
    [`a="${'while :; do '.repeat(12)}ls${'; done'.repeat(12)}"; ${'$(cat q);'.repeat(300)}`, 'ask'],
  ])('comes soon: %.40s', (command, expected) => {
    const before = performance.now();
    expect(judge(command, surroundings).decision).toBe(expected);
    // one that takes minutes is what is looked for, on a busy machine too
    expect(performance.now() - before).toBeLessThan(30_000);
  });
});

describe('a file that one command writes and another one runs', () => {
  test.each([
    ['deny', "echo 'rm -rf ~' > x.sh; bash x.sh"],
    ['deny', 'cat > x.sh <<E\nrm -rf /\nE\nchmod +x x.sh && ./x.sh'],
    ['deny', "printf 'rm -rf ' > x; printf '~' >> x; sh ./x"],
    ['deny', 'echo \'rm -rf "$1"\' | tee x.sh; sh x.sh ~'],
    ['deny', "{ echo 'cd /'; echo 'rm -rf *'; } > a; cp a b; bash < /dev/null; bash b"],
    ['deny', "echo 'rm -rf ~' > x; mv x sub; sh sub/x"],
    ['deny', "echo 'rm -rf ~' > x.sh; . x.sh"],
    ['deny', 'echo \'import shutil; shutil.rmtree("/")\' > x.py; python3 x.py'],
    ['deny', 'printf \'#!/usr/bin/env python3\\nimport shutil; shutil.rmtree("/")\' > x; chmod +x x; ./x'],
    ['ask', 'base64 -d blob > x.sh; bash x.sh'],
    ['allow', 'echo "npm test" > x.sh; bash x.sh'],
    ['allow', "echo 'rm -rf ~' > notes; cat notes; bash x.sh"],
    ['allow', 'echo "print(1)" > x.py; python3 x.py'],
  ])('is judged by its content: %s, %s', (expected, command) => {
    expect(judge(command, surroundings).decision).toBe(expected);
  });

  test('is so in a later command too, wherever the shell is then', () => {
    const written = new Written();
    expect(judge("echo 'rm -rf ~' > ../x.sh", { ...surroundings, written }).decision).toBe('allow');
    const later = { ...surroundings, cwd: '/sessions/s/mnt/work', written };
    expect(judge('bash x.sh', later).decision).toBe('deny');
    expect(judge('bash y.sh', later).decision).toBe('allow');
  });

  test('that runs itself comes to an end', () => {
    expect(judge("echo 'sh x' > x; sh x", surroundings).decision).toBe('ask');
  });
});
