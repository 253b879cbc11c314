import { peel, WRAPPERS } from './arguments.ts';
import { builtin, type BuiltinShell } from './builtins.ts';
import { effectsOf } from './effects.ts';
import { Findings } from './findings.ts';
import { environmentEffects, inlineEffects, languageEffects } from './inline-effects.ts';
import { innerScript } from './inner-commands.ts';
import { LOOKING } from './looking.ts';
import { pathsOf } from './places.ts';
import { printed } from './printed.ts';
import { RunFiles, SHELLS } from './run-files.ts';
import { UNKNOWN, type FunctionBody, type Scope } from './scope.ts';
import { quotedField, setPositions, takePositions, withUnknown } from './shell-state.ts';
import { ask, deny, harmless, type Effect } from './verdict.ts';
import type { Field } from './words.ts';

/** What goes through scripts; each of its answers is what would be printed, as far as that is known. */
export interface Interpreter {
  source(script: string, scope: Scope): string;
  body(body: FunctionBody, scope: Scope, stdin: string): string;
  /** What a script would do, which is not counted. */
  apart(script: string, scope: Scope): readonly Effect[];
}

/** Programs whose commands run on another computer, or as good as. */
const ELSEWHERE = /^(?:docker|podman|kubectl|nerdctl|lxc|adb|vagrant|ssh)$/;
/** What deletes, behind the name of a program that is not known: it may start it. */
const DELETES = /^(?:.*\/)?(?:rm|shred|dd|mkfs(?:\.\w+)?|wipefs)$/;

/** Judges commands by what they are when they run: aliases, functions, what runs others, builtins, programs. */
export class Commands {
  readonly #findings: Findings;
  readonly #interpreter: Interpreter;
  readonly #builtins: BuiltinShell;
  readonly #files: RunFiles;
  /** The functions and aliases that are being run. */
  readonly #calls: string[] = [];

