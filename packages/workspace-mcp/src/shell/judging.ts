import { judge, scopeOf } from '../guard/judge.ts';
import type { Scope, Script, Surroundings } from '../guard/scope.ts';
import type { Verdict } from '../guard/verdict.ts';
import type { LiveState } from './session-shell.ts';
import type { World } from './world.ts';

const HOME = '/home/agent';
const MOST_ROUNDS = 4;
const MOST_SCRIPTS = 20;

export interface Judged {
  readonly command: string;
  readonly state: LiveState;
  readonly mounts: readonly string[];
  readonly world: Pick<World, 'script' | 'isFreed'>;
}

/** Judges commands with what the shell is, and with the files that they run. */
export class Judging {
  #last: (LiveState & { readonly scope: Scope }) | null = null;

  async verdict({ command, state, mounts, world }: Judged): Promise<Verdict> {
    const scripts = new Map<string, Script>();
    const isFreed = (path: string): boolean => world.isFreed(path);
    const surroundings = { cwd: state.cwd, mounts, home: HOME, variables: {}, scripts, isFreed };
    const known = this.#known(state, surroundings);
    const looked = new Set<string>();
    for (let round = 1; ; round += 1) {
      const verdict = judge(command, surroundings, known);
      const runs = verdict.runs.filter((path) => !looked.has(path));
      if (runs.length === 0) return verdict;
      for (const path of runs) {
        const isTooMuch = round > MOST_ROUNDS || looked.size >= MOST_SCRIPTS;
        const script = isTooMuch ? { text: null, isAgents: true } : await world.script(path);
        looked.add(path);
        if (script !== undefined) scripts.set(path, script);
      }
    }
  }

  /** The same as long as the shell is the same. */
  #known({ script, cwd }: LiveState, surroundings: Surroundings): Scope {
    if (this.#last?.script !== script || this.#last.cwd !== cwd)
      this.#last = { script, cwd, scope: scopeOf(script, surroundings) };
    return this.#last.scope;
  }
}
