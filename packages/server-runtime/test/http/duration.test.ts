import { expect, test } from 'vitest';
import { parseDuration } from '../../src/index.ts';

test.each([
  ['500ms', 500],
  ['90s', 90_000],
  ['30m', 1_800_000],
  ['12h', 43_200_000],
  ['7d', 604_800_000],
  ['2w', 1_209_600_000],
  ['', undefined],
  ['7', undefined],
  ['0d', undefined],
  ['-1d', undefined],
  ['1.5h', undefined],
  ['7D', undefined],
  ['7 d', undefined],
  ['7d ', undefined],
  ['9999999999d', undefined],
])('%j lasts %j ms', (text, ms) => {
  expect(parseDuration(text)).toBe(ms);
});