  constructor(findings: Findings, interpreter: Interpreter) {
    this.#findings = findings;
    this.#interpreter = interpreter;
    this.#files = new RunFiles(findings, {
      source: (script, scope) => this.#unknownOr(script, scope),
      apart: (script, scope) => interpreter.apart(script, scope),
    });
    this.#builtins = {
      effects: findings.effects,
      source: (script, scope) => interpreter.source(script, scope),
      unknownOr: (script, scope) => this.#unknownOr(script, scope),
      file: (file, args, scope) => this.#files.run(file, args, scope),
      isKnown: (file, scope) => this.#files.isKnown(file, scope),
    };
  }

  /** A command with its arguments, as it is when it runs. */
  run(fields: readonly Field[], scope: Scope, stdin: string): string {
    const from = this.#findings.effects.length;
    const text = this.#runs(fields, scope, stdin);
    this.#findings.spans.push({
      words: fields.map((field) => field.text),
      from,
      to: this.#findings.effects.length,
    });
    return text;
  }

  #runs(fields: readonly Field[], scope: Scope, stdin: string): string {
    const [first, ...rest] = fields;
    if (first === undefined) return '';
    if (first.text.includes(UNKNOWN) || first.isPattern) {
      this.#findings.effects.push(ask('which program it runs is not known before'));
      scope.forget();
      return UNKNOWN;
    }
    const name = /^\/(usr\/(local\/)?)?s?bin\//.test(first.text)
      ? first.text.slice(first.text.lastIndexOf('/') + 1)
      : first.text;
    const alias = scope.aliases.get(name);
    if (alias !== undefined && !this.#calls.includes(`alias ${name}`))
      return this.#aliased(name, alias, rest, scope);
    const body = scope.functions.get(name);
    if (body !== undefined) return this.#function(name, body, rest, scope);
    const inner = innerScript(name, rest);
    if (inner !== null) this.#unknownOr(inner, scope.copy());
    else if (name === 'script') this.#unknownOr(stdin, scope.copy());
    if (name in WRAPPERS) return this.#wrapped(name, rest, scope, stdin);
    if (SHELLS.test(name)) return this.#shell(rest, scope, stdin);
    return builtin({ name, rest, scope, stdin }, this.#builtins) ?? this.#program(name, rest, scope, stdin);
  }

  #aliased(name: string, alias: string, rest: readonly Field[], scope: Scope): string {
    this.#calls.push(`alias ${name}`);
    const text = this.#interpreter.source([alias, ...rest.map(quotedField)].join(' '), scope);
    this.#calls.pop();
    return text;
  }

  #function(name: string, body: FunctionBody, rest: readonly Field[], scope: Scope): string {
    if (this.#calls.includes(name)) {
      if (this.#findings.parallel > 0)
        this.#findings.effects.push(
          deny(`${name} starts itself over and over, until nothing else can run`, 'Give it an end.'),
        );
      return UNKNOWN;
    }
    const inner = scope.copy();
    setPositions(inner, rest);
    this.#calls.push(name);
    const text = this.#interpreter.body(body, inner, UNKNOWN);
    this.#calls.pop();
    // what it set is set here too, unless it was its own
    takePositions(inner, scope);
    scope.merge(inner);
    return text;
  }

  #wrapped(name: string, rest: readonly Field[], scope: Scope, stdin: string): string {
    const { fields, assignments } = peel(name, rest);
    const inner = assignments.length === 0 ? scope : scope.copy();
    for (const assignment of assignments) {
      const at = assignment.indexOf('=');
      this.#findings.effects.push(...environmentEffects(assignment.slice(0, at), assignment.slice(at + 1)));
      inner.variables.set(assignment.slice(0, at), assignment.slice(at + 1));
    }
    if (/^(sudo|doas)$/.test(name))
      this.#findings.effects.push(ask(`${name} asks for more rights than this sandbox has`));
    if (name === 'command' && rest.some(({ text }) => /^-[vV]$/.test(text))) return UNKNOWN;
    if (fields.length === 0) return UNKNOWN;
    if (name === 'watch')
      return this.#interpreter.source(fields.map(({ text }) => text).join(' '), scope.copy());
    if (name !== 'xargs' && name !== 'parallel') return this.run(fields, inner, stdin);
    const words = stdin.includes(UNKNOWN) ? [UNKNOWN] : stdin.split(/\s+/).filter(Boolean);
    if (name === 'parallel') return this.#parallel(fields, words, scope);
    const given = words.map((text) => ({ text, isPattern: text.includes(UNKNOWN) }));
    const mark = markOf(rest.slice(0, rest.length - fields.length));
    const all = stdin.includes(UNKNOWN) ? UNKNOWN : stdin.trim();
    const filled =
      mark === null
        ? [...fields, ...given]
        : fields.map((field) => ({ ...field, text: field.text.replaceAll(mark, all) }));
    return this.run(filled, scope, UNKNOWN);
  }

  /** Each word makes a line for a shell. */
  #parallel(fields: readonly Field[], words: readonly string[], scope: Scope): string {
    const at = fields.findIndex(({ text }) => /^:::+\+?$/.test(text));
    const template = fields.slice(0, at < 0 ? fields.length : at).map(({ text }) => text);
    const given = at < 0 ? words : fields.slice(at + 1).map(({ text }) => text);
    const line = template.join(' ').replaceAll(UNKNOWN, '"$__unknown"');
    for (const word of given) {
      if (line === '') this.#unknownOr(word, scope.copy());
      else this.#interpreter.source(filledWith(line, word), withUnknown(scope));
    }
    return UNKNOWN;
  }

  #shell(rest: readonly Field[], scope: Scope, stdin: string): string {
    const at = rest.findIndex(({ text }) => /^-[a-zA-Z]*c$/.test(text));
    if (at >= 0) {
      const given = rest.slice(at + 1).filter(({ text }, index) => index > 0 || !text.startsWith('-'));
      const inner = scope.copy();
      setPositions(inner, given.slice(2));
      inner.variables.set('0', given[1]?.text ?? 'bash');
      return this.#unknownOr(given[0]?.text ?? UNKNOWN, inner);
    }
    const file = rest.find(({ text }) => !/^[-+]/.test(text));
    if (file !== undefined && !/^\/dev\/(stdin|fd\/0)$/.test(file.text)) {
      this.#files.run(file, rest.slice(rest.indexOf(file) + 1), scope);
      this.#findings.effects.push(
        /^\/dev\/fd\/\d+$/.test(file.text)
          ? ask('a shell runs what another program prints')
          : { ...harmless, changes: true },
      );
      return UNKNOWN;
    }
    return this.#unknownOr(stdin, scope);
  }

  /** A script that a shell is given. */
  #unknownOr(script: string, scope: Scope): string {
    if (script.includes(UNKNOWN)) {
      this.#findings.effects.push(ask('a shell runs what is not known before'));
      // what is known of it counts
      if (script.replaceAll(UNKNOWN, '').trim() === '') return UNKNOWN;
    }
    return this.#interpreter.source(script.replaceAll(UNKNOWN, '"$__unknown"'), withUnknown(scope));
  }

  #program(name: string, rest: readonly Field[], scope: Scope, stdin: string): string {
    const inline = inlineEffects(name, rest, stdin);
    if (inline !== null) {
      this.#findings.effects.push(...inline);
      this.#files.interpret(name, rest, scope);
      return UNKNOWN;
    }
    if (name.includes('/')) this.#files.run({ text: name, isPattern: false }, rest, scope);
    if (name === 'cp' || name === 'mv' || name === 'ln') this.#findings.written.passOn(rest, scope);
    if (name === 'tee') {
      const isAppended = rest.some(({ text }) => /^(-a|--append)$/.test(text));
      for (const field of rest) this.#findings.written.add(pathsOf(field, scope), stdin, isAppended);
    }
    this.#findings.effects.push(...effectsOf(name, rest, scope), ...languageEffects(name, rest, stdin));
    if (name === 'find') this.#findExec(rest, scope);
    else if (!LOOKING.has(name) && !ELSEWHERE.test(name)) this.#started(rest, scope);
    return printed(name, rest, stdin);
  }

  /** What a program may start that is given a command. */
  #started(rest: readonly Field[], scope: Scope): void {
    const at = rest.findIndex(({ text }) => DELETES.test(text));
    if (at < 0) return;
    const findings = new Findings();
    new Commands(findings, this.#interpreter).run(rest.slice(at), scope.copy(), UNKNOWN);
    this.#findings.effects.push(...findings.effects.filter(({ decision }) => decision === 'deny'));
  }

  /** The command that find runs is judged with a file of which nothing is known. */
  #findExec(rest: readonly Field[], scope: Scope): void {
    const at = rest.findIndex(({ text }) => /^-(exec|execdir|ok|okdir)$/.test(text));
    if (at < 0) return;
    const end = rest.findIndex(({ text }, index) => index > at && (text === ';' || text === '+'));
    const inner = rest.slice(at + 1, end < 0 ? rest.length : end);
    if (/^(.*\/)?(rm|shred|unlink|truncate)$/.test(inner[0]?.text ?? '')) return;
    this.run(
      inner.map((field) => ({ ...field, text: field.text.replaceAll('{}', UNKNOWN) })),
      scope.copy(),
      UNKNOWN,
    );
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
