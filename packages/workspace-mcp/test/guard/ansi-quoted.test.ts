import { execFileSync } from 'node:child_process';
import { expect, test } from 'vitest';
import { bytesOf } from '../../src/files/byte-names.ts';
import { ansiQuoted } from '../../src/guard/ansi-quoted.ts';

test.each([
  String.raw`$'one\xe9.txt'`,
  String.raw`$'one\351.txt'`,
  String.raw`$'\xc3\xa9\xe9\303\251'`,
  String.raw`$'\xe9\a\b\e\E\f\n\r\t\v\\\'\"\?'`,
  String.raw`$'\xe9\u00e9\U1f600\u41g'`,
  String.raw`$'\xe9\x4\x444\7\07\777x'`,
  String.raw`$'\xe9\q\x\u\U é😀'`,
  String.raw`$'\xe9\cA\c?\cz'`,
  String.raw`$'\xe9a\x00lost'`,
  String.raw`$'\xe9'`,
])('%s is the bytes that bash takes it for', (text) => {
  const env = { LC_ALL: 'C.UTF-8' };
  const bytes = execFileSync('/bin/bash', ['--norc', '-c', `printf '%s' ${text}`], {
    env,
    encoding: 'buffer',
  });
  expect(bytesOf(ansiQuoted({ text, value: '\ufffd' }))).toEqual(bytes);
});

test('what the parser can say stays what it said', () => {
  expect(ansiQuoted({ text: String.raw`$'\x2f'`, value: '/' })).toBe('/');
});
