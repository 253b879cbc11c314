import { networkInterfaces } from 'node:os';
import { expect, test } from 'vitest';
import { zoneOf } from '../../src/network/addresses.ts';

test.each([
  ...['127.0.0.1', '127.8.8.8', '0.0.0.0', '::1', '::', '::ffff:127.0.0.1', '::ffff:7f00:1', '::127.0.0.1'],
  ...['169.254.169.254', '169.254.0.1', 'fe80::1', 'fe80::1%eth0', 'fd00:ec2::254', '::ffff:169.254.169.254'],
  ...[
    '100.64.0.1',
    '100.100.100.200',
    '192.0.0.192',
    '198.18.0.1',
    '192.0.2.7',
    '224.0.0.1',
    '255.255.255.255',
  ],
  ...[
    '64:ff9b::7f00:1',
    '64:ff9b::a00:1',
    '2002:7f00:1::',
    '2001:0:1::',
    '2001:db8::1',
    'ff02::1',
    'fec0::1',
  ],
  ...['localhost', '', '1', '0x7f000001', '4000::1'],
])('%j is reached by nobody', (address) => {
  expect(zoneOf(address)).toBe('never');
});

test.each(['10.1.2.3', '172.16.0.9', '172.31.255.254', '192.168.7.7', 'fd12:3456::1', '::ffff:10.1.2.3'])(
  '%s is of the private network',
  (address) => {
    expect(zoneOf(address)).toBe('lan');
  },
);

test.each(['1.1.1.1', '172.32.0.1', '100.128.0.1', '2606:4700::1111', '::ffff:1.1.1.1', '192.167.1.1'])(
  '%s is on the internet',
  (address) => {
    expect(zoneOf(address)).toBe('internet');
  },
);

test('what this machine answers to is this machine, on every interface', () => {
  const own = Object.values(networkInterfaces()).flatMap((all) => all ?? []);
  for (const { address, internal } of own) {
    expect([address, zoneOf(address)]).toEqual([address, zoneOf(address) === 'never' ? 'never' : 'host']);
    if (internal) expect(zoneOf(address)).toBe('never');
  }
});
