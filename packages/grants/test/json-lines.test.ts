import { describe, expect, test } from 'vitest';
import { jsonLines } from '../src/json-lines.ts';

const text = `{
  "version": 1,
  "grants": [
    { "id": "a\\u00e9", "n": [-1.5e3, true, null] },
    {
      "id": "b"
    }
  ]
}
`;

const isJson = (candidate: string): boolean => {
  try {
    JSON.parse(candidate);
    return true;
  } catch {
    return false;
  }
};

describe('lines of a JSON text', () => {
  const paths: readonly [(string | number)[], number][] = [
    [[], 1],
    [['version'], 2],
    [['grants'], 3],
    [['grants', 0, 'n', 2], 4],
    [['grants', 1], 5],
    [['grants', 1, 'id'], 6],
    [['grants', 1, 'missing'], 5],
    [['missing'], 1],
  ];
  test.each(paths)('are found by path: %j is on line %i', (path, line) => {
    expect(jsonLines(text).lineOf(path)).toBe(line);
  });

  const faults: readonly [string, string, number][] = [
    ['a missing comma', text.replace('},\n', '}\n'), 5],
    ['a comma too many', text.replace('"b"', '"b",'), 7],
    ['a comment', text.replace('"b"', '"b" // mine'), 6],
    ['an end too early', text.slice(0, 60), 4],
    ['nothing at all', '', 1],
    ['text after the end', `${text}x`, 10],
  ];
  test.each(faults)('tell where %s is', (_fault, faulty, line) => {
    expect(jsonLines(faulty).fault).toBe(line);
  });

  test('agree with JSON.parse on what is JSON, for every one-character change', () => {
    const disagreed: string[] = [];
    for (let at = 0; at < text.length; at++) {
      for (const character of ['', '"', ',', '}', ']', '0', '.', '\\', ' ', '\n', 'e', '-']) {
        const changed = text.slice(0, at) + character + text.slice(at + 1);
        if ((jsonLines(changed).fault === undefined) !== isJson(changed)) disagreed.push(changed);
      }
    }
    expect(disagreed).toEqual([]);
  });
});
