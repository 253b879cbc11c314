import type { WindowManagerName } from '../lab/window-manager.ts';
import { openArena } from './arena.ts';
import { randomFrom } from './random.ts';
import { runOnce, type RunResult } from './run.ts';

export interface FuzzOptions {
  readonly wm: WindowManagerName;
  readonly runs: number;
  readonly seed: number;
  readonly onRun?: (result: RunResult, index: number) => void;
}

export interface FuzzReport {
  readonly wm: WindowManagerName;
  readonly results: readonly RunResult[];
  /** Presses that reached the program nobody allowed. */
  readonly leaked: number;
  /** Runs in which the server claimed other than what the editor received. */
  readonly miscounted: readonly RunResult[];
  readonly undisturbed: number;
  readonly completed: number;
}

/** Runs under one window manager, on a desktop of its own. */
export async function fuzz({ wm, runs, seed, onRun }: FuzzOptions): Promise<FuzzReport> {
  const arena = await openArena(wm);
  try {
    const random = randomFrom(seed);
    const results: RunResult[] = [];
    for (let index = 0; index < runs; index++) {
      const result = await runOnce(arena, random);
      results.push(result);
      onRun?.(result, index);
    }
    return reportOf(wm, results);
  } finally {
    await arena.close();
  }
}

function reportOf(wm: WindowManagerName, results: readonly RunResult[]): FuzzReport {
  const undisturbed = results.filter(({ disturbance }) => disturbance === 'none');
  return {
    wm,
    results,
    leaked: results.reduce((sum, { leaked }) => sum + leaked, 0),
    miscounted: results.filter(
      ({ disturbance, received, claimed }) => disturbance !== 'editor-exits' && received !== claimed,
    ),
    undisturbed: undisturbed.length,
    completed: undisturbed.filter(({ completed }) => completed).length,
  };
}

/** At least this share of undisturbed runs must be carried out: a server that does nothing fails. */
const LEAST_COMPLETED = 0.95;

/** What is wrong with a report; empty when nothing is. */
export function faultsOf({ wm, leaked, miscounted, undisturbed, completed }: FuzzReport): readonly string[] {
  return [
    ...(leaked > 0 ? [`${wm}: ${leaked} presses reached a program that nobody allowed`] : []),
    ...miscounted.map(
      (run) =>
        `${wm}: ${run.action} under ${run.disturbance} claimed ${run.claimed}, the editor got ${run.received}`,
    ),
    ...(completed < undisturbed * LEAST_COMPLETED
      ? [`${wm}: only ${completed} of ${undisturbed} undisturbed runs were carried out`]
      : []),
  ];
}
