import { shownName } from '../files/byte-names.ts';
import { isSecret, kindOf, pathsOf } from './places.ts';
import { UNKNOWN, type Scope } from './scope.ts';
import { ask, changing, deny, harmless, type Effect, type Going } from './verdict.ts';
import type { Field } from './words.ts';

export const DISK_INSTEAD = 'Write to a file in a mounted folder.';
const ALL_INSTEAD = 'Name the files and folders that are to go, one level below it or deeper.';

/** What it means that something goes, with everything in it. */
export function removal(field: Field, scope: Scope, how: string): Effect {
  switch (kindOf(field, scope)) {
    case 'all':
      return deny(`${how} everything in ${said(field)}`, ALL_INSTEAD);
    case 'disk':
      return deny(`${how} what a disk has`, DISK_INSTEAD);
    case 'scratch':
    case 'device':
      return harmless;
    case 'anything':
      return ask(`${how} what is not known before it runs: ${said(field)}`);
    case 'mounted':
      return { ...ask(`${how} ${said(field)}`), goes: goingOf(field, scope, true) };
    case 'system':
      return ask(`${how} a part of the system: ${said(field)}`);
  }
}

/** Files that go, as far as their names are known. */
export const goingOf = (field: Field, scope: Scope, isRemoved: boolean): readonly Going[] =>
  pathsOf(field, scope)
    .filter((path) => !path.includes(UNKNOWN))
    .map((path) => ({ path, isPattern: field.isPattern, isRemoved }));

/** Files that may get other content: any that fit, where a part of the name is not known. */
const replacedOf = (field: Field, scope: Scope): readonly Going[] =>
  pathsOf(field, scope).map((path) => ({
    path: path.replaceAll(UNKNOWN, '*'),
    isPattern: field.isPattern || path.includes(UNKNOWN),
    isRemoved: false,
  }));

/** What it means that a file gets other content. */
export function overwriting(field: Field, scope: Scope): Effect {
  if (isSecret(field.text)) return ask(`it writes to a file that has secrets by its name: ${said(field)}`);
  if (
    /(^|\/)(\.git\/(hooks\/|config)|\.(bash|zsh|pro)[a-z_]*(rc|file|env|login|logout)$|\.mcp\.json$|\.vscode\/|\.husky\/|\.envrc$)/.test(
      field.text,
    )
  )
    return ask(`it writes to a file that runs by itself later: ${said(field)}`);
  switch (kindOf(field, scope)) {
    case 'disk':
      return deny('it writes to a disk itself', DISK_INSTEAD);
    case 'anything':
      return ask(`it writes to a place that is not known before it runs: ${said(field)}`);
    case 'all':
      return field.isPattern ? { ...changing, goes: replacedOf(field, scope) } : changing;
    case 'mounted':
      return { ...changing, goes: replacedOf(field, scope) };
    case 'scratch':
    case 'system':
    case 'device':
      return harmless;
  }
}

/** What it means that any files of a folder may get other content. */
export const filling = (folder: string, scope: Scope): Effect =>
  overwriting({ text: `${folder}/*`, isPattern: true }, scope);

/** A word for a person. */
export const said = ({ text }: Field): string => JSON.stringify(shownName(text).replaceAll(UNKNOWN, '…'));
