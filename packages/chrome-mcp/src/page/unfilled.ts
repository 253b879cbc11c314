import type { FillProblem } from './action-api.ts';

/** Why a field is not filled. */
export class Unfilled extends Error {
  readonly problem: FillProblem;

  constructor(problem: FillProblem, why: string) {
    super(why);
    this.problem = problem;
  }
}
