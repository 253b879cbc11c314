import { quotedField } from './shell-state.ts';
import { inTable } from './table.ts';
import type { Field } from './words.ts';

type Build = (words: string, after: readonly Field[]) => string;

const asItIs: Build = (words) => words;
const perLine: Build = (words) => `${words} 0 line`;

/** Options of commands that are a script for a shell, or make one. */
const SCRIPTS: Readonly<Record<string, { readonly option: RegExp; readonly script: Build }>> = {
  // what it splits by rules of its own is little else than a line for a shell
  env: {
    option: /^(?:-[a-zA-Z0]*S|--split-string(?:=|$))/,
    script: (words, after) => [words, ...after.map(quotedField)].join(' '),
  },
  script: { option: /^(?:-[a-zA-Z]*c|--command(?:=|$))/, script: asItIs },
  flock: { option: /^(?:-[a-zA-Z]*c|--command(?:=|$))/, script: asItIs },
  split: { option: /^--filter(?:=|$)/, script: asItIs },
  man: { option: /^(?:-P|--pager(?:=|$))/, script: asItIs },
  mapfile: { option: /^-[a-zA-Z]*C/, script: perLine },
  readarray: { option: /^-[a-zA-Z]*C/, script: perLine },
};

/** What a shell or its like is given to run in an option of another command; `null` for none. */
export function innerScript(name: string, rest: readonly Field[]): string | null {
  if (name === 'compgen') return completions(rest);
  const known = inTable(SCRIPTS, name);
  if (known === undefined) return null;
  const at = rest.findIndex(({ text }) => known.option.test(text));
  const [option, ...after] = at < 0 ? [] : rest.slice(at);
  if (option === undefined) return null;
  const joined = option.text.replace(known.option, '');
  return joined === '' ? known.script(after[0]?.text ?? '', after.slice(1)) : known.script(joined, after);
}

/** Words to complete are expanded, and a command for them is run. */
function completions(rest: readonly Field[]): string {
  const after = (option: string): readonly string[] =>
    rest.flatMap(({ text }, at) => (text === option ? [rest[at + 1]?.text ?? ''] : []));
  return [...after('-C'), ...after('-W').map((words) => `: ${words}`)].join('\n');
}

/** An index that runs a command, in words that a shell counts with later. */
const INDEX = /[A-Za-z_]\w*\[[^\]]*(?:\$\(|`)/;

/** What is in a value is run when the shell counts with it. */
export const runsWhenCounted = (text: string): boolean => INDEX.test(text);

/** Builtins that count with what they are given, or take it for the name of an element. */
export const COUNTING =
  /^(?:\[|test|let|unset|read|mapfile|readarray|printf|getopts|wait|declare|typeset|local|export|readonly|shift|exit|return|ulimit)$/;
