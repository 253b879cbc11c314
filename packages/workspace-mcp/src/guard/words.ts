import { posix } from 'node:path';
import {
  forEachChild,
  parse,
  type BraceExpansionPart,
  type DoubleQuotedChild,
  type ParameterExpansionPart,
  type ParsedScript,
  type SyntaxNode,
  type Word,
  type WordPart,
} from 'unbash';
import { ansiQuoted } from './ansi-quoted.ts';
import { UNKNOWN, type Scope } from './scope.ts';

/** One argument, as far as it is known: `UNKNOWN` stands for any text, also for none. */
export interface Field {
  readonly text: string;
  /** It may become several, or other ones, by what files there are. */
  readonly isPattern: boolean;
}

/** What the words of a command turn into; scripts inside them are told to `run`, which gives what they print. */
export interface Expander {
  readonly scope: Scope;
  readonly run: (script: ParsedScript) => string;
  /** Has a file of this content. */
  readonly offer: (path: string, content: string) => void;
  /** Has a person look at it, for this reason. */
  readonly doubt: (reason: string) => void;
}

interface Piece {
  readonly text: string;
  readonly isQuoted: boolean;
  /** What separates words in it, where it came out of a variable or a command. */
  readonly separator: RegExp | null;
  readonly isPattern: boolean;
}

const plain = (text: string): Piece => ({ text, isQuoted: false, separator: null, isPattern: false });
const MOST_FIELDS = 200;
/** What becomes longer, as by doubling itself, is as good as not known. */
const MOST_TEXT = 20_000;
const MOST_IN_RANGE = 50;
/** What a process substitution stands for. */
const PIPE = '/dev/fd/63';

/** The arguments that a word becomes. */
export function fieldsOf(word: Word, expander: Expander): readonly Field[] {
  const { parts } = word;
  const pieces = parts === undefined ? [[plain(word.value)]] : alternatives(parts, expander);
  return pieces.slice(0, MOST_FIELDS).flatMap((alternative) => split(withHome(alternative, word, expander)));
}

/** A word where none is split: the value of an assignment, the target of a redirection. */
export function textOf(word: Word, expander: Expander): string {
  const { parts } = word;
  const pieces = parts === undefined ? [plain(word.value)] : parts.map((part) => pieceOf(part, expander));
  return joined(withHome(pieces, word, expander).map(({ text }) => text));
}

export function joined(texts: readonly string[]): string {
  const length = texts.reduce((sum, text) => sum + text.length, 0);
  return length > MOST_TEXT ? UNKNOWN : texts.join('');
}

/** The text of a here-document. */
export const textOfParts = (parts: readonly WordPart[], expander: Expander): string =>
  joined(parts.map((part) => pieceOf(part, expander).text));

function alternatives(parts: readonly WordPart[], expander: Expander): Piece[][] {
  let all: Piece[][] = [[]];
  for (const part of parts) {
    const pieces = part.type === 'BraceExpansion' ? options(part, expander) : [pieceOf(part, expander)];
    const [only, ...more] = pieces;
    if (only !== undefined && more.length === 0) for (const before of all) before.push(only);
    else all = all.flatMap((before) => pieces.map((piece) => [...before, piece])).slice(0, MOST_FIELDS);
  }
  return all;
}

