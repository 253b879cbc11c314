import { describe, expect, test } from 'vitest';
import { decide, resourceSchema, type Resource, type Rule, type Wanted } from '../src/index.ts';

const folder = (path: string, access: 'ro' | 'rw' = 'rw') => ({ kind: 'folder', path, access }) as const;
const command = (rule: string) => ({ kind: 'command', rule }) as const;
const run = (...argv: readonly string[]) => ({ kind: 'command', argv }) as const;
const origin = (pattern: string) => ({ kind: 'origin', pattern }) as const;
const at = (url: string) => ({ kind: 'origin', origin: url }) as const;
const tool = (name: string, server?: string) =>
  ({ kind: 'tool', name, ...(server === undefined ? {} : { server }) }) as const;
const app = (name: string) => ({ kind: 'app', app: name }) as const;

type Row = readonly [Resource, Wanted, allows: boolean, restricts: boolean];

const table: readonly Row[] = [
  [app('linux:/a'), app('linux:/a'), true, true],
  [app('linux:/a'), app('linux:/ab'), false, false],
  [app('linux:/a'), folder('/a'), false, false],

  [folder('/srv/data'), folder('/srv/data'), true, true],
  [folder('/srv/data/'), folder('/srv//data/x.txt'), true, true],
  [folder('/srv/data'), folder('/srv/database'), false, false],
  [folder('/srv/data'), folder('/srv'), false, true],
  [folder('/'), folder('/etc'), true, true],
  [folder('/srv', 'ro'), folder('/srv/a', 'ro'), true, true],
  [folder('/srv', 'ro'), folder('/srv/a', 'rw'), false, true],
  [folder('/srv', 'rw'), folder('/srv/a', 'ro'), true, false],
  [folder('/srv/Data'), folder('/srv/data'), false, true],
  [folder('/srv/Data'), folder('/srv/database'), false, false],
  [folder('/srv/caf\u00e9'), folder('/srv/cafe\u0301/x'), false, true],
  [folder('/srv/data'), folder('/srv/data/', 'ro'), true, false],
  [folder('C:\\Data'), folder('c:/data/x'), true, true],

  [command('npm run *'), run('npm', 'run', 'build'), true, true],
  [command('npm run *'), run('npm', 'run'), true, true],
  [command('npm run *'), run('npm', 'run', 'build', '--', '-v'), true, true],
  [command('npm run *'), run('npm', 'runs'), false, false],
  [command('npm run *'), run('npm', 'run build'), false, false],
  [command('npm test'), run('npm', 'test', '-u'), false, false],
  [command('rm *'), run('/bin/rm', '-rf', '/'), false, true],
  [command('rm *'), run('C:\\bin\\rm', 'x'), false, true],
  [command('rm *'), run('FOO=1', 'rm', 'x'), false, true],
  [command('rm *'), run('env', '-i', 'FOO=1', 'rm', 'x'), false, true],
  [command('rm *'), run('env', '-S', 'rm x'), false, true],
  [command('rm *'), run('/usr/bin/busybox', 'rm', 'x'), false, true],
  [command('rm *'), run('sudo', '-u', 'root', 'nice', '/bin/rm', 'x'), false, true],
  [command('rm *'), run('sh', '-c', "cd /; 'r'm -rf x"), false, true],
  [command('rm *'), run('bash', '-c', 'echo $(/bin/rm x)'), false, true],
  [command('rm *'), run('C:\\bin\\RM.EXE', 'x'), false, true],
  [command('rm *'), run('echo', 'rm', 'x'), false, false],
  [command('rm *'), run('env', 'echo', 'remove'), false, false],
  [command('*'), run('anything', 'at all'), true, true],
  [command('*'), run(), false, true],

  [origin('https://example.com'), at('https://example.com'), true, true],
  [origin('https://Example.com:443'), at('https://example.com/path?q'), true, true],
  [origin('https://example.com'), at('http://example.com'), false, false],
  [origin('https://example.com'), at('https://example.com:8443'), false, false],
  [origin('https://example.com'), at('https://www.example.com'), false, false],
  [origin('https://example.com'), at('https://example.com.evil.org'), false, false],
  [origin('https://example.com'), at('https://example.com@evil.org'), false, false],
  [origin('https://example.com'), at('https://example.com.'), false, true],
  [origin('https://example.com.'), at('https://example.com'), false, true],
  [origin('https://example.com'), at('blob:https://example.com/1'), false, true],
  [origin('https://example.com'), at('blob:https://example.org/1'), false, false],
  [origin('https://*.example.com'), at('https://a.b.example.com'), true, true],
  [origin('https://*.example.com'), at('https://example.com'), true, true],
  [origin('https://*.example.com'), at('https://badexample.com'), false, false],
  [origin('https://bücher.example'), at('https://xn--bcher-kva.example'), true, true],
  [origin('http://localhost:*'), at('http://localhost:5173'), true, true],
  [origin('http://[::1]:8080'), at('http://[::1]:8080'), true, true],
  [origin('https://example.com'), at('null'), false, false],
  [origin('https://example.com'), at('data:text/html,https://example.com'), false, false],

  [tool('read_file', 'files'), tool('read_file', 'files'), true, true],
  [tool('read_file', 'files'), tool('read_file', 'rogue'), false, false],
  [tool('read_file'), tool('read_file'), true, true],
  [tool('read_file'), tool('read_file', 'rogue'), false, true],
  [tool('*', 'files'), tool('write_file', 'files'), true, true],
  [tool('read', 'files'), tool('read_file', 'files'), false, false],
];

