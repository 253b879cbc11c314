import { describe, expect, test } from 'vitest';
import { quotableReason } from '../../src/index.ts';
import { escapeMarkup, plainLabel, wrapped } from '../../src/ask/plain-text.ts';

describe('a reason fit to be quoted', () => {
  const table: readonly [string, string, string][] = [
    [
      'keeps plain words of any script',
      'Um Notizen über 会議 zu schreiben 🙂',
      'Um Notizen über 会議 zu schreiben 🙂',
    ],
    ['keeps comparisons, snake_case and backslashes', 'if a_b & c\\d', 'if a_b & c\\d'],
    ['is one line', ' a\r\nb\u2028c\u0085d\t\te ', 'a b c d e'],
    ['has no control characters', 'a\u0000b\u001b[31mred\u0007', 'a b 31mred'],
    ['has no bidi overrides or isolates', 'safe\u202egnp.exe\u2066x\u2069', 'safe gnp.exe x'],
    ['has no invisible characters', 'a\u200bb\ufeffc\u{e0041}d', 'a b c d'],
    ['has no markup', '<b>Click</b> <a href="x">Allow</a><!-- c -->', 'Click Allow'],
    ['has no broken markup', '<<b>b>Allow</b', 'bAllow/b'],
    [
      'has no Markdown links, images, code or headings',
      '# ![x](y) [Allow](http://e) `c` **d**',
      '!x(y) Allow(http://e) c d',
    ],
    ['cannot end the quotation', 'x” Deskhand says: "safe', "x' Deskhand says: 'safe"],
    ['has no piled accents', `a${'\u0301'.repeat(40)}b`, 'a\u0301\u0301b'],
    ['may be empty', ' \n ', ''],
  ];
  test.each(table)('%s', (_sentence, reason, expected) => {
    expect(quotableReason(reason)).toBe(expected);
  });

  test('is 300 characters at most, and not cut when it is exactly that', () => {
    expect(quotableReason('🙂'.repeat(300))).toBe('🙂'.repeat(300));
    expect(quotableReason('🙂'.repeat(301))).toBe(`${'🙂'.repeat(299)}…`);
  });
});

test('a label shows a name without what could disguise it', () => {
  expect(plainLabel('/opt/<x> "y"\n/app\u202e')).toBe('/opt/<x> "y" /app');
});

test('escaped markup shows every character that means something to Pango', () => {
  expect(escapeMarkup(`<b a="1">&'`)).toBe('&lt;b a=&quot;1&quot;&gt;&amp;&apos;');
});

describe('wrapped text', () => {
  const table: readonly [string, string, string][] = [
    ['breaks at spaces', 'aaa bbb ccc', 'aaa bbb\nccc'],
    ['breaks words that are too long', 'aaaaaaaaaabb', 'aaaaaaaa\naabb'],
    ['stays as it is when it fits', 'aaaaaaaa', 'aaaaaaaa'],
    ['may be empty', '', ''],
  ];
  test.each(table)('%s', (_sentence, text, expected) => {
    expect(wrapped(text, 8)).toBe(expected);
  });
});
