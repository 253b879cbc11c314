import type { Rule } from '@deskhand/grants';
import { describe, expect, test } from 'vitest';

import { OriginRules } from '../../src/egress/origin-rules.ts';

const rule = (decision: Rule['decision'], pattern: string): Rule => ({
  resource: { kind: 'origin', pattern },
  decision,
});

const rulesOf = (rules: readonly Rule[], isListOnly = false): OriginRules =>
  new OriginRules({ rules: () => rules, isListOnly });

function outcome(rules: OriginRules, host: string, port: number, addresses?: readonly string[]): string {
  const byName = rules.judge({ host, port });
  if (!byName.allowed) return byName.code;
  const judged = rules.judgeAddresses({ host, port }, addresses ?? ['93.184.216.34']);
  return judged.allowed ? judged.addresses.join(' ') : judged.code;
}

describe('where no rule says anything', () => {
  const rules = rulesOf([]);

  test.each<[what: string, host: string, port: number, addresses: string[] | undefined, expected: string]>([
    ['a public site', 'example.com', 443, undefined, '93.184.216.34'],
    ['any port of it', 'example.com', 8443, undefined, '93.184.216.34'],
    ['this computer by name', 'localhost', 3000, ['127.0.0.1'], 'private_origin'],
    ['this computer by a name below', 'app.localhost', 80, ['127.0.0.1'], 'private_origin'],
    ['this computer by number', '127.0.0.1', 80, ['127.0.0.1'], 'private_origin'],
    ['the own network', '192.168.0.1', 80, ['192.168.0.1'], 'private_origin'],
    ['the metadata of a cloud', '169.254.169.254', 80, ['169.254.169.254'], 'private_origin'],
    ['a public name that leads to this computer', 'rebind.example', 80, ['127.0.0.1'], 'private_address'],
    ['one that leads there too', 'both.example', 80, ['93.184.216.34', '127.0.0.1'], '93.184.216.34'],
    ['an address that wraps this computer', '::ffff:7f00:1', 80, ['::ffff:7f00:1'], 'private_origin'],
  ])('%s', (_what, ...[host, port, addresses, expected]) => {
    expect(outcome(rules, host, port, addresses)).toBe(expected);
  });
});

describe('what a rule allows', () => {
  test.each([
    ['a port of this computer', 'http://localhost:3000', 'localhost', 3000, ['127.0.0.1'], '127.0.0.1'],
    ['not another port', 'http://localhost:3000', 'localhost', 3001, ['127.0.0.1'], 'private_origin'],
    ['any port', 'http://127.0.0.1:*', '127.0.0.1', 41234, ['127.0.0.1'], '127.0.0.1'],
    ['the own network by name', 'https://wiki.corp', 'wiki.corp', 443, ['10.0.0.7'], '10.0.0.7'],
    [
      'not this computer by a name that somebody owns',
      'https://a.example',
      'a.example',
      443,
      ['127.0.0.1'],
      'private_address',
    ],
    [
      'this computer by a name that nobody can own',
      'http://shop.test',
      'shop.test',
      80,
      ['127.0.0.1'],
      '127.0.0.1',
    ],
    [
      'never the metadata of a cloud by name',
      'http://meta.internal',
      'meta.internal',
      80,
      ['169.254.169.254'],
      'private_address',
    ],
  ])('%s', (_what, pattern, ...[host, port, addresses, expected]) => {
    expect(outcome(rulesOf([rule('allow', pattern)]), host, port, addresses)).toBe(expected);
  });
});

describe('a list of what is allowed', () => {
  const rules = rulesOf(
    [rule('allow', 'https://*.example.com'), rule('deny', 'https://ads.example.com')],
    true,
  );

  test.each([
    ['has it', 'example.com', 443, '93.184.216.34'],
    ['has what is below', 'www.example.com', 443, '93.184.216.34'],
    ['has no other site', 'example.org', 443, 'origin_not_allowed'],
    ['has no other scheme', 'example.com', 80, 'origin_not_allowed'],
    ['does not have what ends alike', 'notexample.com', 443, 'origin_not_allowed'],
    ['gives way to a block', 'ads.example.com', 443, 'origin_blocked'],
  ])('%s', (_what, host, port, expected) => {
    expect(outcome(rules, host, port)).toBe(expected);
  });
});

