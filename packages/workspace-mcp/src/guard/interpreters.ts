import type { Field } from './words.ts';

/** How a program is told what to run in its language. */
interface Interpreter {
  /** Options that are given a program: what is joined to them, or else the next word. */
  readonly inline: RegExp;
  /** Other options that take the next word. */
  readonly values?: RegExp;
  /** Options with which it runs nothing that comes on stdin. */
  readonly apart?: RegExp;
}

const INTERPRETERS = new Map<string, Interpreter>([
  ['python', { inline: /^-[^-WXmc]*c(.*)$/s, values: /^-[a-zA-Z]*[WX]$/ }],
  ['perl', { inline: /^-[0-9acdfghilnpstuvwxCDSTUVWX]*[eE](.*)$/s, values: /^-I$/ }],
  ['ruby', { inline: /^-[0-9adhilnpsvwySW]*e(.*)$/s, values: /^-[rICEK]$/ }],
  [
    'node',
    {
      inline: /^(?:-[ep]+|--eval|--print)(?:=(.*))?$/s,
      values: /^(?:-r|-C|--(?:require|import|loader|env-file|conditions))$/,
      apart: /^--(?:test|v8-options)$/,
    },
  ],
  ['bun', { inline: /^(?:-[ep]|--eval|--print)(?:=(.*))?$/s, values: /^(?:-r|--preload)$/ }],
  ['deno', { inline: /^eval$/ }],
  [
    'tsx',
    {
      inline: /^(?:-[ep]+|--eval|--print)(?:=(.*))?$/s,
      values: /^(?:-[rPO]|--(?:require|import|project))$/,
    },
  ],
  [
    'php',
    {
      inline: /^-[aCeHinqsw]*[rBRE](.*)$/s,
      values: /^-[dct]$/,
      apart: /^(?:-[mi]|--(?:modules|info|ini))$/,
    },
  ],
  ['lua', { inline: /^-e(.*)$/s, values: /^-l$/ }],
]);
const OTHER_NAMES = new Map([
  ['pypy', 'python'],
  ['ipython', 'python'],
  ['nodejs', 'node'],
  ['ts-node', 'tsx'],
  ['jruby', 'ruby'],
]);
const STDIN = /^(?:-|\/dev\/(?:stdin|fd\/0))$/;

/** The interpreter that a program is, without its version; `null` for other programs. */
export function interpreterOf(name: string): string | null {
  const plain = name.replace(/-?\d[\d.]*$/, '');
  const known = OTHER_NAMES.get(plain) ?? plain;
  return INTERPRETERS.has(known) ? known : null;
}

/** Where the program is that an interpreter is to run. */
export interface Source {
  /** All that is given in the line; `null` for nothing. */
  readonly inLine: string | null;
  readonly file: string;
  readonly isOfStdin: boolean;
}

/** Reads the arguments of an interpreter, of which `name` has no version. */
export function sourceOf(name: string, rest: readonly Field[]): Source {
  const { inline = /^$/, values, apart } = INTERPRETERS.get(name) ?? {};
  const words = rest.map(({ text }) => text);
  const given = words.flatMap((text, at) => {
    const joined = inline.exec(text);
    return joined === null ? [] : [joined[1] || (words[at + 1] ?? '')];
  });
  const isValue = (at: number): boolean => values?.test(words[at - 1] ?? '') === true;
  const file = words.find((text, at) => (text === '-' || !text.startsWith('-')) && !isValue(at)) ?? '';
  const isOfStdin = (file === '' || STDIN.test(file)) && !words.some((text) => apart?.test(text) === true);
  return { inLine: given.length === 0 ? null : given.join('\n'), file, isOfStdin };
}
