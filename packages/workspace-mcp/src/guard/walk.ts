import {
  parse,
  type AndOr,
  type Assignment,
  type Command,
  type CommandNode,
  type CompoundList,
  type ParsedScript,
  type Pipeline,
  type Statement,
  type SyntaxNode,
  type Word,
} from 'unbash';
import { RUNS_INDEX } from './builtins.ts';
import { Commands, type Interpreter } from './commands.ts';
import { isBomb } from './endless.ts';
import { Findings } from './findings.ts';
import { environmentEffects, shellVariableEffects } from './inline-effects.ts';
import { runsWhenCounted } from './inner-commands.ts';
import { Redirections } from './redirections.ts';
import { UNKNOWN, type FunctionBody, type Scope } from './scope.ts';
import {
  isOfFile,
  leaves,
  patternValue,
  putBack,
  quotedField,
  stdinOf,
  succeeds,
  unknownPositions,
} from './shell-state.ts';
import { ask, deny, type Effect } from './verdict.ts';
import { fieldsOf, joined, runWithin, textOf, valuesWithin, type Expander, type Field } from './words.ts';

const BOMB = deny('it starts programs over and over, without an end', 'Give it an end.');
const MOST_DEPTH = 12;
const MOST_STEPS = 5_000;
const MOST_STEPS_APART = 10_000;

/** What goes through what it is given line by line. */
const READING = /^(?:read|mapfile|readarray|xargs|parallel)$/;

/** Variables that are something else whenever they are read. */
const CHANGING =
  '_ RANDOM SRANDOM SECONDS EPOCHSECONDS EPOCHREALTIME LINENO HISTCMD BASHPID PIPESTATUS'.split(' ');

/** Of all that is looked at apart, since it may run. */
interface Apart {
  steps: number;
  isTooMuch: boolean;
}

/** Goes through the grammar of a script, in the order in which it would run, and has its commands judged. */
export class Walk implements Interpreter {
  readonly #findings: Findings;
  readonly #commands: Commands;
  readonly #redirections: Redirections;
  readonly #apart: Apart;
  #depth = 0;
  #steps = 0;

  constructor(findings: Findings, depth = 0, apart: Apart = { steps: 0, isTooMuch: false }) {
    this.#findings = findings;
    this.#apart = apart;
    this.#commands = new Commands(findings, this);
    this.#redirections = new Redirections(findings);
    this.#depth = depth;
  }

  apart(script: string, scope: Scope): readonly Effect[] {
    if (this.#depth >= MOST_DEPTH) return [];
    this.#apart.isTooMuch ||= this.#apart.steps > MOST_STEPS_APART;
    if (this.#apart.isTooMuch) return [];
    const findings = new Findings();
    const walk = new Walk(findings, this.#depth + 1, this.#apart);
    walk.source(script, scope.copy());
    this.#apart.steps += walk.#steps;
    return findings.effects;
  }

  /** Of what may run there is more than was looked at. */
  get isTooMuch(): boolean {
    return this.#apart.isTooMuch;
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
      this.#findings.effects.push(ask('it is nested too deep'));
      return UNKNOWN;
    }
    const [error] = script.errors ?? [];
    if (error !== undefined) this.#findings.effects.push(ask(`it cannot be understood: ${error.message}`));
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
      if (this.#steps === MOST_STEPS + 1) this.#findings.effects.push(ask('it is too long to be followed'));
      return UNKNOWN;
    }
    const inner = background === true ? scope.copy() : scope;
    const before = scope.cwds;
    if (background === true) this.#findings.parallel += 1;
    const text = this.#node(command, inner, stdin);
    if (background === true) this.#findings.parallel -= 1;
    // a change of folder may have failed
    scope.mayBeIn(before);
    return text;
  }

  #node(node: AndOr | Pipeline | CommandNode, scope: Scope, stdin: string): string {
    if (node.type === 'AndOr') return this.#andOr(node, scope, stdin);
    if (node.type === 'Pipeline') return this.#pipeline(node, scope, stdin);
    if (node.type === 'Command') return this.#command(node, scope, stdin);
    if (node.type === 'Coproc') return this.#coproc(node.body, scope);
    if (node.type !== 'Function') return this.#compound(node, scope, stdin);
    scope.functions.set(node.name.value, [node.body]);
    // it is judged with what calls it, and here too, for whatever calls it later
    this.body(node.body, unknownPositions(scope), UNKNOWN);
    return '';
  }

  #coproc(body: Command | FunctionBody, scope: Scope): string {
    if (body.type === 'Command') this.#command(body, scope.copy(), UNKNOWN);
    else this.body(body, scope.copy(), UNKNOWN);
    return '';
  }