describe('a rule', () => {
  test.each(table)('%j for %j allows: %s, restricts: %s', (resource, wanted, allows, restricts) => {
    const verdictOf = (decision: Rule['decision']) => decide([{ resource, decision }], wanted).decision;
    expect(resourceSchema.safeParse(resource).success).toBe(true);
    expect(verdictOf('allow')).toBe(allows ? 'allow' : 'unset');
    expect(verdictOf('ask')).toBe(restricts ? 'ask' : 'unset');
    expect(verdictOf('deny')).toBe(restricts ? 'deny' : 'unset');
  });
});

describe('rules together', () => {
  const allow = { resource: command('git *'), decision: 'allow' } as const;
  const ask = { resource: command('git push *'), decision: 'ask' } as const;
  const deny = { resource: command('git push --force *'), decision: 'deny' } as const;

  test('deny beats ask beats allow, in whatever order they stand', () => {
    for (const rules of [
      [allow, ask, deny],
      [deny, ask, allow],
      [ask, deny, allow],
    ]) {
      expect(decide(rules, run('git', 'push', '--force', 'origin'))).toEqual({ decision: 'deny', by: deny });
      expect(decide(rules, run('git', 'push', 'origin'))).toEqual({ decision: 'ask', by: ask });
      expect(decide(rules, run('git', 'log'))).toEqual({ decision: 'allow', by: allow });
      expect(decide(rules, run('ls'))).toEqual({ decision: 'unset' });
    }
  });

  test('a folder inside an allowed one can be denied, also to who wants the whole', () => {
    const rules: readonly Rule[] = [
      { resource: folder('/home/ada'), decision: 'allow' },
      { resource: folder('/home/ada/.ssh', 'ro'), decision: 'deny' },
    ];
    expect(decide(rules, folder('/home/ada/notes')).decision).toBe('allow');
    expect(decide(rules, folder('/home/ada/.ssh/id', 'ro')).decision).toBe('deny');
    expect(decide(rules, folder('/home/ada', 'ro')).decision).toBe('deny');
  });
});

describe('a resource is malformed', () => {
  const malformed: readonly unknown[] = [
    folder('data'),
    folder('/srv/../etc'),
    folder('/srv/\0'),
    { kind: 'folder', path: '/srv', access: 'wo' },
    command(''),
    command('npm  run'),
    command(' npm'),
    command('npm run*'),
    command('* run'),
    origin('example.com'),
    origin('https://'),
    origin('https://*'),
    origin('https://a.*.com'),
    origin('https://example.com/path'),
    origin('https://ada@example.com'),
    origin('https://example.com:80:*'),
    origin('file:///etc'),
    tool(''),
    { kind: 'calendar', id: 'x' },
  ];
  test.each(malformed)('%j', (resource) => {
    expect(resourceSchema.safeParse(resource).success).toBe(false);
  });
});