/** What each may be; scripts inside them run. */
function options({ text }: BraceExpansionPart, expander: Expander): Piece[] {
  if (/[$`<>]/.test(text)) expander.run(parse(`: ${text.slice(1, -1)}`));
  return braces(text).map((one) => ({ ...plain(one), isPattern: /[*?[]/.test(one) }));
}

/** `{a,b}` and `{1..3}`, also inside each other. */
function braces(text: string): readonly string[] {
  const inner = text.slice(1, -1);
  if (/^(?:-?\d+|[a-zA-Z])\.\.(?:-?\d+|[a-zA-Z])(?:\.\.-?\d+)?$/.test(inner)) return rangeOf(inner);
  const options: string[] = [];
  let [depth, option] = [0, ''];
  for (const character of inner) {
    if (character === ',' && depth === 0) {
      options.push(option);
      option = '';
      continue;
    }
    if (character === '{') depth += 1;
    if (character === '}') depth -= 1;
    option += character;
  }
  return [...options, option].flatMap((one) => {
    const nested = /^([^{]*)(\{.*\})([^}]*)$/.exec(one);
    if (nested === null) return [unquoted(one)];
    return braces(nested[2] ?? '{}').map((middle) => `${nested[1] ?? ''}${middle}${nested[3] ?? ''}`);
  });
}

/** Small ones; a number in front of which zeros stand is written as long as those. */
function rangeOf(range: string): readonly string[] {
  const [from = 0, to = 0] = range.split('..').map(Number);
  if (!/^\d{1,4}\.\.\d{1,4}$/.test(range) || /(?:^|\.)0\d/.test(range) || Math.abs(to - from) > MOST_IN_RANGE)
    return [UNKNOWN];
  const step = Math.sign(to - from);
  return Array.from({ length: Math.abs(to - from) + 1 }, (_, at) => `${from + at * step}`);
}

const unquoted = (text: string): string =>
  /[$`]/.test(text)
    ? UNKNOWN
    : text.replaceAll(/\\(.)|['"]/g, (_, escaped: string | undefined) => escaped ?? '');

function pieceOf(part: WordPart, expander: Expander): Piece {
  switch (part.type) {
    case 'Literal':
      return plain(part.value);
    case 'AnsiCQuoted':
      return { ...plain(ansiQuoted(part)), isQuoted: true };
    case 'SingleQuoted':
      return { ...plain(part.value), isQuoted: true };
    case 'DoubleQuoted':
    case 'LocaleString':
      if (isAllPositions(part.parts)) return { ...plain(expander.scope.value('@')), separator: / / };
      return { ...plain(joined(part.parts.map((child) => childText(child, expander)))), isQuoted: true };
    case 'Glob':
      return { ...plain(part.text), isPattern: true };
    case 'ExtendedGlob':
      runWithin(part, expander);
      if (/[$`]/.test(part.text)) expander.doubt('a pattern may run a command');
      return { ...plain(UNKNOWN), isPattern: true };
    case 'BraceExpansion':
      options(part, expander);
      return plain(UNKNOWN);
    case 'ProcessSubstitution':
      if (part.script !== undefined) expander.offer(PIPE, expander.run(part.script));
      return { ...plain(PIPE), isQuoted: true };
    case 'SimpleExpansion':
    case 'ParameterExpansion':
    case 'CommandExpansion':
    case 'ArithmeticExpansion':
      return separated(childText(part, expander), expander);
  }
}

function childText(part: DoubleQuotedChild, expander: Expander): string {
  switch (part.type) {
    case 'Literal':
      return part.value;
    case 'SimpleExpansion':
      return expander.scope.value(part.text.replace(/^\$/, ''));
    case 'ParameterExpansion':
      return parameterText(part, expander);
    case 'CommandExpansion':
      return part.script === undefined ? UNKNOWN : expander.run(part.script).replace(/\n+$/, '');
    case 'ArithmeticExpansion':
      runWithin(part, expander);
      return /^\$\(\(\s*-?\d+\s*\)\)$/.test(part.text) ? part.text.replaceAll(/\D/g, '') : UNKNOWN;
  }
}

/** Runs the scripts in a part that is not followed further, such as a sum or a test. */
export function runWithin(node: SyntaxNode, expander: Expander): void {
  const isScript =
    node.type === 'CommandExpansion' ||
    node.type === 'ArithmeticCommandExpansion' ||
    node.type === 'ProcessSubstitution';
  if (!isScript) forEachChild(node, (child) => runWithin(child, expander));
  else if (node.script !== undefined) expander.run(node.script);
}

/** The words of a test or a sum, as they are written. */
export function valuesWithin(node: SyntaxNode): readonly string[] {
  if (node.type === 'Word' || node.type === 'ArithmeticWord') return [node.value];
  const values: string[] = [];
  forEachChild(node, (child) => void values.push(...valuesWithin(child)));
  return values;
}

function parameterText(part: ParameterExpansionPart, expander: Expander): string {
  const { parameter, prefix, index, operation } = part;
  if (operation?.type !== 'Default') runWithin(part, expander);
  else if (index !== undefined) runWithin(index, expander);
  // the parser leaves that as it is written
  if (operation?.type === 'Replace' && /[$`]/.test(operation.pattern.text))
    expander.run(parse(`: ${operation.pattern.text}`));
  if (operation?.type === 'Transform' && operation.operand.value === 'P')
    expander.doubt('what is in a variable is run as a prompt is');
  const value = expander.scope.value(parameter);
  if (prefix !== undefined || index !== undefined) return UNKNOWN;
  if (operation === undefined) return value;
  if (operation.type !== 'Default') return value === '' ? '' : UNKNOWN;
  const operand = (): string => textOf(operation.operand, expander);
  if (value.includes(UNKNOWN)) {
    operand();
    return UNKNOWN;
  }
  const isEmpty = value === '';
  if (operation.operator.endsWith('+')) return isEmpty ? '' : operand();
  if (!isEmpty) return value;
  const text = operand();
  if (operation.operator.endsWith('=')) expander.scope.variables.set(parameter, text);
  return operation.operator.endsWith('?') ? UNKNOWN : text;
}

function withHome(pieces: readonly Piece[], word: Word, { scope }: Expander): readonly Piece[] {
  const [first, ...rest] = pieces;
  if (!word.text.startsWith('~')) return pieces;
  // braces are expanded first
  const start = pieces.findIndex(({ isQuoted, separator }) => isQuoted || separator !== null);
  const plainStart = pieces.slice(0, start < 0 ? pieces.length : start).map(({ text }) => text);
  const name = /^~([\w+-]*)(?=$|\/)/.exec(plainStart.join(''))?.[1];
  if (name === undefined || first === undefined || first.isQuoted || first.separator !== null) return pieces;
  return [{ ...first, text: homeOf(name, scope) + first.text.slice(name.length + 1) }, ...rest];
}

/** What `~`, `~+`, `~-` and `~NAME` are. */
function homeOf(name: string, scope: Scope): string {
  if (name === '' || name === posix.basename(scope.surroundings.home)) return scope.value('HOME');
  return name === '+' ? scope.value('PWD') : UNKNOWN;
}

/** `"$@"`, which is a word for each. */
const isAllPositions = ([first, ...more]: readonly DoubleQuotedChild[]): boolean =>
  more.length === 0 &&
  ((first?.type === 'SimpleExpansion' && first.text === '$@') ||
    (first?.type === 'ParameterExpansion' && /^\$\{@\}$/.test(first.text)));

/** By `IFS`; where that is not known, it may be any words. */
function separated(text: string, { scope }: Expander): Piece {
  const separators = scope.variables.get('IFS') ?? ' \t\n';
  if (separators.includes(UNKNOWN)) return { ...plain(UNKNOWN), isPattern: true };
  const set = separators.replaceAll(/[\]\\^-]/g, String.raw`\$&`);
  return { ...plain(text), separator: separators === '' ? /(?!)/ : new RegExp(`[${set}]+`) };
}

/** What came out of variables and commands becomes several words. */
function split(pieces: readonly Piece[]): readonly Field[] {
  const fields: Field[] = [];
  let isOpen = false;
  for (const { text, isQuoted, separator, isPattern } of pieces) {
    const parts = separator === null ? [text] : text.split(separator);
    for (const [index, part] of parts.entries()) {
      isOpen &&= index === 0;
      if (part === '' && !isQuoted) continue;
      const before = isOpen ? fields.pop() : undefined;
      const isGlob = isPattern || (separator !== null && /[*?[]/.test(part));
      fields.push({
        text: joined([before?.text ?? '', part]),
        isPattern: (before?.isPattern ?? false) || isGlob,
      });
      isOpen = true;
    }
  }
  return fields;
}
