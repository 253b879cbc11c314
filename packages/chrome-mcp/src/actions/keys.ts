import type { Modifier } from './pointing.ts';

/** A key as the browser is told of it, after the standard keyboard of the United States. */
export interface Key {
  /** `KeyboardEvent.key`. */
  readonly key: string;
  /** `KeyboardEvent.code`: its place on the keyboard; empty for a character that is on none. */
  readonly code: string;
  /** The old `keyCode`, which is the virtual key of Windows. */
  readonly keyCode: number;
  /** What it types. */
  readonly text: string;
  /** 1 left, 2 right, 3 the number pad. */
  readonly location: number;
}

export interface Combo {
  readonly modifiers: readonly Modifier[];
  readonly key: Key;
}

type Row = readonly [key: string, code: string, keyCode: number, text?: string, location?: number];

const NAMED: readonly Row[] = [
  ['Enter', 'Enter', 13, '\r'],
  ['Tab', 'Tab', 9],
  ['Escape', 'Escape', 27],
  ['Backspace', 'Backspace', 8],
  ['Delete', 'Delete', 46],
  ['Insert', 'Insert', 45],
  ['Home', 'Home', 36],
  ['End', 'End', 35],
  ['PageUp', 'PageUp', 33],
  ['PageDown', 'PageDown', 34],
  ['ArrowLeft', 'ArrowLeft', 37],
  ['ArrowUp', 'ArrowUp', 38],
  ['ArrowRight', 'ArrowRight', 39],
  ['ArrowDown', 'ArrowDown', 40],
  ['ContextMenu', 'ContextMenu', 93],
  ['CapsLock', 'CapsLock', 20],
  ['NumLock', 'NumLock', 144],
  ['ScrollLock', 'ScrollLock', 145],
  ['Pause', 'Pause', 19],
  ['PrintScreen', 'PrintScreen', 44],
  ['Shift', 'ShiftLeft', 16, '', 1],
  ['Control', 'ControlLeft', 17, '', 1],
  ['Alt', 'AltLeft', 18, '', 1],
  ['Meta', 'MetaLeft', 91, '', 1],
  ...Array.from({ length: 12 }, (_, index): Row => [`F${index + 1}`, `F${index + 1}`, 112 + index]),
];

/** Code, key code, and what the key types without and with Shift. */
const PRINTED: readonly (readonly [code: string, keyCode: number, plain: string, shifted: string])[] = [
  ...Array.from('abcdefghijklmnopqrstuvwxyz', (letter) => {
    const upper = letter.toUpperCase();
    return [`Key${upper}`, upper.charCodeAt(0), letter, upper] as const;
  }),
  ...Array.from(
    ')!@#$%^&*(',
    (shifted, digit) => [`Digit${digit}`, 48 + digit, String(digit), shifted] as const,
  ),
  ['Space', 32, ' ', ' '],
  ['Minus', 189, '-', '_'],
  ['Equal', 187, '=', '+'],
  ['BracketLeft', 219, '[', '{'],
  ['BracketRight', 221, ']', '}'],
  ['Backslash', 220, '\\', '|'],
  ['Semicolon', 186, ';', ':'],
  ['Quote', 222, "'", '"'],
  ['Backquote', 192, '`', '~'],
  ['Comma', 188, ',', '<'],
  ['Period', 190, '.', '>'],
  ['Slash', 191, '/', '?'],
];

/** Other names that people and other tools use. */
const ALIASES: Readonly<Record<string, string>> = {
  return: 'Enter',
  esc: 'Escape',
  del: 'Delete',
  ins: 'Insert',
  space: ' ',
  spacebar: ' ',
  plus: '+',
  left: 'ArrowLeft',
  up: 'ArrowUp',
  right: 'ArrowRight',
  down: 'ArrowDown',
  pgup: 'PageUp',
  page_up: 'PageUp',
  pgdn: 'PageDown',
  page_down: 'PageDown',
  ctrl: 'Control',
  cmd: 'Meta',
  command: 'Meta',
  super: 'Meta',
  win: 'Meta',
  option: 'Alt',
};

const MODIFIERS: readonly Modifier[] = ['Alt', 'Control', 'Meta', 'Shift'];

const isModifier = (name: string): name is Modifier => MODIFIERS.some((modifier) => modifier === name);

/** A character, typed by the key that has it, or by none. */
export function characterKey(character: string): Key {
  const row = PRINTED.find(([, , plain, shifted]) => plain === character || shifted === character);
  if (character === '\n' || character === '\r') return namedKey('Enter') ?? plainKey(character);
  if (row === undefined) return plainKey(character);
  const [code, keyCode] = row;
  return { key: character, code, keyCode, text: character, location: 0 };
}

const plainKey = (character: string): Key => ({
  key: character,
  code: '',
  keyCode: 0,
  text: character,
  location: 0,
});

function namedKey(name: string): Key | null {
  const wanted = name.toLowerCase();
  const row =
    NAMED.find(([key]) => key.toLowerCase() === wanted) ??
    NAMED.find(([, code]) => code.toLowerCase() === wanted);
  if (row === undefined) return null;
  const [key, code, keyCode, text = '', location = 0] = row;
  return { key, code, keyCode, text, location };
}

/** `Control+A`, `ArrowDown`, `é`: names in any case, joined by `+`; `null` for a name that no keyboard knows. */
export function parseCombo(text: string): Combo | { readonly unknown: string } {
  // "Control++" presses plus, and so does "+"
  const parts =
    text === '+' ? ['+'] : text.endsWith('++') ? [...text.slice(0, -2).split('+'), '+'] : text.split('+');
  const names = parts.map((part) => ALIASES[part.toLowerCase()] ?? part);
  const last = names.at(-1) ?? '';
  const held = names.slice(0, -1).map((name) => namedKey(name)?.key ?? name);
  const odd = held.find((name) => !isModifier(name));
  if (odd !== undefined) return { unknown: odd };
  const modifiers = held.filter(isModifier);
  const key = keyNamed(last, modifiers);
  return key === null ? { unknown: last } : { modifiers, key };
}

function keyNamed(name: string, modifiers: readonly Modifier[]): Key | null {
  if (Array.from(name).length !== 1) return namedKey(name) ?? codeKey(name);
  const shift = modifiers.includes('Shift');
  const row = PRINTED.find(([, , plain, shifted]) => plain === name || shifted === name);
  // "Control+A" means the key, as it is written on it
  const isCommand = modifiers.some((modifier) => modifier !== 'Shift');
  if (row === undefined) return plainKey(name);
  const [, , plain, shifted] = row;
  return characterKey(shift ? shifted : isCommand ? plain : name);
}

/** By its place: `KeyA`, `Digit1`. */
function codeKey(name: string): Key | null {
  const row = PRINTED.find(([code]) => code.toLowerCase() === name.toLowerCase());
  return row === undefined ? null : characterKey(row[2]);
}

/** Names like one that is unknown. */
export function keysLike(name: string): readonly string[] {
  const start = name.toLowerCase().slice(0, 3);
  const all = NAMED.map(([key]) => key);
  const near = all.filter((key) => key.toLowerCase().includes(start));
  return near.length > 0 ? near.slice(0, 5) : ['Enter', 'Escape', 'Tab', 'ArrowDown', 'PageDown'];
}
