import { argumentsOf } from './arguments.ts';
import { goingOf, overwriting, removal } from './losses.ts';
import { kindOf, pathsOf } from './places.ts';
import { UNKNOWN, type Scope } from './scope.ts';
import { ask, changing, harmless, type Effect } from './verdict.ts';
import type { Field } from './words.ts';

// Programs that put something in another place.

interface Landing {
  readonly sources: readonly Field[];
  /** What each becomes, as far as that is known; else the folder. */
  readonly targets: readonly Field[];
}

const isKnown = ({ text, isPattern }: Field): boolean => !isPattern && !text.includes(UNKNOWN);

/** Where `cp`, `mv` and their like put things: under their own names in what is said to be a folder. */
export function landingOf(fields: readonly Field[]): Landing {
  const { options, operands } = argumentsOf(fields, ['-t', '-S', '-m', '-o', '-g', '--target-directory']);
  const at = options.findIndex((option) => /^(?:-t|--target-directory)$/.test(option));
  const joined = options.map((option) => /^(?:-t|--target-directory=)(.+)$/s.exec(option)?.[1]);
  const into = at >= 0 ? options[at + 1] : joined.find((one) => one !== undefined);
  const target = into === undefined ? operands.at(-1) : { text: into, isPattern: false };
  const sources = into === undefined && operands.length > 1 ? operands.slice(0, -1) : operands;
  if (target === undefined) return { sources, targets: [] };
  const isFolder = into !== undefined || sources.length > 1 || /(?:^|\/)\.{0,2}$/.test(target.text);
  if (!isFolder || !isKnown(target) || !sources.every(isKnown)) return { sources, targets: [target] };
  const named = sources.map(({ text }) => `${target.text}/${text.replace(/\/+$/, '').replace(/^.*\//s, '')}`);
  return { sources, targets: named.map((text) => ({ text, isPattern: false })) };
}

/** Whether a place is in the folders of the person, or one of them. */
const staysIn = (field: Field, scope: Scope): boolean =>
  kindOf(field, scope) === 'mounted' ||
  pathsOf(field, scope).some((path) => scope.surroundings.mounts.includes(path));

/** What leaves the folders of the person is gone for them. */
export function moving(fields: readonly Field[], scope: Scope): readonly Effect[] {
  const { sources, targets } = landingOf(fields);
  const isLeaving = targets.some((field) => !staysIn(field, scope));
  const moved = sources.map((field): Effect => {
    const kind = kindOf(field, scope);
    if (kind === 'all' && !field.isPattern) return removal(field, scope, 'it moves away');
    if (isLeaving && !isKnown(field)) return removal(field, scope, 'it moves away');
    if (field.text.includes(UNKNOWN)) return removal(field, scope, 'it moves away');
    if (targets.some(({ text }) => text === '/dev/null')) return removal(field, scope, 'it moves away');
    return kind === 'mounted' && isKnown(field)
      ? { ...changing, goes: goingOf(field, scope, isLeaving) }
      : changing;
  });
  return [...moved, ...targets.map((field) => overwriting(field, scope))];
}

/** By a name in scratch, which is deleted without a question, nothing of the person's may be reached. */
export function linking(fields: readonly Field[], scope: Scope): readonly Effect[] {
  const { sources, targets } = landingOf(fields);
  const places = targets.flatMap((field) => pathsOf(field, scope));
  const isScratch = places.some((text) => kindOf({ text, isPattern: false }, scope) === 'scratch');
  const [target] = places;
  const reached = sources.flatMap((field) => [
    field,
    { ...field, text: field.text.startsWith('/') ? field.text : `${target ?? ''}/../${field.text}` },
  ]);
  const isReaching = reached.some((field) => ['all', 'mounted', 'anything'].includes(kindOf(field, scope)));
  return [
    ...targets.map((field) => overwriting(field, scope)),
    isScratch && isReaching ? ask('it gives a folder of a person another name, outside of it') : harmless,
  ];
}
