import type { Redirection } from 'unbash';
import type { Findings } from './findings.ts';
import { overwriting } from './losses.ts';
import { isSecret, pathsOf } from './places.ts';
import { touching } from './touches.ts';
import { ask, harmless, type Effect } from './verdict.ts';
import { textOf, type Expander } from './words.ts';

/** Where what a command prints goes. */
interface Target {
  readonly paths: readonly string[];
  readonly isAppended: boolean;
}

/** What is redirected. */
interface Redirected {
  readonly redirects: readonly Redirection[];
  /** It goes through what it reads line by line. */
  readonly isReading: boolean;
  readonly expander: Expander;
}

const COPY = /^(\d+|-|\d+-)$/;
const NETWORK = /^\/dev\/(tcp|udp)\//;

/** Judges where commands read from and write to. */
export class Redirections {
  readonly #findings: Findings;

  constructor(findings: Findings) {
    this.#findings = findings;
  }

  /** Runs something that is redirected; what it prints is in the files then that it is led to. */
  around(redirected: Redirected, run: () => string): string {
    const targets = redirected.redirects.flatMap((redirect) => this.#redirect(redirect, redirected));
    const text = run();
    for (const { paths, isAppended } of targets) this.#findings.written.add(paths, text, isAppended);
    return text;
  }

  #redirect(redirect: Redirection, { expander, isReading }: Redirected): readonly Target[] {
    if (redirect.type !== 'Redirect' || redirect.target === undefined) return [];
    const { operator, target } = redirect;
    const text = textOf(target, expander);
    if (operator.includes('&') && COPY.test(text)) return [];
    const { effects } = this.#findings;
    const paths = pathsOf({ text }, expander.scope);
    if (NETWORK.test(text)) effects.push(ask('it reaches other computers'));
    if (operator === '<') {
      effects.push(...readEffects(text, paths, expander));
      if (isReading) this.#given(text, expander);
      return [];
    }
    if (!NETWORK.test(text)) {
      const touches = touching(paths, 'Edit', expander.scope);
      effects.push(overwriting({ text, isPattern: false }, expander.scope), { ...harmless, touches });
    }
    return [{ paths, isAppended: operator.includes('>>') }];
  }

  #given(text: string, { scope }: Expander): void {
    for (const content of this.#findings.written.of({ text, isPattern: false }, scope))
      this.#findings.given(content);
  }
}

function readEffects(text: string, paths: readonly string[], { scope }: Expander): readonly Effect[] {
  const isFreed = paths.every((path) => scope.surroundings.isFreed?.(path) === true);
  return [
    { ...harmless, touches: touching(paths, 'Read', scope) },
    ...(isSecret(text) && !isFreed ? [ask('it reads a file that has secrets by its name')] : []),
  ];
}
