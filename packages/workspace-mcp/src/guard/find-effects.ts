import { overwriting, removal, said } from './losses.ts';
import type { Scope } from './scope.ts';
import { ask, harmless, type Effect } from './verdict.ts';
import type { Field } from './words.ts';

/** Tests of find that leave something out. */
const FILTERS =
  /^-(i?name|i?path|i?regex|mtime|mmin|atime|ctime|newer\w*|size|empty|user|group|perm|inum|links)$/;

/** Behind what comes before the places where it looks. */
function firstPlace(fields: readonly Field[]): number {
  let at = 0;
  while (/^-(?:[HLP]|O\d?|D)$/.test(fields[at]?.text ?? '')) at += fields[at]?.text === '-D' ? 2 : 1;
  return at;
}

function firstTest(fields: readonly Field[]): number {
  const before = firstPlace(fields);
  const at = fields.slice(before).findIndex(({ text }) => /^[-(!]/.test(text));
  return at < 0 ? fields.length : before + at;
}

const testsOf = (fields: readonly Field[]): readonly string[] =>
  fields.slice(firstTest(fields)).map(({ text }) => text);

/** Where it looks. */
export function startsOf(fields: readonly Field[]): readonly Field[] {
  const places = fields.slice(firstPlace(fields), firstTest(fields));
  return places.length === 0 ? [{ text: '.', isPattern: false }] : places;
}

/** Nothing is left out of where it looks. */
const isWhole = (fields: readonly Field[]): boolean => !testsOf(fields).some((text) => FILTERS.test(text));

/** Among what it finds are the places where it looks, and it tells of them. */
export const printsStarts = (fields: readonly Field[]): boolean =>
  testsOf(fields).every((text) => /^(?:-maxdepth|\d+|-type|d|-print0?)$/.test(text));

/** What find does with what it finds. */
export function findEffects(fields: readonly Field[], scope: Scope): readonly Effect[] {
  const [starts, tests] = [startsOf(fields), testsOf(fields)];
  const isRemoving = tests.includes('-delete') || commandsOf(fields).some(([first]) => removes(first));
  const written = fields.flatMap((field, index) =>
    /^-f(?:print[0f]?|ls)$/.test(fields[index - 1]?.text ?? '') ? [overwriting(field, scope)] : [],
  );
  if (!isRemoving) return [harmless, ...written];
  const removed = starts.map((field) => {
    const effect = removal(field, scope, 'it deletes');
    return effect.decision === 'deny' && !isWhole(fields)
      ? ask(`it deletes what it finds in ${said(field)}`)
      : effect;
  });
  return [...removed, ...written];
}

/** What is deleted is judged by where find looks. */
export const removes = (program: Field | undefined): boolean =>
  /^(.*\/)?(rm|shred|unlink|truncate)$/.test(program?.text ?? '');

/** The commands that find runs for what it finds. */
export function commandsOf(fields: readonly Field[]): readonly (readonly Field[])[] {
  const commands: Field[][] = [];
  let command: Field[] | null = null;
  for (const field of fields) {
    if (command === null) {
      if (/^-(exec|execdir|ok|okdir)$/.test(field.text)) commands.push((command = []));
    } else if (field.text === ';' || (field.text === '+' && command.at(-1)?.text === '{}')) command = null;
    else command.push(field);
  }
  return commands;
}
