import { describe, expect, test } from 'vitest';

import { parseGreeting, parseRequest, replyTo } from '../../src/egress/socks.ts';

const named = (name: string, port: number): Buffer =>
  Buffer.concat([
    Buffer.from([5, 1, 0, 3, name.length]),
    Buffer.from(name),
    Buffer.from([port >> 8, port & 255]),
  ]);

describe('a request', () => {
  test.each([
    ['a name', named('Example.COM', 443), { host: 'example.com', port: 443 }],
    ['a name with a last dot', named('localhost.', 80), { host: 'localhost', port: 80 }],
    ['a name that is an address', named('127.1', 80), { host: '127.0.0.1', port: 80 }],
    ['a name that is an address in hexadecimal', named('0x7f000001', 80), { host: '127.0.0.1', port: 80 }],
    ['an IPv4 address', Buffer.from([5, 1, 0, 1, 127, 0, 0, 1, 0, 80]), { host: '127.0.0.1', port: 80 }],
    [
      'an IPv6 address',
      Buffer.from([5, 1, 0, 4, ...Array<number>(15).fill(0), 1, 1, 0]),
      { host: '::1', port: 256 },
    ],
  ])('for %s', (_what, bytes, endpoint) => {
    expect(parseRequest(bytes)).toEqual({ value: endpoint, length: bytes.length });
  });

  test('is waited for byte by byte, and what follows is left', () => {
    const bytes = named('example.com', 443);
    for (let length = 0; length < bytes.length; length++) {
      expect(parseRequest(bytes.subarray(0, length))).toBe('more');
    }
    expect(parseRequest(Buffer.concat([bytes, Buffer.from('GET')]))).toMatchObject({ length: bytes.length });
  });

  test.each([
    ['another version', Buffer.from([4, 1, 0, 80, 127, 0, 0, 1])],
    ['another kind of address', Buffer.from([5, 1, 0, 2, 0, 0, 0, 0])],
    ['an empty name', named('', 80)],
    ['a name with a space', named('a b', 80)],
    ['a name with a slash', named('a/b', 80)],
    ['a name with a zero byte', named('a\0b', 80)],
  ])('with %s is wrong', (_what, bytes) => {
    expect(parseRequest(bytes)).toBe('wrong');
  });

  test('for another command than CONNECT goes nowhere', () => {
    const bytes = named('example.com', 53);
    bytes[1] = 3;
    expect(parseRequest(bytes)).toEqual({ value: null, length: bytes.length });
  });
});

test('a greeting says whether no password will do', () => {
  expect(parseGreeting(Buffer.from([5, 2, 2]))).toBe('more');
  expect(parseGreeting(Buffer.from([5, 2, 2, 0]))).toEqual({ value: true, length: 4 });
  expect(parseGreeting(Buffer.from([5, 1, 2]))).toEqual({ value: false, length: 3 });
  expect(parseGreeting(Buffer.from('GET / HTTP/1.1'))).toBe('wrong');
});

test('a reply has the code of its kind', () => {
  expect([...replyTo('forbidden')]).toEqual([5, 2, 0, 1, 0, 0, 0, 0, 0, 0]);
});
