import { forEachChild, type Command, type Redirection, type SyntaxNode } from 'unbash';
import { pathsOf } from './places.ts';
import { UNKNOWN, type Scope } from './scope.ts';
import { runWithin, textOf, textOfParts, type Expander, type Field } from './words.ts';

/** A scope in which a function may be called one day. */
export function unknownPositions(scope: Scope): Scope {
  const copy = scope.copy();
  for (const name of ['1', '2', '3', '@', '*', '#']) copy.variables.set(name, UNKNOWN);
  return copy;
}

/** Has `$1` and its like be what they are elsewhere. */
export function takePositions(to: Scope, from: Scope): void {
  for (const name of ['0', '1', '2', '3', '4', '5', '6', '7', '8', '9', '@', '*']) {
    const value = from.variables.get(name);
    if (value === undefined) to.variables.delete(name);
    else to.variables.set(name, value);
  }
}

/** What `$1` and its like are. */
export function setPositions(scope: Scope, fields: readonly Field[]): void {
  for (let position = 1; position <= 9; position += 1)
    scope.variables.set(`${position}`, fields[position - 1]?.text ?? '');
  for (const all of ['@', '*']) scope.variables.set(all, fields.map(({ text }) => text).join(' '));
}

export const leaves = (node: SyntaxNode): boolean =>
  node.type === 'Command' && /^(exit|return|break|continue|false)$/.test(node.name?.value ?? '');

/** Builtins before which a variable may stay what it is set to: they do in POSIX mode, and in other shells. */
const SPECIAL =
  /^(?::|\.|source|eval|exec|set|unset|shift|trap|times|return|continue|break|export|readonly)$/;
const DECLARING = /^(?:export|readonly|declare|typeset)$/;

/** Has a variable that was set for a command be what it is after that; `before` is what it was. */
export function putBack(
  scope: Scope,
  { variable, before }: { readonly variable: string; readonly before: string | undefined },
  fields: readonly Field[],
): void {
  const [name = '', ...rest] = fields.map(({ text }) => text);
  const isDeclared = scope.declared.has(variable);
  if (isDeclared && DECLARING.test(name) && rest.every((word) => /^-[xr]+$|^[^-+]/.test(word))) return;
  const during = scope.value(variable);
  if (before === undefined) scope.variables.delete(variable);
  else scope.variables.set(variable, before);
  if (isDeclared || SPECIAL.test(name)) scope.maybe(variable, during);
}

const SURE = /^(?:true|:|echo)$/;

/** A command that nothing keeps from what it does, so that what comes after `&&` comes. */
export const succeeds = (node: SyntaxNode): boolean =>
  node.type === 'Command' &&
  (node.name === undefined ? node.prefix.every(isPlain) : SURE.test(node.name.value));

const PLAIN = /^(?:Assignment|Word|Literal|SingleQuoted|DoubleQuoted|AnsiCQuoted|SimpleExpansion)$/;

function isPlain(node: SyntaxNode): boolean {
  let isAll = PLAIN.test(node.type);
  forEachChild(node, (child) => {
    isAll &&= isPlain(child);
  });
  return isAll;
}

export function withUnknown(scope: Scope): Scope {
  const copy = scope.copy();
  copy.variables.set('__unknown', UNKNOWN);
  return copy;
}

/** What a file name that fits a pattern may be: what stands before the first mark is certain. */
export const patternValue = (text: string): string => text.replace(/[*?[].*$/s, UNKNOWN);

export const quotedField = ({ text, isPattern }: Field): string =>
  isPattern ? text : `'${text.replaceAll("'", String.raw`'\''`)}'`;

export function cwdsAfter(
  rest: readonly Field[],
  scope: Scope,
  isStacked: boolean,
): readonly (string | null)[] {
  const target = rest.find(({ text }) => !/^-[LPe@]+$/.test(text) && text !== '--');
  if (target === undefined) return isStacked ? [null] : [scope.value('HOME')];
  if (target.text === '-' || target.isPattern || (isStacked && /^[-+]/.test(target.text))) return [null];
  return pathsOf(target, scope)
    .map((path) => (path.includes(UNKNOWN) ? null : path))
    .slice(0, 8);
}

export function stdinOf(redirects: readonly Redirection[], scope: Scope, expander: Expander): string | null {
  const inputs = redirects.filter((redirect) => redirect.type !== 'Redirect' || redirect.operator === '<');
  const last = inputs.pop();
  if (last === undefined) return null;
  // what is in those before it runs as well
  for (const other of inputs) runWithin(other, { ...expander, scope });
  if (last.type === 'HereString')
    return last.target === undefined ? UNKNOWN : `${textOf(last.target, expander)}\n`;
  if (last.type === 'Redirect') return UNKNOWN;
  const { text, parts } = last.body;
  return parts === undefined || last.delimiter?.quoted === true
    ? text
    : textOfParts(parts, { ...expander, scope });
}

/** A substitution of it gives what is in a file. */
export const isOfFile = ({ prefix, redirects }: Command): boolean =>
  prefix.every(({ type }) => type === 'Redirect') && redirects.some(({ operator }) => operator === '<');
