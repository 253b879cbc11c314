import { expect, test } from 'vitest';
import { formatRef, parseRef } from '../../src/core/ref.ts';

test.each([
  ['e12', { frame: 0, node: 12 }],
  [' e1 ', { frame: 0, node: 1 }],
  ['f3e12', { frame: 3, node: 12 }],
  ['e0', null],
  ['f0e1', null],
  ['12', null],
  ['e12; drop', null],
  ['f3', null],
  ['e1234567890', null],
  ['', null],
])('%j is read as %j', (text, ref) => {
  expect(parseRef(text)).toEqual(ref);
  if (ref !== null) expect(formatRef(ref)).toBe(text.trim());
});
