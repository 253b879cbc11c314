import { expect, test } from 'vitest';
import {
  bytesOf,
  joinedBytes,
  nameOf,
  shownName,
  systemPath,
  wellFormed,
} from '../../src/files/byte-names.ts';

/** With a byte for each character. */
const raw = (bytes: string): Buffer => Buffer.from(bytes, 'latin1');

test.each([
  ['', ''],
  ['plain.txt', 'plain.txt'],
  ['caf\xc3\xa9', 'café'],
  ['\xf0\x9f\x98\x80', '😀'],
  ['one\xe9.txt', 'one\udce9.txt'],
  ['\xff\x80', '\udcff\udc80'],
  ['\xc3\xa9\xe9\xc3', 'é\udce9\udcc3'],
  ['\xed\xb3\xa9', '\udced\udcb3\udca9'],
  ['\xf0\x9f\x98\x80\x98', '😀\udc98'],
  ['\xef\xbf\xbd', '\ufffd'],
])('the bytes %j are a name that they come out of again', (bytes, name) => {
  expect(nameOf(raw(bytes))).toBe(name);
  expect(bytesOf(name)).toEqual(raw(bytes));
  expect(JSON.parse(Buffer.from(JSON.stringify(name)).toString())).toBe(name);
});

test('no two names are one string, and every one comes back', () => {
  const all = Array.from({ length: 0x10000 }, (_, at) => Buffer.from([at >> 8, at & 0xff, 0x80]));
  const names = all.map(nameOf);
  expect(new Set(names).size).toBe(all.length);
  expect(names.every((name, at) => all[at]?.equals(bytesOf(name)) === true)).toBe(true);
});

test('what is text stays a string for the system, and is shown as it is', () => {
  expect([systemPath('/a/é😀'), shownName('/a/é😀')]).toEqual(['/a/é😀', '/a/é😀']);
  expect([systemPath('/a/\udce9'), shownName('/a/\udce9\udc80')]).toEqual([raw('/a/\xe9'), '/a/\\xe9\\x80']);
});

test('bytes that come one by one are the text that they are together', () => {
  expect([joinedBytes('\udcc3\udca9'), joinedBytes('\udce9'), joinedBytes('é')]).toEqual([
    'é',
    '\udce9',
    'é',
  ]);
});

test('what somebody wrote names no such bytes', () => {
  expect([wellFormed('one\udce9.txt'), wellFormed('é😀')]).toEqual(['one\ufffd.txt', 'é😀']);
});
