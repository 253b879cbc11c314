import { expect, test } from 'vitest';
import { parseDomain } from '../../src/network/domain.ts';
import { policyOf, Refusal, type Policy } from '../../src/network/policy.ts';

const PUBLIC = '93.184.215.14';
const NAMES: Readonly<Record<string, readonly string[]>> = {
  'example.com': [PUBLIC],
  'a.example.com': [PUBLIC],
  'deep.a.example.com': [PUBLIC],
  'xn--bcher-kva.example': [PUBLIC],
  'inner.example.com': ['10.0.0.5'],
  'metadata.example.com': ['169.254.169.254'],
  'both.example.com': [PUBLIC, '127.0.0.1'],
  'nothing.example.com': [],
  'printer.lan': ['192.168.7.9'],
};
const policy = (domains: readonly string[], lan = false): Policy =>
  policyOf({ domains, lan, resolve: (host) => Promise.resolve(NAMES[host] ?? [host]) });

test.each<[string, readonly string[], string, number]>([
  ['a name', ['example.com'], 'example.com', 443],
  ['a name in other letters', ['Example.COM'], 'EXAMPLE.com', 80],
  ['a name with a dot at its end', ['example.com.'], 'example.com.', 443],
  ['a name below', ['*.example.com'], 'a.example.com', 443],
  ['a name far below', ['*.example.com'], 'deep.a.example.com', 443],
  ['a port of its own', ['example.com:8443'], 'example.com', 8443],
  ['letters that are not ASCII', ['bücher.example'], 'xn--bcher-kva.example', 443],
])('%s is reached', async (_, domains, host, port) => {
  expect(await policy(domains)({ host, port })).toEqual([PUBLIC]);
});

test.each<[string, readonly string[], string, number]>([
  ['another name', ['example.com'], 'example.org', 443],
  ['a name below', ['example.com'], 'a.example.com', 443],
  ['a name above', ['*.example.com'], 'example.com', 443],
  ['a longer name', ['example.com'], 'notexample.com', 443],
  ['a longer name of one below', ['*.example.com'], 'aexample.com', 443],
  ['a name with the other in front', ['example.com'], 'example.com.attacker.net', 443],
  ['another port', ['example.com'], 'example.com', 22],
  ['a port of the web where another is named', ['example.com:8443'], 'example.com', 443],
  ['its address', ['example.com'], PUBLIC, 443],
  ['an address as a number', ['example.com'], '2130706433', 443],
  ['an address with a word in front', ['example.com'], '0x7f.1', 443],
  ['a name that is cut short', ['example.com'], 'example.com\0.attacker.net', 443],
  ['a name with a path', ['example.com'], 'attacker.net/example.com', 443],
  ['nothing', ['example.com'], '', 443],
  ['the private network', ['*.example.com'], 'inner.example.com', 443],
  ['metadata', ['*.example.com'], 'metadata.example.com', 80],
  ['a name that leads to both', ['*.example.com'], 'both.example.com', 443],
  ['a name that leads nowhere', ['*.example.com'], 'nothing.example.com', 443],
  ['the private network by its name', ['example.com'], 'printer.lan', 80],
])('%s is refused', async (_, domains, host, port) => {
  await expect(policy(domains)({ host, port })).rejects.toThrow(Refusal);
});

test('the private network is reached where that was given, and nothing else of what is near', async () => {
  const lan = policy([], true);
  expect(await lan({ host: 'printer.lan', port: 631 })).toEqual(['192.168.7.9']);
  expect(await lan({ host: '192.168.7.9', port: 22 })).toEqual(['192.168.7.9']);
  for (const host of [
    'example.com',
    PUBLIC,
    '127.0.0.1',
    '[::1]',
    '169.254.169.254',
    'metadata.example.com',
  ]) {
    await expect(lan({ host, port: 80 })).rejects.toThrow(Refusal);
  }
});

test('the address is the one that was judged, however a name changes', async () => {
  const answers = [[PUBLIC], ['127.0.0.1']];
  const changing = policyOf({
    ...{ domains: ['example.com'], lan: false },
    resolve: () => Promise.resolve(answers.shift() ?? []),
  });
  expect(await changing({ host: 'example.com', port: 443 })).toEqual([PUBLIC]);
  await expect(changing({ host: 'example.com', port: 443 })).rejects.toThrow('leads to 127.0.0.1');
});

test.each([
  '',
  '*',
  '*.com',
  'a b',
  'https://example.com',
  '1.2.3.4',
  '[::1]',
  'example.com:0',
  'example.com:99999',
  'a/b',
  '*.*.com',
])('%j is no domain to allow', (text) => {
  expect(() => parseDomain(text)).toThrow('is no name of a domain');
});
