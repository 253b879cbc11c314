import type { Keystroke } from '../desktop.ts';

/** Something to send in one go: characters, or keys of the library that are pressed together. */
export type Tap =
  | { readonly kind: 'text'; readonly text: string }
  | { readonly kind: 'keys'; readonly keys: readonly number[] };

/**
 * Knows what of nut-js gives exactly a text or a key. Both functions answer for the keyboard as it is now.
 *
 * @throws DesktopLacks when it cannot be sent without the risk of other characters
 */
export interface Typist {
  ofText(text: string): Promise<readonly Tap[]>;
  ofKeystroke(keystroke: Keystroke): Promise<Tap>;
  close(): void;
}

/** A character by which a keystroke is named: a letter, or the X11 name of another one. */
export function characterOf(key: string): string | null {
  const named = CHARACTER_NAMES.get(key);
  if (named !== undefined) return named;
  const [first, ...rest] = Array.from(key);
  return first === undefined || rest.length > 0 ? null : first;
}

const CHARACTER_NAMES: ReadonlyMap<string, string> = new Map(
  Object.entries({
    space: ' ',
    exclam: '!',
    quotedbl: '"',
    numbersign: '#',
    dollar: '$',
    percent: '%',
    ampersand: '&',
    apostrophe: "'",
    parenleft: '(',
    parenright: ')',
    asterisk: '*',
    plus: '+',
    comma: ',',
    minus: '-',
    period: '.',
    slash: '/',
    colon: ':',
    semicolon: ';',
    less: '<',
    equal: '=',
    greater: '>',
    question: '?',
    at: '@',
    bracketleft: '[',
    backslash: '\\',
    bracketright: ']',
    asciicircum: '^',
    underscore: '_',
    grave: '`',
    braceleft: '{',
    bar: '|',
    braceright: '}',
    asciitilde: '~',
  }),
);
