import { createHash } from 'node:crypto';
import { describe, expect, test } from 'vitest';
import { z } from 'zod';
import { canonicalJson, digestJson, type Json } from '../src/canonical-json.ts';

describe('canonical JSON', () => {
  const table: readonly [string, Json, string][] = [
    ['sorts keys at every depth', { b: 1, a: { d: 2, c: 3 } }, '{"a":{"c":3,"d":2},"b":1}'],
    ['sorts keys by UTF-16 code unit', { '😀': 1, ﬁ: 2, z: 3 }, '{"z":3,"😀":1,"ﬁ":2}'],
    ['keeps the order of lists', [3, 1, [2]], '[3,1,[2]]'],
    ['leaves out undefined properties', { a: undefined, b: null }, '{"b":null}'],
    ['writes numbers as ECMAScript does', [1.0, -0, 1e21, 0.1], '[1,0,1e+21,0.1]'],
    ['escapes what JSON must escape', 'a"\\\n\u0007\u2028', '"a\\"\\\\\\n\\u0007\u2028"'],
    ['escapes lone surrogates', '\ud800', '"\\ud800"'],
    ['writes empty containers', { a: [], b: {} }, '{"a":[],"b":{}}'],
  ];
  test.each(table)('%s', (_sentence, value, expected) => {
    expect(canonicalJson(value)).toBe(expected);
    expect(canonicalJson(z.json().parse(JSON.parse(expected)))).toBe(expected);
  });

  test.each([Number.NaN, Number.POSITIVE_INFINITY])('refuses %s, which JSON cannot say', (value) => {
    expect(() => canonicalJson({ value })).toThrow(TypeError);
  });

  test('digests equal values to the same SHA-256, whatever the order of their keys', () => {
    const digest = createHash('sha256').update('{"x":1,"y":"é"}').digest('hex');
    expect(digestJson({ y: 'é', x: 1 })).toBe(digest);
    expect(digestJson({ x: 1, y: 'é' })).toBe(digest);
  });
});
