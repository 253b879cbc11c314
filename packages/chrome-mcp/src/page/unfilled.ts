import type { FillProblem } from './action-api.ts';

/** Why a field is not filled. */
export class Unfilled extends Error {
  readonly problem: FillProblem;
  /** Words of the page: what could be chosen instead. */
  readonly choices: readonly string[];

  constructor(problem: FillProblem, why: string, choices: readonly string[] = []) {
    super(why);
    this.problem = problem;
    this.choices = choices;
  }
}
