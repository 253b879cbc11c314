import { interpreterOf } from './interpreters.ts';
import { pathsOf } from './places.ts';
import { SHELLS } from './run-files.ts';
import type { Scope } from './scope.ts';
import type { Field } from './words.ts';

const OF_SYSTEM = /^\/(?:usr\/(?:local\/)?)?s?bin\//;

export const lastOf = (path: string): string => path.slice(path.lastIndexOf('/') + 1);

/** A program of the system goes by its name, whatever path leads to it. */
export function programName(field: Field, scope: Scope): string {
  const isOfSystem = field.text.includes('/') && pathsOf(field, scope).some((path) => OF_SYSTEM.test(path));
  return isOfSystem ? lastOf(field.text) : field.text;
}

/** Whether it is one for certain: it may be a file of this name in another folder. */
export const isOfSystem = (field: Field, scope: Scope): boolean =>
  pathsOf(field, scope).every((path) => OF_SYSTEM.test(path));

/** What deletes. */
const DELETES = /^(?:rm|shred|dd|mkfs(?:\.\w+)?|wipefs)$/;

export const isDeleting = (text: string): boolean => DELETES.test(lastOf(text));

/** Programs that are worth a look behind the name of one that is not known, which may start them. */
export function isGrave(text: string): boolean {
  const name = lastOf(text);
  return DELETES.test(name) || name === 'find' || SHELLS.test(name) || interpreterOf(name) !== null;
}

const RUNNERS = /^(?:(?:uv|poetry|pipenv|pdm|rye|hatch|conda) run|(?:bundle|pnpm|yarn|npm|direnv) exec)$/;

/** Where the command begins that a program such as `poetry run` starts; `null` for other programs. */
export function startedBy(name: string, rest: readonly Field[]): readonly Field[] | null {
  if (!RUNNERS.test(`${name} ${rest[0]?.text ?? ''}`)) return null;
  const at = rest.findIndex(({ text }, index) => index > 0 && !text.startsWith('-'));
  return at < 0 || !isGrave(rest[at]?.text ?? '') ? null : rest.slice(at);
}
