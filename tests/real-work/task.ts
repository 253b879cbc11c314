import type { Desktop } from '../lab/desktop.ts';
import type { Worker } from './worker.ts';

/** A piece of work on a real application, graded by what it left behind. */
export interface Task {
  /** What a person would ask for. */
  readonly title: string;
  /** Executables that the person allowed. */
  readonly apps: readonly string[];
  /** Starts what the person has open already. */
  prepare(desktop: Desktop): Promise<void>;
  work(worker: Worker, desktop: Desktop): Promise<void>;
  /** Looks at files and settings, and throws where they are not as asked. */
  check(desktop: Desktop): Promise<void>;
}
