import { expect, test } from 'vitest';
import { Recent } from '../src/recent.ts';

test('what was set longest ago is forgotten first, and setting it again keeps it', () => {
  const recent = new Recent<string, number>(2);
  expect(recent.set('a', 1)).toBeUndefined();
  expect(recent.set('b', 2)).toBeUndefined();
  expect(recent.set('a', 3)).toBeUndefined();
  expect(recent.set('c', 4)).toBe(2);
  expect(['a', 'b', 'c'].map((key) => recent.get(key))).toEqual([3, undefined, 4]);
});

test('what was deleted makes room', () => {
  const recent = new Recent<string, number>(1);
  recent.set('a', 1);
  recent.delete('a');
  expect(recent.set('b', 2)).toBeUndefined();
  expect(recent.get('b')).toBe(2);
});
