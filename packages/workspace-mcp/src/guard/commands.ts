import { builtin, type BuiltinShell } from './builtins.ts';
import { effectsOf, packages } from './effects.ts';
import { commandsOf, removes } from './find-effects.ts';
import { Findings } from './findings.ts';
import { inlineEffects, languageEffects } from './inline-effects.ts';
import { innerScript } from './inner-commands.ts';
import { interpreterOf } from './interpreters.ts';
import { LOOKING } from './looking.ts';
import { overwriting } from './losses.ts';
import { pathsOf } from './places.ts';
import { printed } from './printed.ts';
import { isDeleting, isGrave, isOfSystem, programName, startedBy } from './program-name.ts';
import { RunFiles, SHELLS } from './run-files.ts';
import { scriptFilesOfSed, sedEffects } from './sed-effects.ts';
import { UNKNOWN, type FunctionBody, type Scope } from './scope.ts';
import { shellStart } from './shell-start.ts';
import { quotedField, setPositions, takePositions, withUnknown } from './shell-state.ts';
import { ask, deny, harmless, type Effect } from './verdict.ts';
import type { Field } from './words.ts';
import { Wrapped } from './wrapped.ts';
import { WRAPPERS } from './wrappers.ts';

/** What goes through scripts; each of its answers is what would be printed, as far as that is known. */
export interface Interpreter {
  source(script: string, scope: Scope): string;
  body(body: FunctionBody, scope: Scope, stdin: string): string;
  /** What a script would do, which is not counted. */
  apart(script: string, scope: Scope): readonly Effect[];
}

/** Programs whose commands run on another computer, or as good as. */
const ELSEWHERE = /^(?:docker|podman|kubectl|nerdctl|lxc|adb|vagrant|ssh)$/;
/** So many programs are judged behind the name of one that is not known, and the first of each name. */
const MOST_STARTED = 3;

/** Judges commands by what they are when they run: aliases, functions, what runs others, builtins, programs. */
export class Commands {
  readonly #findings: Findings;
  readonly #interpreter: Interpreter;
  readonly #builtins: BuiltinShell;
  readonly #files: RunFiles;
  readonly #wrapped: Wrapped;
  /** The functions and aliases that are being run. */
  readonly #calls: string[] = [];

