import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { safeLine, safeLines } from '../../src/untrusted/safe-text.ts';

const INVISIBLE = /[\p{Cc}\p{Cf}\p{Co}\p{Cs}\u2028\u2029]/u;

describe('a line of an application', () => {
  test.each([
    ['two\nlines', 'two lines'],
    ['  wide \t spaces  ', 'wide spaces'],
    ['abc\u202edef\u2066ghi', 'abc def ghi'],
    ['bell\u0007 and \u001b[31mred', 'bell and [31mred'],
    ['zero\u200bwidth\ufeff', 'zero width'],
    ['half a pair \ud800.', 'half a pair .'],
    ['日本語 ünï 😀', '日本語 ünï 😀'],
    ['', ''],
  ])('%j becomes %j', (text, line) => {
    expect(safeLine(text, 100)).toBe(line);
  });

  test('is cut between characters', () => {
    expect(safeLine('😀😀😀😀', 3)).toBe('😀😀…');
    expect(safeLine('abc', 3)).toBe('abc');
  });

  test('never has what cannot be seen, and never more characters than asked for', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary' }), fc.integer({ min: 1, max: 50 }), (text, length) => {
        const line = safeLine(text, length);
        expect(INVISIBLE.test(line)).toBe(false);
        expect(Array.from(line).length).toBeLessThanOrEqual(length);
      }),
    );
  });
});

describe('the lines of a text', () => {
  test('are those that have something, however they end', () => {
    expect(safeLines('one\r\ntwo\n\n  \n three\u2028four\u2029five')).toEqual([
      ...['one', 'two', ' three', 'four', 'five'],
    ]);
  });

  test('have nothing that cannot be seen', () => {
    expect(safeLines('a\u202eb\u0000c\n\u200b\n')).toEqual(['abc']);
  });
});
