import type { Findings } from './findings.ts';
import { environmentEffects } from './inline-effects.ts';
import { linesOf, markOf, wordsOf } from './read-words.ts';
import { UNKNOWN, type Scope } from './scope.ts';
import { cwdsAfter, quotedField, withUnknown } from './shell-state.ts';
import { inTable } from './table.ts';
import { ask } from './verdict.ts';
import type { Field } from './words.ts';
import { peel, valuesOf, type Option, type Peeled } from './wrappers.ts';

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

/** What xargs reads its words from, and what it starts a program with. */
interface Read {
  readonly input: string;
  readonly stdin: string;
}

/** Options that say in which folder a program is started. */
const FOLDERS: Readonly<Record<string, readonly string[]>> = {
  env: ['-C', '--chdir'],
  sudo: ['-D', '--chdir'],
  'systemd-run': ['--working-directory'],
};
/** Options that say how many words each command gets. */
const PARTED = ['-n', '-N', '-L', '-l', '-X', '-m', '--max-args', '--max-lines'];
/** Before what parallel is given in the line. */
const SOURCE = /^:::+\+?$/;

/** Judges commands that start other ones: with other variables, later, again, or with words that they read. */
export class Wrapped {
  readonly #findings: Findings;
  readonly #shell: Shell;

  constructor(findings: Findings, shell: Shell) {
    this.#findings = findings;
    this.#shell = shell;
  }

  run(name: string, rest: readonly Field[], { scope, stdin }: Started): string {
    const peeled = peel(name, rest);
    const { fields, options } = peeled;
    const inner = this.#scopeWithin(name, peeled, scope);
    if (/^(sudo|doas)$/.test(name))
      this.#findings.effects.push(ask(`${name} asks for more rights than this sandbox has`));
    if (name === 'command' && rest.some(({ text }) => /^-[vV]$/.test(text))) return UNKNOWN;
    if (name === 'hyperfine') return this.#measured(rest, scope);
    if (name === 'parallel') return this.#parallel(peeled, scope, stdin);
    if (fields.length === 0) return UNKNOWN;
    if (name === 'watch') return this.#shell.source(fields.map(({ text }) => text).join(' '), scope.anew());
    if (name === 'time' || name === 'coproc') return this.#shell.run(fields, inner, stdin);
    if (name !== 'xargs') return this.#withoutFunction(fields, inner, stdin);
    const files = valuesOf(options, ['-a', '--arg-file']);
    return files.length === 0
      ? this.#xargs(peeled, scope, { input: stdin, stdin: UNKNOWN })
      : this.#xargs(peeled, scope, { input: this.#inFiles(files, scope), stdin });
  }