  constructor(findings: Findings, interpreter: Interpreter) {
    this.#findings = findings;
    this.#interpreter = interpreter;
    this.#files = new RunFiles(findings, {
      source: (script, scope) => this.#unknownOr(script, scope),
      apart: (script, scope) => interpreter.apart(script, scope),
    });
    this.#wrapped = new Wrapped(findings, {
      run: (fields, scope, stdin) => this.run(fields, scope, stdin),
      source: (script, scope) => interpreter.source(script, scope),
      unknownOr: (script, scope) => this.#unknownOr(script, scope),
      never: (fields, scope) => this.#never(fields, scope),
    });
    this.#builtins = {
      effects: findings.effects,
      source: (script, scope) => interpreter.source(script, scope),
      unknownOr: (script, scope) => this.#unknownOr(script, scope),
      note: (text) => findings.note(text),
      given: (text) => findings.given(text),
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
      if (first.text === UNKNOWN) this.#mayRun(rest, scope);
      scope.forget();
      return UNKNOWN;
    }
    const name = programName(first, scope);
    if (name !== first.text && !isOfSystem(first, scope)) this.#files.run(first, rest, scope.anew());
    const aliases = scope.aliases.get(first.text) ?? [];
    if (aliases.length === 0 && !scope.functions.has(first.text))
      return this.#unshadowed(name, rest, scope, stdin);
    const ways = [
      ...aliases
        .filter((alias) => !this.#calls.includes(`alias ${alias}`))
        .map((alias) => (one: Scope) => this.#aliased(alias, rest, one)),
      ...(aliases.length > 0 ? [...scope.bodies(first.text), null] : scope.bodies(first.text)).map(
        (body) => (one: Scope) =>
          body === null
            ? this.#unshadowed(name, rest, one, stdin)
            : this.#function(first.text, body, rest, one),
      ),
    ];
    return eitherWay(ways, scope);
  }

  /** Of what it may be, what is never allowed. */
  #mayRun(rest: readonly Field[], scope: Scope): void {
    for (const text of this.#findings.texts) {
      const script = [text.replaceAll(UNKNOWN, '"$__unknown"'), ...rest.map(quotedField)].join(' ');
      this.#findings.addDenied(this.#interpreter.apart(script, withUnknown(scope)));
    }
  }

  /** Of what its arguments may be, what is never allowed. */
  #mayBe(name: string, rest: readonly Field[], scope: Scope): void {
    if (LOOKING.has(name) || !rest.some(({ text }) => text.includes(UNKNOWN))) return;
    for (const line of this.#findings.lines) {
      const fields = rest.map((field) => ({ ...field, text: field.text.replaceAll(UNKNOWN, line) }));
      this.#findings.addDenied(effectsOf(name, fields, scope));
    }
  }

  /** What no alias and no function stands for. */
  #unshadowed(name: string, rest: readonly Field[], scope: Scope, stdin: string): string {
    const inner = innerScript(name, rest);
    if (inner !== null) this.#unknownOr(inner, scope.anew());
    else if (name === 'script') this.#unknownOr(stdin, scope.anew());
    if (name in WRAPPERS) return this.#wrapped.run(name, rest, { scope, stdin });
    if (SHELLS.test(name)) return this.#shell(rest, scope, stdin);
    return builtin({ name, rest, scope, stdin }, this.#builtins) ?? this.#program(name, rest, scope, stdin);
  }

  #aliased(alias: string, rest: readonly Field[], scope: Scope): string {
    this.#calls.push(`alias ${alias}`);
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
      scope.forget();
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

  #shell(rest: readonly Field[], scope: Scope, stdin: string): string {
    const { runs, operands, before } = shellStart(rest);
    const inner = scope.anew();
    if (runs === 'line') {
      setPositions(inner, operands.slice(2));
      inner.variables.set('0', operands[1]?.text ?? 'bash');
      return this.#unknownOr(operands[0]?.text ?? UNKNOWN, inner);
    }
    if (rest.some(({ text }) => /^--(?:rc|init-)file/.test(text)))
      this.#findings.effects.push(ask('a shell runs a file before it begins'));
    for (const file of before) this.#files.run(file, [], inner.copy());
    const [file, ...args] = operands;
    if (runs === 'file' && file !== undefined) {
      this.#files.run(file, args, inner);
      this.#findings.effects.push(
        /^\/dev\/fd\/\d+$/.test(file.text)
          ? ask('a shell runs what another program prints')
          : { ...harmless, changes: true },
      );
      return UNKNOWN;
    }
    setPositions(inner, operands);
    return this.#unknownOr(stdin, inner);
  }

  /** A script that a shell is given. */
  #unknownOr(script: string, scope: Scope): string {
    if (script.includes(UNKNOWN)) {
      this.#findings.effects.push(ask('a shell runs what is not known before'));
      // what is known of it counts
      if (script.replaceAll(UNKNOWN, '').trim() === '') {
        this.#mayRun([], scope);
        return UNKNOWN;
      }
    }
    return this.#interpreter.source(script.replaceAll(UNKNOWN, '"$__unknown"'), withUnknown(scope));
  }

  #program(name: string, rest: readonly Field[], scope: Scope, stdin: string): string {
    const around = {
      scope,
      apart: (script: string, within: Scope) => this.#interpreter.apart(script, within),
    };
    const inline = inlineEffects(name, { rest, stdin }, around);
    if (inline !== null) {
      this.#findings.effects.push(
        ...inline,
        ...(packages(name, rest) ?? []),
        ...moduleEffects(name, rest, scope),
      );
      if (/^(?:perl|ruby)[\d.]*$/.test(name)) this.#findings.effects.push(...inPlaceEffects(rest, scope));
      this.#files.interpret(name, rest, scope);
      return UNKNOWN;
    }
    if (name.includes('/')) this.#files.run({ text: name, isPattern: false }, rest, scope.anew());
    if (name === 'cp' || name === 'mv' || name === 'ln') this.#findings.written.passOn(rest, scope);
    if (name === 'tee') {
      const isAppended = rest.some(({ text }) => /^(-a|--append)$/.test(text));
      for (const field of rest) this.#findings.written.add(pathsOf(field, scope), stdin, isAppended);
    }
    this.#findings.effects.push(...effectsOf(name, rest, scope), ...languageEffects(name, rest, stdin));
    if (name === 'sed') {
      this.#findings.effects.push(...sedEffects(rest, stdin, around));
      for (const file of scriptFilesOfSed(rest)) this.#files.interpret(name, [file], scope);
    }
    this.#mayBe(name, rest, scope);
    const isStarting = !LOOKING.has(name) && !ELSEWHERE.test(name) && !isDeleting(name);
    if (name === 'find') this.#findExec(rest, scope);
    else if (isStarting) this.#started(name, rest, scope);
    const contents = name === 'cat' ? rest.flatMap((field) => this.#findings.written.of(field, scope)) : [];
    // something else may have been written there since
    if (contents.length > 0) return [UNKNOWN, ...contents, UNKNOWN].join('\n');
    return printed(name, rest, stdin);
  }

  /** What a program starts that is given a command, or may start. */
  #started(name: string, rest: readonly Field[], scope: Scope): void {
    const command = startedBy(name, rest);
    if (command !== null) this.run(command, scope.copy(), UNKNOWN);
    const starts = rest.flatMap(({ text }, at) => (isGrave(text) ? [at] : []));
    const isFirst = (at: number): boolean => rest.findIndex(({ text }) => text === rest[at]?.text) === at;
    for (const [index, at] of starts.entries())
      if (index < MOST_STARTED || isFirst(at)) this.#never(rest.slice(at), scope);
  }

  /** What is never allowed of a command that may run. */
  #never(fields: readonly Field[], scope: Scope): void {
    const findings = new Findings();
    new Commands(findings, this.#interpreter).run(fields, scope.copy(), UNKNOWN);
    this.#findings.addDenied(findings.effects);
  }

  /** What find runs is judged with a file of which nothing is known. */
  #findExec(rest: readonly Field[], scope: Scope): void {
    for (const command of commandsOf(rest)) {
      const words = removes(command[0])
        ? command.filter(({ text }) => !text.includes('{}'))
        : command.map((field) => ({ ...field, text: field.text.replaceAll('{}', UNKNOWN) }));
      this.run(words, scope.copy(), UNKNOWN);
    }
  }
}

