import { describe, expect, test } from 'vitest';
import { TextLines } from '../../src/files/text-lines.ts';

describe('the lines of a text', () => {
  test.each([
    ['', [], 'none'],
    ['a', ['a'], 'none'],
    ['a\n', ['a'], 'LF'],
    ['\n\n', ['', ''], 'LF'],
    ['a\r\nb', ['a', 'b'], 'CRLF'],
    ['a\rb\r\n\nc\n', ['a', 'b', '', 'c'], 'CR and CRLF and LF'],
    ['\r', [''], 'CR'],
  ])('%j', (text, lines, ends) => {
    const found = new TextLines(text);
    expect([found.count, found.between(-5, 99), found.ends]).toEqual([lines.length, lines, ends]);
  });

  test('are found by what is in them', () => {
    const text = 'ab\ncd\r\n\nef';
    const lines = new TextLines(text);
    expect(Array.from(text, (_, position) => lines.at(position))).toEqual([1, 1, 1, 2, 2, 2, 2, 3, 4, 4]);
    expect(lines.between(2, 3)).toEqual(['cd', '']);
  });
});
