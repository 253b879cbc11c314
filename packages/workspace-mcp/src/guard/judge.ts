import {
  parse,
  type AndOr,
  type Assignment,
  type Command,
  type CommandNode,
  type CompoundList,
  type ParsedScript,
  type Pipeline,
  type Redirection,
  type Statement,
  type Word,
} from 'unbash';
import { peel, WRAPPERS } from './arguments.ts';
import { effectsOf, overwriting } from './effects.ts';
import { environmentEffects, inlineEffects, shellVariableEffects } from './inline-effects.ts';
import { isSecret, pathsOf } from './places.ts';
import { printed } from './printed.ts';
import { Scope, UNKNOWN, type FunctionBody, type Surroundings } from './scope.ts';
import {
  cwdsAfter,
  leaves,
  patternValue,
  quotedField,
  setPositions,
  stdinOf,
  takePositions,
  unknownPositions,
  withUnknown,
} from './shell-state.ts';
import { ask, deny, harmless, verdictOf, type Effect, type Span, type Verdict } from './verdict.ts';
import { fieldsOf, runWithin, textOf, type Expander, type Field } from './words.ts';
import { Written } from './written.ts';

/** Longer ones are not looked through. */
const MOST_CHARACTERS = 10_000;
const MOST_DEPTH = 12;
const MOST_STEPS = 5_000;

/**
 * Judges a script of bash before it runs, by what its commands do, each with what is known of the shell at that point.
 * What cannot be understood, or not known while it could destroy something, is for a person to decide.
 */
export function judge(
  script: string,
  surroundings: Surroundings,
  known: Scope = new Scope(surroundings),
): Verdict {
  if (script.length > MOST_CHARACTERS)
    return verdictOf([ask(`it has more than ${MOST_CHARACTERS} characters`)]);
  const judging = new Judging(surroundings.written);
  if (/(?<!\\)(\\\\)*\\$/.test(script)) judging.effects.push(ask('it ends in the middle of a line'));
  judging.source(script, known.copy());
  return verdictOf(judging.effects, judging.spans);
}

/** Variables that are something else whenever they are read. */
const CHANGING =
  '_ RANDOM SRANDOM SECONDS EPOCHSECONDS EPOCHREALTIME LINENO HISTCMD BASHPID PIPESTATUS'.split(' ');
/** What is known of a shell by a script that makes its variables, functions and aliases anew. */
export function scopeOf(state: string, surroundings: Surroundings): Scope {
  const scope = new Scope(surroundings);
  new Judging().know(state, scope);
  return scope;
}

const SHELLS = /^(ba|da|z|k|a|fi|mk)?sh$/;
const RUNS_UNKNOWN = ask('a file that was just written runs with a program that is not followed');

/** Where what a command prints goes. */
interface Target {
  readonly paths: readonly string[];
  readonly isAppended: boolean;
}

class Judging {
  readonly effects: Effect[] = [];
  readonly spans: Span[] = [];
  readonly #calls: string[] = [];
  #depth = 0;
  #steps = 0;
  readonly #written: Written;
  /** How many of the functions in `#calls` were called beside something else that runs. */
  #parallel = 0;

  constructor(written = new Written()) {
    this.#written = written;
  }

  source(script: string, scope: Scope): string {
    return this.#script(parse(script), scope);
  }

