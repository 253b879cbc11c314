import { Ajv } from 'ajv';
import { readFile } from 'node:fs/promises';
import { describe, expect, it, test } from 'vitest';
import { parse } from 'yaml';
import { DEFAULT_POLICY } from '../src/index.ts';
import { POLICY_SCHEMA, formatProblem, parsePolicyFile } from '../src/policy-file.ts';

const matchesSchema = new Ajv({ strictTypes: false }).compile(POLICY_SCHEMA);

const WHOLE = `
# What the company allows.
denyApps: [TradingView, /opt/till/till, com.example.*, flatpak:org.x.Y]
tiers:
  Firefox: click
  /usr/bin/mousepad: read
  com.jetbrains.*: full
  gvim: none
forbidCombos:
  - Ctrl+W
  - alt+F4
origins:
  https://*.example.com: allow
  http://localhost:*: ask
  "https://ads.example.com": deny
permissions:
  allow:
    - Bash(git diff:*)
    - rule: Edit(src/*.ts)
      match: [src/a.ts]
      not_match: [src/a.js]
  ask: [Read]
  deny:
onceOnly: true
`;

describe('a valid policy file', () => {
  it('becomes a policy with canonical combos', () => {
    expect(parsePolicyFile(WHOLE)).toEqual({
      ok: true,
      policy: {
        denyApps: ['TradingView', '/opt/till/till', 'com.example.*', 'flatpak:org.x.Y'],
        tiers: [
          { app: 'Firefox', tier: 'click' },
          { app: '/usr/bin/mousepad', tier: 'read' },
          { app: 'com.jetbrains.*', tier: 'full' },
          { app: 'gvim', tier: 'none' },
        ],
        forbidCombos: ['ctrl+w', 'alt+F4'],
        origins: [
          { pattern: 'https://*.example.com', decision: 'allow' },
          { pattern: 'http://localhost:*', decision: 'ask' },
          { pattern: 'https://ads.example.com', decision: 'deny' },
        ],
        permissions: [
          {
            ...{ decision: 'allow', text: 'Bash(git diff:*)', line: 18, column: 7 },
            ...{ scope: { tool: 'Bash', words: 'git diff *' }, match: [], notMatch: [] },
          },
          {
            ...{ decision: 'allow', text: 'Edit(src/*.ts)', line: 19, column: 7 },
            ...{ scope: { tool: 'Edit', from: 'mount', names: ['src', '*.ts'] } },
            ...{ match: ['src/a.ts'], notMatch: ['src/a.js'] },
          },
          {
            ...{ decision: 'ask', text: 'Read', line: 22, column: 9, match: [], notMatch: [] },
            scope: { tool: 'Read', from: 'root', names: ['**'] },
          },
        ],
        onceOnly: true,
      },
    });
  });

  for (const text of [
    '',
    '# nothing\n',
    '{}',
    'denyApps: []',
    'tiers: {}\n',
    'tiers:\n',
    'onceOnly: false',
    'denyApps: [1password, C:\\x\\y.exe]',
  ]) {
    test(`may be ${JSON.stringify(text)}`, () => {
      expect(parsePolicyFile(text).ok).toBe(true);
      expect(matchesSchema(parse(text))).toBe(true);
    });
  }

  it('is the default policy when it is empty', () => {
    expect(parsePolicyFile('')).toEqual({ ok: true, policy: DEFAULT_POLICY });
  });

  it('matches the schema', () => expect(matchesSchema(parse(WHOLE))).toBe(true));
});