  #andOr({ commands, operators }: AndOr, scope: Scope, stdin: string): string {
    let text = '';
    const before = scope.copy();
    const failed: Scope[] = [];
    for (const [index, command] of commands.entries()) {
      const isElse = operators[index - 1] === '||';
      const branch = isElse ? before.copy() : scope;
      const above = commands[index - 1];
      if (above !== undefined && !isElse && !succeeds(above)) failed.push(scope.copy());
      text += this.#node(command, branch, stdin);
      if (isElse && !leaves(command)) scope.merge(branch);
    }
    const last = scope.copy();
    const [first = last, ...others] = failed;
    for (const other of [...others, last]) first.merge(other);
    scope.take(first);
    return text;
  }

  #pipeline({ commands }: Pipeline, scope: Scope, stdin: string): string {
    if (commands.length === 1 && commands[0] !== undefined) return this.#node(commands[0], scope, stdin);
    let passed = stdin;
    this.#findings.parallel += 1;
    for (const command of commands) passed = this.#node(command, scope.copy(), passed);
    this.#findings.parallel -= 1;
    return passed;
  }

  body(body: FunctionBody, scope: Scope, stdin: string): string {
    return body.type === 'CompoundList' ? this.#list(body, scope, stdin) : this.#compound(body, scope, stdin);
  }

  #compound(node: Exclude<FunctionBody, CompoundList>, scope: Scope, stdin: string): string {
    switch (node.type) {
      case 'Redirected':
        return this.#redirections.around(
          { redirects: node.redirects, isReading: true, expander: this.#expander(scope) },
          () =>
            this.#compound(
              node.command,
              scope,
              stdinOf(node.redirects, scope, this.#expander(scope)) ?? stdin,
            ),
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
        if (!stdin.includes(UNKNOWN)) this.#findings.given(stdin);
        if (isBomb(node)) this.#findings.effects.push(BOMB);
        this.#again([node.clause, node.body], scope);
        return UNKNOWN;
      case 'For':
      case 'Select':
        return this.#loop(node.name.value, node.wordlist ?? [], node.body, scope);
      case 'ArithmeticFor':
        if (isBomb(node)) this.#findings.effects.push(BOMB);
        for (const part of [node.initialize, node.test, node.update])
          if (part !== undefined) this.#count(part, scope);
        this.#again([node.body], scope);
        return UNKNOWN;
      case 'Case':
        for (const word of [node.word, ...node.items.flatMap(({ pattern }) => pattern)])
          textOf(word, this.#expander(scope));
        this.#either(
          node.items.map(({ body }) => body),
          scope,
          stdin,
        );
        return UNKNOWN;
      case 'TestCommand':
      case 'ArithmeticCommand':
        // substitutions in tests and sums run too
        this.#count(node, scope);
        return '';
    }
  }

  /** A test or a sum. */
  #count(node: SyntaxNode, scope: Scope): void {
    runWithin(node, this.#expander(scope));
    if (valuesWithin(node).some(runsWhenCounted)) this.#findings.effects.push(RUNS_INDEX);
  }

  #again(lists: readonly CompoundList[], scope: Scope): void {
    anyTimes((copy) => {
      for (const list of lists) this.#list(list, copy, UNKNOWN);
    }, scope);
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
    for (const { text, isPattern } of known) {
      const again = (copy: Scope): void => {
        copy.variables.set(name, isPattern ? patternValue(text) : text);
        this.#list(body, copy, UNKNOWN);
      };
      // a pattern stands for any number of them
      if (isPattern) anyTimes(again, scope);
      else {
        const copy = scope.copy();
        again(copy);
        scope.merge(copy);
      }
    }
    return UNKNOWN;
  }

  #expander(scope: Scope): Expander {
    return {
      scope,
      run: (script) => this.#script(script, scope.copy()),
      offer: (path, content) => this.#findings.written.add([path], content),
      doubt: (reason) => this.#findings.effects.push(ask(reason)),
    };
  }

  #command(command: Command, scope: Scope, stdin: string): string {
    const expander = this.#expander(scope);
    // without a command it prints what it reads
    const isReading = command.name === undefined || READING.test(command.name.value);
    return this.#redirections.around({ redirects: command.redirects, isReading, expander }, () =>
      this.#redirected(command, expander, stdinOf(command.redirects, scope, expander) ?? stdin),
    );
  }

  #redirected(command: Command, expander: Expander, stdin: string): string {
    const { scope } = expander;
    const assignments = command.prefix.filter((part) => part.type === 'Assignment');
    const name = command.name === undefined ? [] : fieldsOf(command.name, expander);
    const rest = command.args.flatMap((arg) =>
      arg.type === 'Assignment' ? this.#assigned(arg, expander) : fieldsOf(arg, expander),
    );
    const fields = [...name, ...rest];
    const before = assignments.map(({ name: one }) => [one, scope.variables.get(one)] as const);
    const exported = new Set(scope.exported);
    for (const assignment of assignments) this.#assign(assignment, expander, fields.length === 0);
    if (fields.length === 0) return isOfFile(command) ? UNKNOWN : '';
    const text = this.#commands.run(fields, scope, stdin);
    for (const [variable, was] of before) {
      putBack(scope, { variable, before: was }, fields);
      if (!exported.has(variable)) scope.exported.delete(variable);
    }
    return text;
  }

  /** For a command, or for the shell where it stands alone. */
  #assign(assignment: Assignment, expander: Expander, isAlone: boolean): void {
    const { scope } = expander;
    const [field] = this.#assigned(assignment, expander);
    const value = (field?.text ?? '').slice(assignment.name.length + 1);
    if (runsWhenCounted(value)) this.#findings.effects.push(RUNS_INDEX);
    const effects = isAlone ? shellVariableEffects : environmentEffects;
    this.#findings.effects.push(...effects(assignment.name, value));
    this.#findings.note(value);
    scope.set(
      assignment.name,
      assignment.append === true ? joined([scope.value(assignment.name), value]) : value,
    );
    if (isAlone) return;
    scope.declared.delete(assignment.name);
    scope.exported.add(assignment.name);
  }

  /** `NAME=VALUE` as one argument. */
  #assigned({ name, index, value }: Assignment, expander: Expander): readonly Field[] {
    if (index !== undefined) runWithin(index, expander);
    if (value.type === 'Word') return [{ text: `${name}=${textOf(value, expander)}`, isPattern: false }];
    const elements = value.elements.flatMap((element) => fieldsOf(element, expander));
    this.#findings.note(elements.map(quotedField).join(' '));
    return [{ text: `${name}=${UNKNOWN}`, isPattern: false }];
  }
}

/** Any number of times: what the first time leaves decides about the second, and only folders may lead further. */
function anyTimes(run: (scope: Scope) => void, scope: Scope): void {
  let cwds = 0;
  for (let time = 1; time <= 2; time += 1) {
    cwds = scope.cwds.length;
    const copy = scope.copy();
    run(copy);
    scope.merge(copy);
  }
  if (scope.cwds.length > cwds) scope.cwds = [null];
}