  /** Takes in what the shell is, which does nothing by itself. */
  know(state: string, scope: Scope): void {
    const script = parse(state);
    this.#script(script, scope);
    if ((script.errors ?? []).length > 0 || this.#steps > MOST_STEPS) scope.forget();
    for (const name of CHANGING) scope.variables.set(name, UNKNOWN);
    scope.cwds = [scope.surroundings.cwd];
  }

  /** What it prints, as far as that is known. */
  #script(script: ParsedScript, scope: Scope): string {
    if (this.#depth >= MOST_DEPTH) {
      this.effects.push(ask('it is nested too deep'));
      return UNKNOWN;
    }
    const [error] = script.errors ?? [];
    if (error !== undefined) this.effects.push(ask(`it cannot be understood: ${error.message}`));
    this.#depth += 1;
    const text = script.commands.map((statement) => this.#statement(statement, scope, UNKNOWN)).join('');
    this.#depth -= 1;
    return text;
  }

  #list(list: CompoundList, scope: Scope, stdin: string): string {
    return list.commands.map((statement) => this.#statement(statement, scope, stdin)).join('');
  }

  #statement({ command, background }: Statement, scope: Scope, stdin: string): string {
    if ((this.#steps += 1) > MOST_STEPS) {
      if (this.#steps === MOST_STEPS + 1) this.effects.push(ask('it is too long to be followed'));
      return UNKNOWN;
    }
    const inner = background === true ? scope.copy() : scope;
    const before = scope.copy();
    if (background === true) this.#parallel += 1;
    const text = this.#node(command, inner, stdin);
    if (background === true) this.#parallel -= 1;
    // a change of folder may have failed
    scope.cwds = [...new Set([...before.cwds, ...scope.cwds])];
    return text;
  }

  #node(node: AndOr | Pipeline | CommandNode, scope: Scope, stdin: string): string {
    if (node.type === 'AndOr') return this.#andOr(node, scope, stdin);
    if (node.type === 'Pipeline') return this.#pipeline(node, scope, stdin);
    if (node.type === 'Command') return this.#command(node, scope, stdin);
    if (node.type === 'Coproc') return this.#coproc(node.body, scope);
    if (node.type !== 'Function') return this.#compound(node, scope, stdin);
    scope.functions.set(node.name.value, node.body);
    // it is judged with what calls it, and here too, for whatever calls it later
    this.#body(node.body, unknownPositions(scope), UNKNOWN);
    return '';
  }

  #coproc(body: Command | FunctionBody, scope: Scope): string {
    if (body.type === 'Command') this.#command(body, scope.copy(), UNKNOWN);
    else this.#body(body, scope.copy(), UNKNOWN);
    return '';
  }

