import { describe, expect, test } from 'vitest';
import { KEYSYM, Keymap, keysymsOf, unicodeKeysym } from '../../src/core/keymap.ts';

const FIRST = 8;
const DE: readonly (readonly number[])[] = [
  [0, 0, 0, 0, 0, 0, 0],
  [0x71, 0x51, 0x71, 0x51, 0x40, 0x7d9, 0],
  [0x65, 0x45, 0x65, 0x45, 0x20ac, 0, 0],
  [KEYSYM.ISO_Level3_Shift, 0, 0, 0, 0, 0, 0],
  [0, 0, 0, 0, 0, 0, 0],
  [0x79, 0x59, 0x441, 0x421, 0, 0, 0],
];
const keymap = new Keymap(DE, FIRST, new Set([12]));

describe('a symbol is found with what must be held for it', () => {
  test.each([
    ['q', 0x71, { keycode: 9, shift: false, level3: false }],
    ['Q', 0x51, { keycode: 9, shift: true, level3: false }],
    ['@', 0x40, { keycode: 9, shift: false, level3: true }],
    ['a euro sign', 0x20ac, { keycode: 10, shift: false, level3: true }],
  ])('%s in the first layout', (_, keysym, place) => {
    expect(keymap.place(keysym, 0)).toEqual(place);
  });

  test('a letter of the second layout only when that one is active', () => {
    expect(keymap.place(0x441, 0)).toBeNull();
    expect(keymap.place(0x441, 1)).toEqual({ keycode: 13, shift: false, level3: false });
    expect(keymap.place(0x421, 1)).toEqual({ keycode: 13, shift: true, level3: false });
  });

  test('nothing in layouts that the core protocol does not list', () => {
    expect(keymap.place(0x71, 2)).toBeNull();
  });
});

test('third levels do not exist on a keyboard without their modifier', () => {
  const plain = new Keymap(
    DE.filter((row) => row[0] !== KEYSYM.ISO_Level3_Shift),
    FIRST,
    new Set(),
  );
  expect(plain.place(0x40, 0)).toBeNull();
  expect(plain.place(0x71, 0)).not.toBeNull();
});

test('keys without symbols can be borrowed, unless they act as modifiers', () => {
  expect(keymap.unused()).toEqual([8]);
});

describe('text becomes keysyms', () => {
  test.each([
    ['a', [0x61]],
    ['é', [0xe9]],
    ['€', [0x010020ac]],
    ['😀', [0x0101f600]],
    ['a\nb', [0x61, KEYSYM.Return, 0x62]],
    ['a\r\nb', [0x61, KEYSYM.Return, 0x62]],
    ['\t', [KEYSYM.Tab]],
  ])('%j', (text, keysyms) => {
    expect(keysymsOf(text)).toEqual(keysyms);
  });

  test.each([
    ['a\u0007', { index: 1, codePoint: 7 }],
    ['\ud800x', { index: 0, codePoint: 0xd800 }],
    ['\u0085', { index: 0, codePoint: 0x85 }],
  ])('%j is refused, with the place', (text, problem) => {
    expect(keysymsOf(text)).toEqual(problem);
  });
});

test('Latin-1 keysyms are the code points themselves, and others are offset', () => {
  expect([0x20, 0x7e, 0xa0, 0xff, 0x100].map(unicodeKeysym)).toEqual([0x20, 0x7e, 0xa0, 0xff, 0x01000100]);
});
