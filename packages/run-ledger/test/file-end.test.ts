import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { startOfLast } from '../src/file-end.ts';
import { temporaryFolder } from './fixture.ts';

test.each([
  ['', 2, 0],
  ['a\n', 2, 0],
  ['a\nb\n', 2, 0],
  ['a\nb\nc\n', 2, 2],
  ['a\nb\nc\ntorn', 2, 2],
  [`a\nb\n${'x'.repeat(200_000)}\n`, 1, 4],
  [`${'x'.repeat(65_535)}\n${'y'.repeat(65_535)}\nz\n`, 2, 65_536],
  ['a\nb\n', 0, 4],
])('of %j the last %i whole lines begin at byte %i', (text, count, start) => {
  const path = join(temporaryFolder(), 'lines');
  writeFileSync(path, text);
  expect(startOfLast(path, count)).toBe(start);
});