  #andOr({ commands, operators }: AndOr, scope: Scope, stdin: string): string {
    let text = '';
    const before = scope.copy();
    for (const [index, command] of commands.entries()) {
      const isElse = operators[index - 1] === '||';
      const branch = isElse ? before.copy() : scope;
      text += this.#node(command, branch, stdin);
      if (isElse && !leaves(command)) scope.merge(branch);
    }
    return text;
  }

  #pipeline({ commands }: Pipeline, scope: Scope, stdin: string): string {
    if (commands.length === 1 && commands[0] !== undefined) return this.#node(commands[0], scope, stdin);
    let passed = stdin;
    this.#parallel += 1;
    for (const command of commands) passed = this.#node(command, scope.copy(), passed);
    this.#parallel -= 1;
    return passed;
  }

  #body(body: FunctionBody, scope: Scope, stdin: string): string {
    return body.type === 'CompoundList' ? this.#list(body, scope, stdin) : this.#compound(body, scope, stdin);
  }

  #compound(node: Exclude<FunctionBody, CompoundList>, scope: Scope, stdin: string): string {
    switch (node.type) {
      case 'Redirected':
        return this.#into(this.#redirect(node.redirects, scope), () =>
          this.#compound(node.command, scope, stdinOf(node.redirects, scope, this.#expander(scope)) ?? stdin),
        );
      case 'Subshell':
        return this.#list(node.body, scope.copy(), stdin);
      case 'BraceGroup':
        return this.#list(node.body, scope, stdin);
      case 'If':
        this.#list(node.clause, scope, stdin);
        this.#either(
          [
            node.then,
            ...node.elif.flatMap(({ clause, then }) => [clause, then]),
            ...(node.else === undefined ? [] : [node.else]),
          ],
          scope,
          stdin,
        );
        return UNKNOWN;
      case 'While':
        this.#again([node.clause, node.body], scope);
        return UNKNOWN;
      case 'For':
      case 'Select':
        return this.#loop(node.name.value, node.wordlist ?? [], node.body, scope);
      case 'ArithmeticFor':
        this.#again([node.body], scope);
        return UNKNOWN;
      case 'Case':
        textOf(node.word, this.#expander(scope));
        this.#either(
          node.items.map(({ body }) => body),
          scope,
          stdin,
        );
        return UNKNOWN;
      case 'TestCommand':
      case 'ArithmeticCommand':
        // substitutions in tests and sums run too
        runWithin(node, this.#expander(scope));
        return '';
    }
  }

  /** Any number of times: what the first time leaves decides about the second, and nothing new comes after that. */
  #again(lists: readonly CompoundList[], scope: Scope): void {
    for (let time = 1; time <= 2; time += 1) {
      const copy = scope.copy();
      for (const list of lists) this.#list(list, copy, UNKNOWN);
      scope.merge(copy);
    }
  }

  #either(branches: readonly CompoundList[], scope: Scope, stdin: string): void {
    const before = scope.copy();
    for (const branch of branches) {
      const copy = before.copy();
      this.#list(branch, copy, stdin);
      scope.merge(copy);
    }
  }

  #loop(name: string, words: readonly Word[], body: CompoundList, scope: Scope): string {
    const values = words.flatMap((word) => fieldsOf(word, this.#expander(scope)));
    const known = values.length > 0 && values.length <= 20 ? values : [{ text: UNKNOWN, isPattern: true }];
    // a pattern stands for any number of them
    for (const { text, isPattern } of known.flatMap((value) =>
      value.isPattern ? [value, value] : [value],
    )) {
      const copy = scope.copy();
      copy.variables.set(name, isPattern ? patternValue(text) : text);
      this.#list(body, copy, UNKNOWN);
      scope.merge(copy);
    }
    return UNKNOWN;
  }

  #expander(scope: Scope): Expander {
    return { scope, run: (script) => this.#script(script, scope.copy()) };
  }

  #command(command: Command, scope: Scope, stdin: string): string {
    const expander = this.#expander(scope);
    const assignments = command.prefix.filter((part) => part.type === 'Assignment');
    const targets = this.#redirect(command.redirects, scope);
    const given = stdinOf(command.redirects, scope, expander) ?? stdin;
    const name = command.name === undefined ? [] : fieldsOf(command.name, expander);
    const rest = command.args.flatMap((arg) =>
      arg.type === 'Assignment' ? this.#assigned(arg, expander) : fieldsOf(arg, expander),
    );
    const isAlone = name.length === 0 && rest.length === 0;
    for (const assignment of assignments) {
      const [field] = this.#assigned(assignment, expander);
      const value = (field?.text ?? '').slice(assignment.name.length + 1);
      if (isAlone) this.effects.push(...shellVariableEffects(assignment.name, value));
      if (isAlone)
        scope.variables.set(
          assignment.name,
          assignment.append === true ? scope.value(assignment.name) + value : value,
        );
      else this.effects.push(...environmentEffects(assignment.name, value));
    }
    if (isAlone) return this.#into(targets, () => '');
    return this.#into(targets, () => this.#run([...name, ...rest], scope, given));
  }

  /** `NAME=VALUE` as one argument. */
  #assigned({ name, value }: Assignment, expander: Expander): readonly Field[] {
    if (value.type === 'Word') return [{ text: `${name}=${textOf(value, expander)}`, isPattern: false }];
    for (const element of value.elements) fieldsOf(element, expander);
    return [{ text: `${name}=${UNKNOWN}`, isPattern: false }];
  }

  /** A command with its arguments, as it is when it runs. */
  #run(fields: readonly Field[], scope: Scope, stdin: string): string {
    const from = this.effects.length;
    const text = this.#runs(fields, scope, stdin);
    this.spans.push({ words: fields.map((field) => field.text), from, to: this.effects.length });
    return text;
  }

  #runs(fields: readonly Field[], scope: Scope, stdin: string): string {
    const [first, ...rest] = fields;
    if (first === undefined) return '';
    if (first.text.includes(UNKNOWN) || first.isPattern) {
      this.effects.push(ask('which program it runs is not known before'));
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
    if (name in WRAPPERS) return this.#wrapped(name, rest, scope, stdin);
    if (SHELLS.test(name)) return this.#shell(rest, scope, stdin);
    return this.#builtinOrProgram(name, rest, scope, stdin);
  }

  #aliased(name: string, alias: string, rest: readonly Field[], scope: Scope): string {
    this.#calls.push(`alias ${name}`);
    const text = this.source([alias, ...rest.map(quotedField)].join(' '), scope);
    this.#calls.pop();
    return text;
  }

  #function(name: string, body: FunctionBody, rest: readonly Field[], scope: Scope): string {
    if (this.#calls.includes(name)) {
      if (this.#parallel > 0)
        this.effects.push(
          deny(`${name} starts itself over and over, until nothing else can run`, 'Give it an end.'),
        );
      return UNKNOWN;
    }
    const inner = scope.copy();
    setPositions(inner, rest);
    this.#calls.push(name);
    const text = this.#body(body, inner, UNKNOWN);
    this.#calls.pop();
    // what it set is set here too, unless it was its own
    takePositions(inner, scope);
    scope.merge(inner);
    return text;
  }

  #wrapped(name: string, rest: readonly Field[], scope: Scope, stdin: string): string {
    const { fields, assignments } = peel(name, rest);
    for (const assignment of assignments) {
      const at = assignment.indexOf('=');
      this.effects.push(...environmentEffects(assignment.slice(0, at), assignment.slice(at + 1)));
    }
    if (/^(sudo|doas)$/.test(name))
      this.effects.push(ask(`${name} asks for more rights than this sandbox has`));
    if (name === 'command' && rest.some(({ text }) => /^-[vV]$/.test(text))) return UNKNOWN;
    if (fields.length === 0) return UNKNOWN;
    if (name === 'watch') return this.source(fields.map(({ text }) => text).join(' '), scope.copy());
    if (name !== 'xargs' && name !== 'parallel') return this.#run(fields, scope, stdin);
    const words = stdin.includes(UNKNOWN) ? [UNKNOWN] : stdin.split(/\s+/).filter(Boolean);
    const given = words.map((text) => ({ text, isPattern: text.includes(UNKNOWN) }));
    const place = rest.findIndex(({ text }) => text === '-I' || text === '-i');
    const mark = place < 0 ? null : (rest[place + 1]?.text ?? '{}');
    const filled =
      mark === null
        ? [...fields, ...given]
        : fields.map((field) => ({ ...field, text: field.text.replaceAll(mark, words.join(' ')) }));
    return this.#run(filled, scope, UNKNOWN);
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
      this.#file(file, rest.slice(rest.indexOf(file) + 1), scope);
      this.effects.push(
        file.text === '/dev/fd/63'
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
      this.effects.push(ask('a shell runs what is not known before'));
      // what is known of it counts
      if (script.replaceAll(UNKNOWN, '').trim() === '') return UNKNOWN;
    }
    return this.source(script.replaceAll(UNKNOWN, '"$__unknown"'), withUnknown(scope));
  }

  #builtinOrProgram(name: string, rest: readonly Field[], scope: Scope, stdin: string): string {
    switch (name) {
      case 'eval':
        return this.#unknownOrHere(rest.map(({ text }) => text).join(' '), scope);
      case 'source':
      case '.':
        this.effects.push(ask('the shell runs a file as if it were typed'));
        if (rest[0] !== undefined) this.#file(rest[0], rest.slice(1), scope);
        scope.forget();
        return UNKNOWN;
      case 'trap':
        if (rest.length > 1) this.#unknownOr(rest[0]?.text ?? '', scope.copy());
        return '';
      case 'cd':
      case 'pushd':
        scope.cwds = cwdsAfter(rest, scope);
        return '';
      case 'popd':
        scope.cwds = [null];
        return '';
      case 'alias':
        for (const { text } of rest) {
          const at = text.indexOf('=');
          if (at <= 0) continue;
          scope.aliases.set(text.slice(0, at), text.slice(at + 1));
          // like a function: it may take the place of any word of the shell
          this.source(text.slice(at + 1).replaceAll(UNKNOWN, '"$__unknown"'), withUnknown(scope));
        }
        return '';
      case 'export':
      case 'declare':
      case 'typeset':
      case 'local':
      case 'readonly':
        this.#declared(rest, scope);
        return '';
      case 'read':
      case 'mapfile':
      case 'readarray':
      case 'let':
      case 'getopts':
        for (const { text } of rest) if (/^[A-Za-z_]\w*$/.test(text)) scope.variables.set(text, UNKNOWN);
        return '';
      case 'set':
        if (rest.some(({ text }) => text === '--'))
          setPositions(scope, rest.slice(rest.findIndex(({ text }) => text === '--') + 1));
        return '';
      case 'shift':
        for (let position = 1; position <= 9; position += 1) scope.variables.set(`${position}`, UNKNOWN);
        return '';
      case 'unset':
        for (const { text } of rest) scope.variables.set(text, '');
        return '';
      case 'printf':
        if (rest[0]?.text === '-v' && rest[1] !== undefined) scope.variables.set(rest[1].text, UNKNOWN);
        return printed(name, rest, stdin);
      default:
        return this.#program(name, rest, scope, stdin);
    }
  }

  #unknownOrHere(script: string, scope: Scope): string {
    if (!script.includes(UNKNOWN)) return this.source(script, scope);
    this.effects.push(ask('a shell runs what is not known before'));
    const text = this.source(script.replaceAll(UNKNOWN, '"$__unknown"'), withUnknown(scope));
    scope.forget();
    return text;
  }

  #declared(rest: readonly Field[], scope: Scope): void {
    for (const { text } of rest) {
      const at = text.indexOf('=');
      if (at < 0) this.effects.push(...environmentEffects(text, scope.value(text)));
      if (at < 0) continue;
      const name = text.slice(0, at);
      scope.variables.set(name, text.slice(at + 1));
      this.effects.push(...environmentEffects(name, text.slice(at + 1)));
    }
  }

  #program(name: string, rest: readonly Field[], scope: Scope, stdin: string): string {
    const inline = inlineEffects(name, rest, stdin);
    if (inline !== null) {
      this.effects.push(...inline);
      for (const content of rest.flatMap((field) => this.#written.of(field, scope)))
        this.effects.push(...(inlineEffects(name, [], content) ?? []));
      return UNKNOWN;
    }
    if (name.includes('/')) this.#file({ text: name, isPattern: false }, rest, scope);
    if (name === 'cp' || name === 'mv' || name === 'ln') this.#written.passOn(rest, scope);
    if (name === 'tee') {
      const isAppended = rest.some(({ text }) => /^(-a|--append)$/.test(text));
      for (const field of rest) this.#written.add(pathsOf(field, scope), stdin, isAppended);
    }
    this.effects.push(...effectsOf(name, rest, scope));
    if (name === 'find') this.#findExec(rest, scope);
    return printed(name, rest, stdin);
  }

  /** The command that find runs is judged with a file of which nothing is known. */
  #findExec(rest: readonly Field[], scope: Scope): void {
    const at = rest.findIndex(({ text }) => /^-(exec|execdir|ok|okdir)$/.test(text));
    if (at < 0) return;
    const end = rest.findIndex(({ text }, index) => index > at && (text === ';' || text === '+'));
    const inner = rest.slice(at + 1, end < 0 ? rest.length : end);
    if (/^(.*\/)?(rm|shred|unlink|truncate)$/.test(inner[0]?.text ?? '')) return;
    this.#run(
      inner.map((field) => ({ ...field, text: field.text.replaceAll('{}', UNKNOWN) })),
      scope.copy(),
      UNKNOWN,
    );
  }

  /** What it prints is in these files then. */
  #into(targets: readonly Target[], run: () => string): string {
    const text = run();
    for (const { paths, isAppended } of targets) this.#written.add(paths, text, isAppended);
    return text;
  }

  /** Judges files that were written before, as they are run; whether there were any. */
  #file(file: Field, args: readonly Field[], scope: Scope): boolean {
    const contents = this.#written.of(file, scope);
    for (const content of contents) {
      const inner = scope.copy();
      setPositions(inner, args);
      const program = /^#!\s*(?:\S*\/)?(?:env\s+(?:-S\s+)?)?([\w.]+)/.exec(content)?.[1] ?? 'sh';
      if (SHELLS.test(program)) this.#unknownOr(content, inner);
      else this.effects.push(...(inlineEffects(program, [], content) ?? [RUNS_UNKNOWN]));
    }
    return contents.length > 0;
  }

  /** Where it writes. */
  #redirect(redirects: readonly Redirection[], scope: Scope): readonly Target[] {
    const targets: Target[] = [];
    const expander = this.#expander(scope);
    for (const redirect of redirects) {
      if (redirect.type !== 'Redirect' || redirect.target === undefined) continue;
      const text = textOf(redirect.target, expander);
      const isCopy = redirect.operator.includes('&') && /^(\d+|-|\d+-)$/.test(text);
      if (isCopy) continue;
      if (redirect.operator === '<') {
        if (isSecret(text)) this.effects.push(ask('it reads a file that has secrets by its name'));
        if (text.startsWith('/dev/tcp/') || text.startsWith('/dev/udp/'))
          this.effects.push(ask('it reaches other computers'));
        continue;
      }
      if (/^\/dev\/(tcp|udp)\//.test(text)) this.effects.push(ask('it reaches other computers'));
      else this.effects.push(overwriting({ text, isPattern: false }, scope));
      targets.push({ paths: pathsOf({ text }, scope), isAppended: redirect.operator.includes('>>') });
    }
    return targets;
  }
}
