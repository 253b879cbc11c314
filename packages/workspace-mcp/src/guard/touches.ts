import { argumentsOf } from './arguments.ts';
import { pathsOf } from './places.ts';
import { UNKNOWN, type Scope } from './scope.ts';
import type { Touch } from './verdict.ts';
import type { Field } from './words.ts';

/** Programs whose operands are files that they read, all of them or all but the first. */
const READERS =
  /^(?:cat|tac|nl|head|tail|wc|less|more|file|stat|cmp|diff|comm|sort|uniq|rev|column|base64|xxd|od|hexdump|strings|(?:md5|sha\d+|b2|ck)sum|sum|zcat|bzcat|xzcat|pdftotext|ls|tree|du)$/;
const SEARCHERS = /^(?:[ez]?f?grep|rg|sed|[gm]?awk|jq)$/;
/** Programs that change the files that are their operands. */
const CHANGERS = /^(?:rm|rmdir|unlink|shred|truncate|touch|mkdir|mv|tee|chmod|chown|chgrp)$/;
/** They read all but the last, which they make. */
const COPIERS = /^(?:cp|install|ln|mv)$/;

/** A path of a mounted folder; one of several that it may be is none, and neither is one that is not known. */
export const touching = (paths: readonly string[], deed: Touch['deed'], scope: Scope): readonly Touch[] =>
  paths
    .filter((path) => paths.length === 1 && !path.includes(UNKNOWN))
    .filter((path) => scope.surroundings.mounts.some((mount) => path.startsWith(`${mount}/`)))
    .map((path) => ({ path, deed }));

/** Files that a command is told to read or to change: as far as its words say so. */
export function touchesOf(name: string, fields: readonly Field[], scope: Scope): readonly Touch[] {
  const { options, operands } = argumentsOf(fields);
  const of = (some: readonly Field[], deed: Touch['deed']): readonly Touch[] =>
    some.flatMap((field) => touching(pathsOf(field, scope), deed, scope));
  const isInPlace = name === 'sed' && options.some((option) => /^(-[a-zA-Z]*i|--in-place)/.test(option));
  return [
    ...(READERS.test(name) ? of(operands, 'Read') : []),
    ...(SEARCHERS.test(name) ? of(operands.slice(1), isInPlace ? 'Edit' : 'Read') : []),
    ...(COPIERS.test(name) ? [...of(operands.slice(0, -1), 'Read'), ...of(operands.slice(-1), 'Edit')] : []),
    ...(CHANGERS.test(name) ? of(operands, 'Edit') : []),
    ...(name === 'dd' ? of(targetsOfDd(fields), 'Edit') : []),
  ];
}

const targetsOfDd = (fields: readonly Field[]): readonly Field[] =>
  fields
    .filter(({ text }) => text.startsWith('of='))
    .map((field) => ({ ...field, text: field.text.slice(3) }));