/** Any one of these: what each leaves may be. */
function eitherWay(ways: readonly ((scope: Scope) => string)[], scope: Scope): string {
  const [only, ...more] = ways;
  if (only !== undefined && more.length === 0) return only(scope);
  const ended = ways.map((way) => {
    const copy = scope.copy();
    return { copy, text: way(copy) };
  });
  const [first, ...others] = ended;
  if (first === undefined) return '';
  for (const { copy } of others) first.copy.merge(copy);
  scope.take(first.copy);
  return others.every(({ text }) => text === first.text) ? first.text : UNKNOWN;
}

/** What `python -m NAME` runs is a program of that name. */
function moduleEffects(name: string, rest: readonly Field[], scope: Scope): readonly Effect[] {
  const at = rest.findIndex(({ text }) => !text.startsWith('-') || text === '-m');
  const program = rest[at + 1]?.text ?? '';
  if (interpreterOf(name) !== 'python' || rest[at]?.text !== '-m') return [];
  return effectsOf(program, rest.slice(at + 2), scope).filter(({ decision }) => decision !== 'allow');
}

/** Files that `perl -i` and its like replace. */
function inPlaceEffects(rest: readonly Field[], scope: Scope): readonly Effect[] {
  if (!rest.some(({ text }) => /^-[a-zA-Z0-9]*i/.test(text))) return [];
  return rest
    .filter(({ text }, at) => !text.startsWith('-') && !/^-[a-zA-Z0-9]*[eE]$/.test(rest[at - 1]?.text ?? ''))
    .map((field) => overwriting(field, scope));
}
