import fc from 'fast-check';
import { describe, expect, it, test } from 'vitest';
import {
  MODIFIERS,
  characterOfKey,
  formatCombo,
  parseCombo,
  parseKeys,
  type Modifier,
} from '../../src/index.ts';
import { NAMED_KEYS } from '../../src/keys/key-names.ts';

const canonical = (text: string): string => {
  const result = parseCombo(text);
  return result.ok ? formatCombo(result.combo) : result.problem.code;
};

const SPELLINGS: Readonly<Record<string, readonly string[]>> = {
  'ctrl+c': [
    'ctrl+c',
    'CTRL+C',
    'Ctrl+C',
    'Control+c',
    'Control_L+c',
    'control+c',
    '⌃C',
    'Ctrl-C',
    'ctrl-c',
    'Ctrl + C',
    'c+ctrl',
  ],
  'ctrl+shift+t': [
    'ctrl+shift+t',
    'shift+ctrl+t',
    'ctrl+T',
    'Control_L+T',
    'CTRL+SHIFT+T',
    'ctrl+shift+T',
    'Ctrl+Shift+T',
    '⌃⇧T',
  ],
  'shift+super+t': [
    '⌘⇧T',
    '⇧⌘T',
    'cmd+shift+t',
    'Cmd+Shift+T',
    'super+T',
    'META+SHIFT+T',
    'Super_L+Shift_R+t',
    'win+shift+t',
  ],
  'super+r': [
    'Win+R',
    'win+r',
    'WIN+R',
    'cmd+r',
    'meta+r',
    'hyper+r',
    'Hyper_R+r',
    'command+r',
    '⌘R',
    '⌘+R',
    'os+r',
  ],
  'alt+F4': [
    'alt+F4',
    'Alt+F4',
    'ALT+F4',
    'opt+f4',
    'option+F4',
    '⌥F4',
    'AltGr+F4',
    'Alt_R+F4',
    'ISO_Level3_Shift+F4',
  ],
  Return: ['Return', 'return', 'ENTER', 'Enter', 'enter', '⏎', '\u21a9'],
  Prior: ['Prior', 'Page_Up', 'PgUp', 'PageUp', 'PAGEUP', 'page up', 'Page-Up', '⇞'],
  Left: ['Left', 'ARROWLEFT', 'ArrowLeft', 'left', 'left arrow', '←'],
  Escape: ['Escape', 'Esc', 'ESC', 'escape', '⎋'],
  BackSpace: ['BackSpace', 'Backspace', 'BACKSPACE', 'bksp', '⌫'],
  space: ['space', 'SPACE', 'Space', ' ', 'spacebar'],
  'ctrl+plus': ['ctrl++', 'ctrl+plus', 'Ctrl++', 'CTRL+PLUS', '⌃+', 'ctrl+U002B'],
  'ctrl+minus': ['ctrl+-', 'ctrl+minus', 'ctrl--', 'Ctrl+Minus'],
  plus: ['+', 'plus', 'U+002B'],
  'shift+Tab': ['shift+Tab', 'ISO_Left_Tab', 'BackTab', 'Shift+ISO_Left_Tab'],
  'shift+a': ['A', 'shift+a', 'shift+A', 'U0041'],
  'shift+eacute': ['É', 'Eacute', 'shift+é'],
  U0436: ['ж', 'U0436', 'U+0436'],
  XF86AudioMute: ['XF86AudioMute', 'xf86audiomute', 'mute'],
  Sys_Req: ['SysRq', 'sysrq', 'Sys_Req'],
  super: ['super', 'Super_L', 'cmd', 'Win', 'META', '⌘'],
};

