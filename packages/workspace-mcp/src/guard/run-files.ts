import type { Around } from './code-effects.ts';
import type { Findings } from './findings.ts';
import { fileEffects } from './inline-effects.ts';
import { pathsOf } from './places.ts';
import { UNKNOWN, type Scope, type Script } from './scope.ts';
import { setPositions } from './shell-state.ts';
import { ask, type Effect } from './verdict.ts';
import type { Field } from './words.ts';

/** By all their names, also with a version. */
export const SHELLS = /^(?:r?ba|da|r?z|[rml]?k|pdk|ok|a|ya|po|fi|c|tc)?sh(?:-static|-?\d[\d.]*)?$/;

const RUNS_UNREAD = ask('it runs a file that cannot be read before');
const RUNS_UNKNOWN = ask('a file that was just written runs with a program that is not followed');

/** What judges a script. */
interface Shell {
  source(script: string, scope: Scope): string;
  /** What it would do, which is not counted. */
  apart(script: string, scope: Scope): readonly Effect[];
}

/** Judges the files that commands run by what is in them. */
export class RunFiles {
  readonly #findings: Findings;
  readonly #shell: Shell;

  constructor(findings: Findings, shell: Shell) {
    this.#findings = findings;
    this.#shell = shell;
  }

  /** The file that an interpreter is given. */
  interpret(name: string, rest: readonly Field[], scope: Scope): void {
    const { effects, written, runs } = this.#findings;
    for (const content of rest.flatMap((field) => written.of(field, scope)))
      effects.push(...(fileEffects(name, content, this.#around(scope)) ?? []));
    const file = rest.find(({ text }) => !text.startsWith('-'));
    if (file === undefined || written.of(file, scope).length > 0) return;
    for (const path of pathsOf(file, scope).filter((one) => isReadable(one))) {
      const script = scope.surroundings.scripts?.get(path);
      if (script === undefined) runs.add(path);
      else if (script.isAgents && script.text === null) effects.push(RUNS_UNREAD);
      else if (script.isAgents)
        effects.push(...(fileEffects(name, script.text ?? '', this.#around(scope)) ?? []));
    }
  }

  /** Judges files as they are run: those that were written before, and those that are there. */
  run(file: Field, args: readonly Field[], scope: Scope): void {
    const contents = this.#findings.written.of(file, scope);
    const inner = scope.copy();
    setPositions(inner, args);
    for (const content of contents) this.#content(content, inner);
    if (contents.length > 0) return;
    for (const path of pathsOf(file, scope).filter((one) => isReadable(one))) {
      const script = scope.surroundings.scripts?.get(path);
      if (script === undefined) this.#findings.runs.add(path);
      else this.#script(script, inner);
    }
  }

  /** Whether what is in a file was looked at. */
  isKnown(file: Field, scope: Scope): boolean {
    const paths = pathsOf(file, scope);
    const isScript = (path: string): boolean =>
      typeof scope.surroundings.scripts?.get(path)?.text === 'string';
    return paths.length === 1 && (this.#findings.written.of(file, scope).length > 0 || paths.every(isScript));
  }

  /** What the person wrote themselves is theirs, as long as it is no catastrophe. */
  #script({ text, isAgents }: Script, scope: Scope): void {
    if (text === null) this.#findings.effects.push(RUNS_UNREAD);
    else if (isAgents) this.#content(text, scope);
    else if (isOfShell(text)) this.#findings.addDenied(this.#shell.apart(text, scope));
  }

  #around(scope: Scope): Around {
    return { scope, apart: (script, within) => this.#shell.apart(script, within) };
  }

  #content(content: string, scope: Scope): void {
    const program = programOf(content);
    if (SHELLS.test(program)) this.#shell.source(content, scope.copy());
    else
      this.#findings.effects.push(...(fileEffects(program, content, this.#around(scope)) ?? [RUNS_UNKNOWN]));
  }
}

const programOf = (content: string): string =>
  /^#!\s*(?:\S*\/)?(?:env\s+(?:-S\s+)?)?([\w.]+)/.exec(content)?.[1] ?? 'sh';

const isOfShell = (content: string): boolean => SHELLS.test(programOf(content));

/** Programs of the system are what their names say. */
const isReadable = (path: string): boolean =>
  !path.includes(UNKNOWN) && !/^\/(?:usr|bin|sbin|lib|lib64|opt|etc|dev|proc)\//.test(path);
