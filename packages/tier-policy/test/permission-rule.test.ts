import { expect, test } from 'vitest';
import { mergePolicy } from '../src/index.ts';
import { parseRule } from '../src/permission-rule.ts';
import { parsePolicyFile } from '../src/policy-file.ts';

const path = (tool: string, from: string, ...names: string[]) => ({ tool, from, names });

test.each([
  ['Bash', { tool: 'Bash', words: '*' }],
  ['Bash(git diff:*)', { tool: 'Bash', words: 'git diff *' }],
  ['Bash(npm run *)', { tool: 'Bash', words: 'npm run *' }],
  ['Edit', path('Edit', 'root', '**')],
  ['Read(//etc/**)', path('Read', 'root', 'etc', '**')],
  ['Read(//)', path('Read', 'root')],
  ['Read(~/notes/*.md)', path('Read', 'home', 'notes', '*.md')],
  ['Edit(src/**/gen)', path('Edit', 'mount', 'src', '**', 'gen')],
  ['Edit(./README)', path('Edit', 'mount', 'README')],
  ['Read(.env)', path('Read', 'mount', '**', '.env')],
  ['Read(secret/)', path('Read', 'mount', '**', 'secret')],
  ['Read(**)', path('Read', 'mount', '**')],
])('%s is a rule', (text, scope) => {
  expect(parseRule(text)).toEqual({ ok: true, scope });
});

test.each([
  ['Bash()', 'names nothing'],
  ['Read( )', 'names nothing'],
  ['Read(./)', 'names nothing'],
  ['bash(ls)', 'no rule about Bash, Read or Edit'],
  ['WebFetch(domain:a.example)', 'no rule about'],
  ['Read(a', 'no rule about'],
  ['Write(a)', 'no rules of its own'],
  ['Grep(a)', 'no rules of its own'],
  ['Read(/etc/passwd)', 'one slash'],
  ['Edit(a/../../b)', 'leads up'],
  ['Edit(!a)', 'takes something out'],
])('%s is none: %s', (text, why) => {
  const parsed = parseRule(text);
  expect(parsed.ok ? '' : parsed.message).toContain(why);
});

test('of two policies together every rule holds, and what is allowed is what both allow', () => {
  const policyOf = (allow: string, deny: string) => {
    const parsed = parsePolicyFile(`permissions: {allow: [${allow}], deny: [${deny}]}`);
    if (!parsed.ok) throw new Error('no policy');
    return parsed.policy;
  };
  const merged = mergePolicy(policyOf('Bash(ls), Bash(cat)', 'Read(a)'), policyOf('Bash(ls)', 'Edit(b)'));
  expect(merged.permissions.map(({ text }) => text)).toEqual(['Bash(ls)', 'Read(a)', 'Bash(ls)', 'Edit(b)']);
});
