import { expect, test } from 'vitest';
import { loadsTools } from '../src/anthropic/found-tools.ts';

test.each([
  ['claude-opus-5-5', true],
  ['claude-haiku-4-5-20251001', true],
  ['claude-3-7-sonnet-20250219', false],
  ['claude-of-another-service', false],
])('%s can be shown tools later: %s', (name, isSo) => {
  expect(loadsTools(name)).toBe(isSo);
});
