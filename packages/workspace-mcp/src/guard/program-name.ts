import { interpreterOf } from './interpreters.ts';
import { pathsOf } from './places.ts';
import { SHELLS } from './run-files.ts';
import type { Scope } from './scope.ts';
import type { Field } from './words.ts';

const OF_SYSTEM = /^\/(?:usr\/(?:local\/)?)?s?bin\//;

const lastOf = (path: string): string => path.slice(path.lastIndexOf('/') + 1);

/** Such as those of `.venv` and `node_modules`. */
const OF_FOLDER = /\/\.?bin\/[^/]+$/;

/** A program of the system goes by its name, whatever path leads to it; so do shells and interpreters elsewhere. */
export function programName(field: Field, scope: Scope): string {
  const name = lastOf(field.text);
  if (name === field.text) return name;
  const isRunning = SHELLS.test(name) || interpreterOf(name) !== null;
  const isKnown = (path: string): boolean => OF_SYSTEM.test(path) || (isRunning && OF_FOLDER.test(path));
  return pathsOf(field, scope).some(isKnown) ? name : field.text;
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