describe('parseCombo', () => {
  for (const [expected, spellings] of Object.entries(SPELLINGS)) {
    test(`reads ${expected} in ${spellings.length} spellings`, () =>
      expect(spellings.map((text) => [text, canonical(text)])).toEqual(
        spellings.map((text) => [text, expected]),
      ));
  }

  it('tells what is wrong, and what may have been meant', () => {
    expect(parseCombo('ctrl+Retrun')).toEqual({
      ok: false,
      problem: {
        code: 'unknown_key',
        text: 'Retrun',
        message: 'There is no key named "Retrun". Did you mean Return?',
        suggestions: ['Return'],
      },
    });
    expect(['', '  ', 'ctrl+', 'a+b', 'ctrl+alt+sysrq+b', 'F99', 'U0007', 'UD800'].map(canonical)).toEqual([
      'empty',
      'empty',
      'empty',
      'several_keys',
      'several_keys',
      'unknown_key',
      'unknown_key',
      'unknown_key',
    ]);
  });

  const anyModifiers = fc.uniqueArray(fc.constantFrom(...MODIFIERS));
  const anyKey = fc.oneof(
    fc.constantFrom(...NAMED_KEYS),
    fc.constantFrom(...Array.from('abcxyz0189+-*/.,;é')),
    fc
      .string({ unit: 'grapheme', minLength: 1, maxLength: 1 })
      .filter((text) => /^[\p{Ll}\p{N}\p{P}]$/u.test(text)),
  );

  it('reads back what formatCombo wrote', () => {
    fc.assert(
      fc.property(anyModifiers, anyKey, (modifiers, key) => {
        const text = canonical([...modifiers, key].join('+'));
        expect(canonical(text)).toBe(text);
      }),
    );
  });

  const WORDS: Readonly<Record<Modifier, readonly string[]>> = {
    ctrl: ['ctrl', 'control', 'Control_L', 'Control_R'],
    alt: ['alt', 'opt', 'option', 'Alt_L', 'Alt_R', 'altgr'],
    shift: ['shift', 'Shift_L', 'Shift_R'],
    super: ['super', 'cmd', 'win', 'meta', 'Super_L', 'Super_R', 'Meta_L', 'Hyper_L'],
  };

  it('means the same in every spelling and order of the modifiers', () => {
    fc.assert(
      fc.property(anyModifiers, anyKey, fc.infiniteStream(fc.nat()), (modifiers, key, choices) => {
        const words = modifiers.map((modifier) => {
          const spellings = WORDS[modifier];
          return spellings[choices.next().value % spellings.length] ?? modifier;
        });
        expect(canonical([...words.toReversed(), key].join('+'))).toBe(
          canonical([...modifiers, key].join('+')),
        );
      }),
    );
  });
});

describe('parseKeys', () => {
  const list = (keys: string | readonly string[]): string => {
    const result = parseKeys(keys);
    return result.ok ? result.combos.map(formatCombo).join(' ') : result.problem.code;
  };

  it('reads several combos from a text with blanks, as xdotool does', () => {
    expect(list('ctrl+a Delete  Page_Up')).toBe('ctrl+a Delete Prior');
    expect(list(' ctrl + a ')).toBe('ctrl+a');
    expect(list(' ')).toBe('space');
  });

  it('reads a list of names as one combo and a list of combos as several', () => {
    expect(list(['CTRL', 'C'])).toBe('ctrl+c');
    expect(list(['ctrl', 'shift', 'T'])).toBe('ctrl+shift+t');
    expect(list(['ENTER'])).toBe('Return');
    expect(list(['CTRL', '+'])).toBe('ctrl+plus');
    expect(list(['ctrl+a', 'Delete'])).toBe('ctrl+a Delete');
    expect(list(['a', 'b'])).toBe('several_keys');
    expect(list([])).toBe('empty');
    expect(list('')).toBe('empty');
  });
});

describe('characterOfKey', () => {
  it('gives the character that a key types, and none for other keys', () => {
    expect(['a', 'plus', 'eacute', 'EuroSign', 'U0436', 'Return', 'F1'].map(characterOfKey)).toEqual([
      'a',
      '+',
      'é',
      '€',
      'ж',
      null,
      null,
    ]);
  });
});