test('a rule that asks is not yet an allowance', () => {
  const rules = rulesOf([rule('ask', 'https://bank.example')]);
  expect(outcome(rules, 'bank.example', 443)).toBe('origin_not_allowed');
  expect(outcome(rules, 'shop.example', 443)).toBe('93.184.216.34');
});

describe('a policy', () => {
  const policy = [
    rule('deny', 'https://ads.example'),
    rule('ask', 'https://bank.example'),
    rule('allow', 'http://localhost:3000'),
  ];
  const held: Rule[] = [];
  const rules = new OriginRules({ rules: () => held, policy: () => policy, isListOnly: true });

  test.each([
    ['allows what it allows', 'localhost', 3000, '127.0.0.1', '127.0.0.1'],
    ['denies', 'ads.example', 443, '93.184.216.34', 'origin_blocked'],
    ['wants a person to be asked', 'bank.example', 443, '93.184.216.34', 'origin_not_allowed'],
    ['adds to a list and does not end it', 'example.org', 443, '93.184.216.34', 'origin_not_allowed'],
  ])('%s', (_what, ...[host, port, address, expected]) => {
    held.splice(0);
    expect(outcome(rules, host, port, [address])).toBe(expected);
  });

  test("gives way to a person's yes where it asks, and never where it denies", () => {
    held.splice(0, held.length, rule('allow', 'https://bank.example'), rule('allow', 'https://ads.example'));
    expect(outcome(rules, 'bank.example', 443)).toBe('93.184.216.34');
    expect(outcome(rules, 'ads.example', 443)).toBe('origin_blocked');
  });

  test("does not lift a person's no", () => {
    held.splice(0, held.length, rule('deny', 'http://localhost:3000'));
    expect(outcome(rules, 'localhost', 3000)).toBe('origin_blocked');
  });

  test('that cannot be read allows nothing', () => {
    const why = { allowed: false, code: 'policy_unreadable', why: 'a mistake' } as const;
    const broken = new OriginRules({
      ...{ rules: () => [rule('allow', 'https://a.example')], policy: () => why, isListOnly: false },
    });
    expect(outcome(broken, 'a.example', 443)).toBe('policy_unreadable');
  });
});

describe('what is sensitive', () => {
  test.each([
    ['a bank', 'www.chase.com'],
    ['a bank of a country', 'meine.deutsche-bank.de'],
    ['a name only banks can have', 'login.first.bank'],
    ['a mailbox', 'mail.google.com'],
    ['a mailbox by its name', 'webmail.example.org'],
    ['where one signs in', 'accounts.google.com'],
    ['a tenant of an identity provider', 'acme.okta.com'],
    ['a cloud console', 'console.aws.amazon.com'],
    ['a region of one', 'eu-west-1.console.aws.amazon.com'],
    ['a store of passwords, with a last dot', 'vault.bitwarden.com.'],
  ])('%s is asked about first, and open to who was allowed it', (_what, host) => {
    expect(outcome(rulesOf([]), host, 443)).toBe('sensitive_origin');
    const name = host.replace(/\.$/, '');
    expect(outcome(rulesOf([rule('allow', `https://${name}`)]), name, 443)).toBe('93.184.216.34');
  });

  test.each([
    'www.google.com',
    'chase.com.example.org',
    'mychase.com',
    'bank.example.com',
    'webmail.org',
    'github.com',
  ])('%s is not', (host) => {
    expect(outcome(rulesOf([]), host, 443)).toBe('93.184.216.34');
  });

  test('but nothing in a list of what is allowed is asked about for that', () => {
    const rules = rulesOf([rule('allow', 'https://*.google.com')], true);
    expect(outcome(rules, 'mail.google.com', 443)).toBe('93.184.216.34');
  });
});

test('rules are read anew each time', () => {
  const held: Rule[] = [];
  const rules = new OriginRules({ rules: () => held, isListOnly: true });
  expect(outcome(rules, 'example.com', 443)).toBe('origin_not_allowed');
  held.push(rule('allow', 'https://example.com'));
  expect(outcome(rules, 'example.com', 443)).toBe('93.184.216.34');
  held.pop();
  expect(outcome(rules, 'example.com', 443)).toBe('origin_not_allowed');
});
