import { Findings } from './findings.ts';
import { Scope, type Surroundings } from './scope.ts';
import { ask, verdictOf, type Verdict } from './verdict.ts';
import { Walk } from './walk.ts';

/** Longer ones are not looked through. */
const MOST_CHARACTERS = 10_000;

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
  const findings = new Findings(surroundings.written);
  if (/(?<!\\)(\\\\)*\\$/.test(script)) findings.effects.push(ask('it ends in the middle of a line'));
  try {
    const walk = new Walk(findings);
    walk.source(script, known.copy(surroundings));
    if (walk.isTooMuch) findings.effects.push(ask('it is too long to be followed'));
  } catch (error) {
    // the parser calls itself for what is nested, until the stack is full
    if (!(error instanceof RangeError)) throw error;
    findings.effects.push(ask('it is nested too deep'));
  }
  return verdictOf(findings.effects, findings.spans, findings.runs);
}

/** What is known of a shell by a script that makes its variables, functions and aliases anew. */
export function scopeOf(state: string, surroundings: Surroundings): Scope {
  const scope = new Scope(surroundings);
  new Walk(new Findings()).know(state, scope);
  return scope;
}