  /** What a program is started with that is in a wrapper. */
  #scopeWithin(name: string, { options, assignments }: Peeled, scope: Scope): Scope {
    const [folder] = valuesOf(options, inTable(FOLDERS, name) ?? []);
    const isSame = name !== 'env' && assignments.length === 0 && folder === undefined;
    const inner = isSame ? scope : scope.copy();
    if (name === 'env') unset(options, inner);
    if (folder !== undefined) inner.cwds = cwdsAfter([{ text: folder, isPattern: false }], scope, false);
    for (const assignment of assignments) {
      const at = assignment.indexOf('=');
      this.#findings.effects.push(...environmentEffects(assignment.slice(0, at), assignment.slice(at + 1)));
      inner.variables.set(assignment.slice(0, at), assignment.slice(at + 1));
      inner.exported.add(assignment.slice(0, at));
    }
    return inner;
  }

  /** What is in files, of which only some may be known. */
  #inFiles(files: readonly string[], scope: Scope): string {
    const { written } = this.#findings;
    return [UNKNOWN, ...files.flatMap((text) => written.of({ text, isPattern: false }, scope))].join('\n');
  }

  #xargs({ fields, options }: Peeled, scope: Scope, { input, stdin }: Read): string {
    const mark = markOf(options);
    const filled = (words: readonly string[]): readonly (readonly Field[])[] =>
      mark === null
        ? [[...fields, ...words.map((text) => ({ text, isPattern: text.includes(UNKNOWN) }))]]
        : words.map((word) =>
            fields.map((field) => ({ ...field, text: field.text.replaceAll(mark, () => word) })),
          );
    const isKnown = !input.includes(UNKNOWN);
    const words = isKnown ? wordsOf(input, options) : [UNKNOWN];
    const isParted = valuesOf(options, PARTED).length > 0;
    const lines = isKnown ? [] : input.split('\n').filter((line) => line !== '' && !line.includes(UNKNOWN));
    for (const some of [...lines.map((line) => wordsOf(line, options)), ...(isParted ? words.map(one) : [])])
      for (const command of filled(some)) this.#shell.never(command, scope);
    return filled(words)
      .map((command) => this.#withoutFunction(command, scope, stdin))
      .join('');
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

  /** Each line that is read makes one for a shell. */
  #parallel({ fields, options }: Peeled, scope: Scope, stdin: string): string {
    if (valuesOf(options, ['--pipe', '--spreadstdin']).length > 0) return this.#piped(fields, scope, stdin);
    const at = fields.findIndex(({ text }) => SOURCE.test(text));
    const template = fields.slice(0, at < 0 ? fields.length : at).map(({ text }) => text);
    const files = valuesOf(options, ['-a', '--arg-file']);
    const read = files.length === 0 ? stdin : this.#inFiles(files, scope);
    const given = at < 0 ? linesOf(read) : this.#given(fields.slice(at), scope);
    const line = template.join(' ').replaceAll(UNKNOWN, '"$__unknown"');
    const isParted = valuesOf(options, PARTED).length > 0;
    for (const words of [...given.map(one), ...(isParted ? [given] : [])]) {
      if (line === '') this.#shell.unknownOr(words.join(' '), scope.anew());
      else this.#shell.source(filledWith(line, words, markOf(options)), withUnknown(scope.anew()));
    }
    return UNKNOWN;
  }

  /** A command that gets what is read as its stdin. */
  #piped(fields: readonly Field[], scope: Scope, stdin: string): string {
    const words = fields.flatMap((field) => field.text.split(' ').map((text) => ({ ...field, text })));
    return this.#shell.run(words, scope.anew(), stdin);
  }

  /** What parallel is given in the line: words, or files of which each line is one. */
  #given(fields: readonly Field[], scope: Scope): readonly string[] {
    let isFile = false;
    return fields.flatMap(({ text }) => {
      if (SOURCE.test(text)) {
        isFile = text.startsWith('::::');
        return [];
      }
      return isFile ? linesOf(this.#inFiles([text], scope)) : [text];
    });
  }

  /** Each is a line for a shell, also what an option is given. */
  #measured(rest: readonly Field[], scope: Scope): string {
    for (const { text } of rest) {
      const line = text.replace(/^--[\w-]+=/, '');
      if (!line.startsWith('-')) this.#shell.unknownOr(line, scope.anew());
    }
    return UNKNOWN;
  }
}

const one = (word: string): readonly string[] => [word];

/** A line of parallel with words of its input, which it quotes. */
function filledWith(line: string, words: readonly string[], mark: string | null): string {
  const quoted = words
    .map((text) => (text.includes(UNKNOWN) ? '"$__unknown"' : quotedField({ text, isPattern: false })))
    .join(' ');
  if (mark !== null && line.includes(mark)) return line.replaceAll(mark, () => quoted);
  return line.includes('{') ? line.replaceAll(/\{[\w./]*\}/g, () => quoted) : `${line} ${quoted}`;
}

/** What `env` does not start a program with. */
function unset(options: readonly Option[], inner: Scope): void {
  if (valuesOf(options, ['-', '-i', '--ignore-environment']).length > 0) inner.exported.clear();
  for (const name of valuesOf(options, ['-u', '--unset'])) inner.exported.delete(name);
}
