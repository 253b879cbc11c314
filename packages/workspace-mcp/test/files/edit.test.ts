import { describe, expect, test } from 'vitest';
import { applyToBytes } from '../../src/files/edit-bytes.ts';
import { applyEdits, type Edit } from '../../src/files/edit.ts';
import { partsOf } from '../../src/files/file-text.ts';

const edited = (text: string, old_string: string, new_string: string, replace_all?: boolean): string =>
  applyEdits(text, [{ old_string, new_string, replace_all }]).text;

describe('an edit', () => {
  test('replaces the one place that it names', () => {
    expect(edited('a b c', 'b', 'B')).toBe('a B c');
  });

  test('is refused where it names several, unless all are meant', () => {
    expect(() => edited('x\nx\nx', 'x', 'y')).toThrow(
      expect.objectContaining({
        code: 'several_matches',
        message: 'old_string is there 3 times, on lines 1, 2, 3',
      }),
    );
    expect(edited('x\nx\nx', 'x', 'y', true)).toBe('y\ny\ny');
  });

  test('counts places that overlap once, from the front, whatever the lines end with', () => {
    expect(edited('aaaaa', 'aa', 'b', true)).toBe('bba');
    expect(edited('aaaaa\r', 'aa', 'b', true)).toBe('bba\r');
  });

  test('means its words as they are, whatever they mean elsewhere', () => {
    expect(edited('a.*b (c) [d] $& \\', '.*b (c) [d] $& \\', '$1 $& \\n')).toBe('a$1 $& \\n');
  });

  test('does nothing when there is nothing to do', () => {
    expect(() => edited('a', 'a', 'a')).toThrow(expect.objectContaining({ code: 'nothing_to_do' }));
    expect(() => edited('a', '', 'b')).toThrow(expect.objectContaining({ code: 'no_match' }));
  });
});

describe('line ends', () => {
  test('of a file are met by any, and new lines end as those around them', () => {
    expect(edited('a\r\nb\r\nc\r\n', 'a\nb', 'A\nX\nB')).toBe('A\r\nX\r\nB\r\nc\r\n');
    expect(edited('a\nb\nc', 'a\r\nb', 'A\r\nB')).toBe('A\nB\nc');
    expect(edited('a\rb\rc', 'b\nc', 'B\nC')).toBe('a\rB\rC');
  });

  test('that are mixed stay so elsewhere', () => {
    expect(edited('1\n2\r\n3\r\n4\n5', '3', 'x\ny')).toBe('1\n2\r\nx\r\ny\r\n4\n5');
    expect(edited('1\n2\r\n3\r\n4\n5', '5', 'x\ny')).toBe('1\n2\r\n3\r\n4\nx\ny');
    expect(edited('1', '1', 'x\ny')).toBe('x\ny');
    expect(edited('1\r\n', '1', 'x\ny')).toBe('x\r\ny\r\n');
  });
});

describe('several edits', () => {
  test('are applied one after the other, and where they are is told in lines of the result', () => {
    const { text, replaced, changed } = applyEdits('a\nb\nc\nd\n', [
      { old_string: 'd', new_string: 'D' },
      { old_string: 'a', new_string: 'A\nA' },
      { old_string: 'A\nA', new_string: 'A' },
    ]);
    expect({ text, replaced }).toEqual({ text: 'A\nb\nc\nD\n', replaced: 3 });
    expect(changed.map(({ from }) => from)).toEqual([4, 1, 1]);
  });

  test('are all refused when one is', () => {
    const edits = [
      { old_string: 'a', new_string: 'b' },
      { old_string: 'z', new_string: 'y' },
    ];
    expect(() => applyEdits('a', edits)).toThrow(
      expect.objectContaining({ code: 'no_match', message: 'old_string of edit 2 is not in the file' }),
    );
  });
});

describe('bytes of a plain text', () => {
  const asText = (text: string, edits: readonly Edit[]) => {
    const { text: result, lines, changed, replaced } = applyEdits(text, edits);
    return { text: result, replaced, parts: partsOf(lines, changed) };
  };
  const asBytes = (text: string, edits: readonly Edit[]) => {
    const done = applyToBytes(Buffer.from(text), edits);
    if (done === null) return null;
    const { bytes, ...rest } = done;
    return { text: bytes.toString(), ...rest };
  };

  test('become what the text would, wherever the edits are', () => {
    // all short texts of two letters and a line feed, with each of these edits and pairs of them
    const words = (length: number): readonly string[] =>
      length === 0
        ? ['']
        : words(length - 1).flatMap((word) => ['a', 'b', '\n'].map((letter) => word + letter));
    const texts = [...words(5), ...words(3).map((word) => `1\n2\n3\n${word}4\n5\n6`)];
    const single = ['a', 'b', '\n', 'a\nb', 'ab', 'ba\n'].flatMap((old_string) =>
      ['', 'b', 'x\r\ny', '\n'].flatMap((new_string) =>
        [true, false].map((replace_all): Edit => ({ old_string, new_string, replace_all })),
      ),
    );
    const pairs = single.map((edit, at): readonly Edit[] => [
      edit,
      single[(at * 7 + 3) % single.length] ?? edit,
    ]);
    let met = 0;
    for (const text of texts)
      for (const edits of [...single.map((edit) => [edit]), ...pairs]) {
        const done = asBytes(text, edits);
        if (done === null) expect(() => applyEdits(text, edits)).toThrow();
        else if (JSON.stringify(done) !== JSON.stringify(asText(text, edits)))
          expect([text, edits, done]).toEqual([text, edits, asText(text, edits)]);
        else met += 1;
      }
    expect(met).toBeGreaterThan(5_000);
  });

  test.each([
    ['é', 'a', 'b'],
    ['a\r\n', 'a', 'b'],
    ['a\0', 'a', 'b'],
    ['a', 'a', 'é'],
    ['a'.repeat(500), 'a', 'b'],
  ])('%j are left to the text', (text, old_string, new_string) => {
    expect(asBytes(text, [{ old_string, new_string, replace_all: true }])).toBe(null);
  });
});

describe('a miss', () => {
  const hintOf = (text: string, words: string): string => {
    try {
      edited(text, words, 'x');
    } catch (error) {
      return error instanceof Error && 'hint' in error ? String(error.hint) : '';
    }
    return 'it was found';
  };

  test('says where the words nearly are, and what differs', () => {
    const text = 'start\n  if (a) {\n    run();\n  }\nend\n';
    expect(hintOf(text, 'if (a) {\n  run();\n}')).toBe(
      'The nearest is on line 2, which differs in line 1 of it: there is "  if (a) {", and given was "if (a) {".',
    );
    expect(hintOf('say “hello”\n', 'say "hello"')).toContain('there is "say “hello”"');
    expect(hintOf(text, 'nothing of this')).toBe('Read the file, and give its words as they are.');
  });

  test('is said in bounded time in a large file', () => {
    const line = 'the same line again';
    const text = `${line}\n`.repeat(100_000);
    expect(hintOf(text, `${line}\n${line}!\n${line}`)).toContain('The nearest is on line');
  });
});

test('a replacement in a hundred thousand places is made in bounded time', () => {
  const text = 'a word\n'.repeat(100_000);
  const { replaced, text: result } = applyEdits(text, [
    { old_string: 'word', new_string: 'name', replace_all: true },
    { old_string: 'e\n', new_string: 'ed\n', replace_all: true },
  ]);
  expect([replaced, result === 'a named\n'.repeat(100_000)]).toEqual([200_000, true]);
});
