import { expect, test } from 'vitest';
import { config } from '../src/config.ts';
import { networkOf, networkWords } from '../src/network-option.ts';
import { makeTree } from './lab/tree.ts';
import { openSession } from './lab/workspace.ts';

const network = (options: Record<string, unknown>) => networkOf(config.schema.parse(options));

test('the network is its own loopback unless it is told otherwise', () => {
  expect(network({})).toEqual({ mode: 'local', hostPorts: [], sharedPorts: [], lan: false });
  expect(network({ network: 'none' })).toEqual({ mode: 'none' });
  const ports = { allowPort: ['5432'], sharePort: ['3000'], allowLan: true };
  expect(network(ports)).toEqual({ mode: 'local', hostPorts: [5432], sharedPorts: [3000], lan: true });
  expect(network({ network: 'allowlist', allowDomain: ['*.example.com:8443'] })).toEqual({
    ...{ mode: 'allowlist', hostPorts: [], sharedPorts: [], lan: false },
    domains: ['*.example.com:8443'],
  });
});

test.each<[Record<string, unknown>, RegExp]>([
  [{ allowDomain: ['example.com'] }, /--allow-domain.*needs --network allowlist/],
  [{ network: 'allowlist', allowDomain: ['*'] }, /--allow-domain.*no name of a domain.*Use example\.com/],
  [{ allowPort: ['0'] }, /--allow-port.*no port/],
  [{ sharePort: ['65536'] }, /--share-port.*no port/],
  [{ allowPort: ['80-90'] }, /--allow-port.*no port/],
  [{ network: 'none', allowPort: ['80'] }, /--allow-port.*--network none/],
  [{ network: 'none', sharePort: ['80'] }, /--share-port.*--network none/],
  [{ network: 'none', allowLan: true }, /--allow-lan.*--network none/],
])('%j is refused', (options, words) => {
  expect(() => network(options)).toThrow(words);
});

test('status says what is reached, and what may be used', async () => {
  const call = await openSession([`work=${makeTree()}`], {
    ...{ network: 'allowlist', allowDomain: ['example.com'], allowPort: ['5432'], scratch: 5 },
  });
  const { text } = await call('status');
  expect(text).toContain(
    'Network: its own loopback, port 5432 of this machine, example.com through a proxy\nLimits: 1024 processes, 8192 MiB of memory, files of 16384 MiB, 5 MiB in /tmp and at home\n',
  );
  expect(networkWords({ mode: 'none' })).toBe('none but its own loopback');
  const opened = [
    { port: 5432, direction: 'reach', isGiven: () => true },
    { port: 3000, direction: 'share', isGiven: () => true },
    { port: 22, direction: 'reach', isGiven: () => false },
  ] as const;
  expect(networkWords({ mode: 'local' }, opened)).toBe(
    'its own loopback, port 5432 of this machine, port 3000 from this machine',
  );
});
