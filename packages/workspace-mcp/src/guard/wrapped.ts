import { peel } from './arguments.ts';
import type { Findings } from './findings.ts';
import { environmentEffects } from './inline-effects.ts';
import { UNKNOWN, type Scope } from './scope.ts';
import { quotedField, withUnknown } from './shell-state.ts';
import { ask } from './verdict.ts';
import type { Field } from './words.ts';

/** What goes on with what is in a wrapper. */
interface Shell {
  run(fields: readonly Field[], scope: Scope, stdin: string): string;
  source(script: string, scope: Scope): string;
  /** A script of which parts may not be known. */
  unknownOr(script: string, scope: Scope): string;
  /** Counts only what is never allowed. */
  never(fields: readonly Field[], scope: Scope): void;
}

interface Started {
  readonly scope: Scope;
  readonly stdin: string;
}

/** Judges commands that start other ones: with other variables, later, again, or with words that they read. */
export class Wrapped {
  readonly #findings: Findings;
  readonly #shell: Shell;

  constructor(findings: Findings, shell: Shell) {
    this.#findings = findings;
    this.#shell = shell;
  }

  run(name: string, rest: readonly Field[], { scope, stdin }: Started): string {
    const { fields, assignments } = peel(name, rest);
    const own = rest.slice(0, rest.length - fields.length);
    const inner = name === 'env' ? withoutUnset(own, scope) : assignments.length === 0 ? scope : scope.copy();
    for (const assignment of assignments) {
      const at = assignment.indexOf('=');
      this.#findings.effects.push(...environmentEffects(assignment.slice(0, at), assignment.slice(at + 1)));
      inner.variables.set(assignment.slice(0, at), assignment.slice(at + 1));
      inner.exported.add(assignment.slice(0, at));
    }
    if (/^(sudo|doas)$/.test(name))
      this.#findings.effects.push(ask(`${name} asks for more rights than this sandbox has`));
    if (name === 'command' && rest.some(({ text }) => /^-[vV]$/.test(text))) return UNKNOWN;
    if (fields.length === 0) return UNKNOWN;
    if (name === 'watch') return this.#shell.source(fields.map(({ text }) => text).join(' '), scope.anew());
    if (name === 'time' || name === 'coproc') return this.#shell.run(fields, inner, stdin);
    if (name !== 'xargs' && name !== 'parallel') return this.#withoutFunction(fields, inner, stdin);
    const words = stdin.includes(UNKNOWN) ? [UNKNOWN] : stdin.split(/\s+/).filter(Boolean);
    if (name === 'parallel') return this.#parallel(fields, words, scope);
    const mark = markOf(own);
    const filled = (all: string, more: readonly string[]): readonly Field[] =>
      mark === null
        ? [...fields, ...more.map((text) => ({ text, isPattern: text.includes(UNKNOWN) }))]
        : fields.map((field) => ({ ...field, text: field.text.replaceAll(mark, all) }));
    if (!stdin.includes(UNKNOWN)) return this.#withoutFunction(filled(stdin.trim(), words), scope, UNKNOWN);
    for (const line of stdin.split('\n').filter((one) => one !== '' && !one.includes(UNKNOWN)))
      this.#shell.never(filled(line, [line]), scope);
    return this.#withoutFunction(filled(UNKNOWN, words), scope, UNKNOWN);
  }

  /** A command as it is where no function stands for it. */
  #withoutFunction(fields: readonly Field[], scope: Scope, stdin: string): string {
    const name = fields[0]?.text ?? '';
    const bodies = scope.functions.get(name);
    scope.functions.delete(name);
    const text = this.#shell.run(fields, scope, stdin);
    if (bodies !== undefined) scope.functions.set(name, bodies);
    return text;
  }

  /** Each word makes a line for a shell. */
  #parallel(fields: readonly Field[], words: readonly string[], scope: Scope): string {
    const at = fields.findIndex(({ text }) => /^:::+\+?$/.test(text));
    const template = fields.slice(0, at < 0 ? fields.length : at).map(({ text }) => text);
    const given = at < 0 ? words : fields.slice(at + 1).map(({ text }) => text);
    const line = template.join(' ').replaceAll(UNKNOWN, '"$__unknown"');
    for (const word of given) {
      if (line === '') this.#shell.unknownOr(word, scope.anew());
      else this.#shell.source(filledWith(line, word), withUnknown(scope.anew()));
    }
    return UNKNOWN;
  }
}

/** A line of parallel with a word of its input, which it quotes. */
function filledWith(line: string, word: string): string {
  const quoted = word.includes(UNKNOWN) ? '"$__unknown"' : quotedField({ text: word, isPattern: false });
  return line.includes('{') ? line.replaceAll(/\{[\w./]*\}/g, () => quoted) : `${line} ${quoted}`;
}

/** What xargs puts its words in the place of; `null` where they come last. */
function markOf(options: readonly Field[]): string | null {
  for (const [at, { text }] of options.entries()) {
    const [, short, joined] = /^-([iI])(.*)$/s.exec(text) ?? [];
    if (short === 'I') return joined || (options[at + 1]?.text ?? '{}');
    if (short === 'i') return joined || '{}';
    if (/^--replace(?:=|$)/.test(text)) return text.slice('--replace='.length) || '{}';
  }
  return null;
}

/** What `env` starts a program with, by its options. */
function withoutUnset(options: readonly Field[], scope: Scope): Scope {
  const inner = scope.copy();
  for (const [at, { text }] of options.entries()) {
    if (/^(?:-|-[a-zA-Z0]*i[a-zA-Z0]*|--ignore-environment)$/.test(text)) inner.exported.clear();
    const [, joined] = /^(?:-[a-zA-Z0]*u|--unset=?)(.*)$/s.exec(text) ?? [];
    if (joined !== undefined) inner.exported.delete(joined || (options[at + 1]?.text ?? ''));
  }
  return inner;
}
