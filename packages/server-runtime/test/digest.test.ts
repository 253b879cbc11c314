import { digestJson, type Json } from '@deskhand/run-ledger';
import { expect, it } from 'vitest';
import { canonicalJson, sha256 } from '../src/digest.ts';

it.each<[Json, string]>([
  [{}, '{}'],
  [[], '[]'],
  [[[], {}, [null]], '[[],{},[null]]'],
  [{ b: [1, 'x'], a: { d: true, c: null } }, '{"a":{"c":null,"d":true},"b":[1,"x"]}'],
  [{ 10: 'ten', 9: 'nine', '-': 0 }, '{"-":0,"10":"ten","9":"nine"}'],
  [{ text: 'é"\n\u2028', left: undefined }, '{"text":"é\\"\\n\u2028"}'],
])('equal values have one text, and the digest that the ledger gives them: %j', (value, text) => {
  expect(canonicalJson(value)).toBe(text);
  expect(sha256(value)).toBe(digestJson(value));
});
