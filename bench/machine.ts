import { execFile } from 'node:child_process';
import { availableParallelism, loadavg } from 'node:os';
import { promisify } from 'node:util';
import { summaryOf } from './statistics.ts';

const run = promisify(execFile);
const STARTS = 5;

/** How busy the machine was at one moment. */
interface Moment {
  readonly load: string;
  /** Median of what a Node.js took that did nothing. */
  readonly startMs: number;
}

export async function momentNow(): Promise<Moment> {
  const load = loadNow();
  const starts: number[] = [];
  for (let start = 0; start < STARTS; start += 1) {
    const begin = performance.now();
    await run(process.execPath, ['-e', '0']);
    starts.push(performance.now() - begin);
  }
  return { load, startMs: summaryOf(starts).median };
}

/** The line below a table: what the machine is, and how it was meanwhile. */
export const machineSince = ({ load, startMs }: Moment): string =>
  [
    `${availableParallelism()} cores, Node ${process.version}`,
    `load average before: ${load}, after: ${loadNow()}`,
    `a bare Node.js started in ${startMs.toFixed(0)} ms`,
  ].join('; ');

const loadNow = (): string =>
  loadavg()
    .map((value) => value.toFixed(1))
    .join(' ');