/** Text, where, what, and whether JSON Schema can say it too. */
const INVALID: readonly (readonly [string, string, RegExp, 'schema' | 'validator'])[] = [
  ['[]', '1:1', /is a mapping/, 'schema'],
  ['text', '1:1', /is a mapping/, 'schema'],
  ['denyApp: []', '1:1', /no key of a policy.*Did you mean denyApps/, 'schema'],
  ['origins: [https://a.example]', '1:10', /must be a mapping/, 'schema'],
  ['origins:\n  example.com: deny', '2:3', /is no pattern of origins/, 'validator'],
  ['origins:\n  https://a.example/path: deny', '2:3', /is no pattern of origins/, 'validator'],
  ['origins:\n  https://a.example: den', '2:22', /none of allow.*Did you mean deny/, 'schema'],
  ['onceOnly: maybe', '1:11', /must be true or false/, 'schema'],
  ['onceOnly:', '1:10', /must be true or false, not nothing/, 'schema'],
  ['denyApps: Firefox', '1:11', /must be a list/, 'schema'],
  ['denyApps:\n  - Firefox\n  - 7', '3:5', /a number/, 'schema'],
  ['denyApps:\n  - ""', '2:5', /where a text belongs/, 'schema'],
  ['tiers: [Firefox]', '1:8', /must be a mapping/, 'schema'],
  ['tiers:\n  Firefox: clik', '2:12', /Did you mean click/, 'schema'],
  ['tiers:\n  Firefox:', '2:11', /none of none, read, click, full/, 'schema'],
  ['forbidCombos: {a: b}', '1:15', /must be a list/, 'schema'],
  ['denyApps: [firefxo]', '1:12', /No application.*Did you mean Firefox/, 'validator'],
  ['denyApps: [mousepad]', '1:12', /absolute path/, 'validator'],
  ['denyApps: ["*"]', '1:12', /No application/, 'validator'],
  ['tiers:\n  Firefox: full\n  firefox: click', '3:3', /twice: line 2/, 'validator'],
  ['tiers:\n  Firefox: full\n  Firefox: full', '3:3', /unique/, 'validator'],
  ['tiers:\n  keepassxc: read', '2:3', /protected/, 'validator'],
  ['denyApps: [firefox]\ntiers:\n  Firefox: full', '3:3', /denied on line 1/, 'validator'],
  ['forbidCombos: [ctrl+Retrun]', '1:16', /no key named "Retrun"/, 'validator'],
  ['forbidCombos: [ctrl+a b]', '1:16', /more than one combo/, 'validator'],
  ['permissions: []', '1:14', /permissions must be a mapping/, 'schema'],
  ['permissions:\n  alow: []', '2:3', /no key of permissions.*Did you mean allow/, 'schema'],
  ['permissions:\n  deny: Bash', '2:9', /deny must be a list/, 'schema'],
  ['permissions:\n  deny: [7]', '2:10', /no rule.*Bash\(git diff/, 'schema'],
  ['permissions:\n  deny: [Write(a)]', '2:10', /no rules of its own.*Edit\(\.\.\.\)/, 'validator'],
  ['permissions:\n  deny: [Read(/etc/**)]', '2:10', /one slash.*\/\/etc/, 'validator'],
  [
    'permissions:\n  deny:\n    - {rule: Bash, mach: []}',
    '3:20',
    /no key of a rule.*Did you mean match/,
    'schema',
  ],
  ['permissions:\n  deny:\n    - {match: [a]}', '3:7', /needs its text/, 'schema'],
  ['permissions:\n  deny:\n    - {rule: Bash, match: a}', '3:27', /must be a list of texts/, 'schema'],
  ['denyApps: [a', '2:1', /Mend the YAML/, 'validator'],
];

describe('an invalid policy file', () => {
  for (const [text, place, message, by] of INVALID) {
    test(`${JSON.stringify(text)} is refused at ${place}`, () => {
      const result = parsePolicyFile(text.endsWith('[a') ? `${text}\n` : text, { filename: 'p.yaml' });
      expect(result.ok).toBe(false);
      const lines = result.ok ? [] : result.problems.map(formatProblem);
      expect(lines[0]).toMatch(message);
      expect(lines[0]?.startsWith(`p.yaml:${place} `)).toBe(true);
    });
    if (by === 'schema') {
      test(`${JSON.stringify(text)} does not match the schema`, () =>
        expect(matchesSchema(parse(text))).toBe(false));
    }
  }

  it('tells every problem at once, in the order of the lines', () => {
    const result = parsePolicyFile('onceOnly: 1\nforbidCombos: [zzzz]\ndenyApps: [zzzz]\n');
    expect(result.ok ? [] : result.problems.map(({ line }) => line)).toEqual([1, 2, 3]);
  });
});

describe('policy.schema.json', () => {
  it('is what `npm run docs` writes', async () => {
    const file = await readFile(new URL('../policy.schema.json', import.meta.url), 'utf8');
    expect(JSON.parse(file)).toEqual(POLICY_SCHEMA);
  });
});
