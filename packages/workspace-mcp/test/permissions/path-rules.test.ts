import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import type { PathRules } from '../../src/permissions/path-rules.ts';
import { readPermissions } from '../../src/permissions/policy.ts';
import { makeTree } from '../lab/tree.ts';

const HOUSE = { home: '/nonexistent', homedir: '/home/ada' };

async function rulesOf(permissions: string): Promise<PathRules> {
  const file = join(makeTree(), 'policy.yaml');
  writeFileSync(file, `permissions: ${permissions}`);
  return (await readPermissions(file, HOUSE)).paths;
}

describe('a rule about paths', () => {
  test.each([
    ['Read(//home/ada/work/secret/**)', 'secret/a/b', 'secret'],
    ['Read(//home/ada/work/secret/**)', 'secrets/a', null],
    ['Read(//home/ada/work/secret/**)', 'sub/secret/a', null],
    ['Read(//home/*/work/*.key)', 'a.key', 'a.key'],
    ['Read(//home/*/work/*.key)', 'sub/a.key', null],
    ['Read(//**/secret)', 'sub/secret/deep/a', 'sub/secret'],
    ['Read(~/work/a)', 'a', 'a'],
    ['Read(~/other/a)', 'a', null],
    ['Read(private.txt)', 'x/y/private.txt', 'x/y/private.txt'],
    ['Read(x/private.txt)', 'y/x/private.txt', null],
    ['Read(x/**/y)', 'x/a/b/y/c', 'x/a/b/y'],
    ['Read(x/**/y)', 'x/y', 'x/y'],
    ['Read(Secret)', 'SECRET/a', 'SECRET'],
    ['Read([ab]?.{x})', 'b1.{x}', 'b1.{x}'],
    ['Read([!ab]1)', 'a1', null],
    ['Read([!ab]1)', 'c1', 'c1'],
    ['Read(a\\*)', 'ab', null],
    ['Read(a.c)', 'abc', null],
    ['Read', 'anything', 'anything'],
    ['Edit(a)', 'a', null],
  ])('%s about %s: %s', async (rule, path, part) => {
    const rules = (await rulesOf(`{deny: ['${rule}']}`)).in('/home/ada/work');
    expect(rules.said('Read', path)?.part ?? null).toBe(part);
    expect(rules.said('Edit', path)?.part ?? null).toBe(rule === 'Edit(a)' ? 'a' : part);
  });

  test('that denies beats one that asks, and that one beats one that allows, whatever stands first', async () => {
    const rules = (
      await rulesOf("{allow: ['Edit(a)', 'Edit(a/b/c)'], ask: ['Edit(a/b)'], deny: ['Edit(a/b/c/d)']}")
    ).in('/w');
    expect(
      ['a/x', 'a/b', 'a/b/c', 'a/b/c/d/e', 'z'].map((path) => rules.said('Edit', path)?.decision),
    ).toEqual(['allow', 'ask', 'ask', 'deny', undefined]);
    expect(rules.said('Read', 'a/b')).toBe(null);
  });

  test('frees what is protected only when it names that, and none denies it', async () => {
    const rules = (
      await rulesOf(
        "{allow: [Read, 'Read(**)', 'Read(app/.env)', 'Read(.aws/**)', 'Edit(.git/hooks/**)', 'Read(x.pem)'], deny: ['Read(no)']}",
      )
    ).in('/w');
    const freed = (paths: readonly string[]) => paths.filter((path) => rules.opens('Read', path));
    expect(freed(['.env', 'app/.env', '.aws', 'no/.aws', 'id_rsa', 'x.pem'])).toEqual(['app/.env', '.aws']);
    expect(rules.opens('Edit', '.git/hooks')).toBe(true);
    expect(rules.opens('Edit', '.git/config')).toBe(false);
  });

  test('is tried on its own examples when it is read', async () => {
    const rule = (match: string, not: string) =>
      rulesOf(`{deny: [{rule: 'Read(~/notes/*.md)', match: [${match}], not_match: [${not}]}]}`);
    await rule('/home/ada/notes/a.md, ~/notes/b.md', '~/notes/a.txt');
    await expect(rule('~/notes/a.txt', '')).rejects.toThrow(
      /policy\.yaml:1:22 the rule Read\(~\/notes\/\*\.md\) does not match "~\/notes\/a\.txt"/,
    );
    await expect(rule('', '~/notes/a.md')).rejects.toThrow('matches "~/notes/a.md", against its own example');
    const inMount = "{deny: [{rule: 'Read(a/*)', match: [a/b], not_match: [b/a/c]}]}";
    expect((await rulesOf(inMount)).in('/x').restrict).toBe(true);
  });
});

test('the policy is that of the state folder unless one is named, and what other servers read in it is left to them', async () => {
  const home = makeTree();
  mkdirSync(join(home, 'x'));
  writeFileSync(
    join(home, 'policy.yaml'),
    'denyApps: [firefox]\norigins: {"https://a.example": deny}\npermissions: {deny: [Bash(curl:*), Read(a)]}\n',
  );
  const { commands, paths } = await readPermissions(undefined, { ...HOUSE, home });
  expect([commands.map(({ text }) => text), paths.in('/w').restrict]).toEqual([['Bash(curl:*)'], true]);
  const none = await readPermissions(undefined, { ...HOUSE, home: join(home, 'x') });
  expect([none.commands, none.paths.in('/w').restrict]).toEqual([[], false]);
  writeFileSync(join(home, 'policy.yaml'), 'denyApps: [firefxo]\n');
  await expect(readPermissions(undefined, { ...HOUSE, home })).rejects.toThrow(
    /--policy: there is a mistake in it:\n.*policy\.yaml:1:12 No application named "firefxo".*Did you mean Firefox/,
  );
});
