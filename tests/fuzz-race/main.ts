import { parseArgs } from 'node:util';
import type { WindowManagerName } from '../lab/window-manager.ts';
import { DISTURBANCES } from './disturbance.ts';
import { faultsOf, fuzz, type FuzzReport } from './fuzz.ts';

const WINDOW_MANAGERS = ['openbox', 'xfwm4', 'icewm'] as const;
const USAGE = 2;

const HELP = `Usage: npm run fuzz:race -- [--runs N] [--wm NAME] [--seed N]

Types, clicks, scrolls, drags, holds keys, copies and does batches of these in an allowed program while another one
steals the focus, maps windows over it, grabs the keyboard or the pointer, or the program exits, at random moments.
Counts by the two programs' own journals, and by what each of them could paste.

  --runs N    runs under each window manager (default 60)
  --wm NAME   ${WINDOW_MANAGERS.join(', ')} or all (default all)
  --seed N    repeats the choices of an earlier call (default: from the clock)

Exits with 1 when anything reached a program that nobody allowed, when the server's count is wrong, or when
undisturbed runs do not complete.`;

interface Options {
  readonly runs: number;
  readonly managers: readonly WindowManagerName[];
  readonly seed: number;
}

function optionsOf(argv: readonly string[]): Options | string {
  const { values } = parseArgs({
    args: [...argv],
    options: {
      runs: { type: 'string', default: '60' },
      wm: { type: 'string', default: 'all' },
      seed: { type: 'string', default: String(Date.now() % 1_000_000) },
      help: { type: 'boolean', short: 'h', default: false },
    },
  });
  if (values.help) return HELP;
  const managers = WINDOW_MANAGERS.filter((name) => values.wm === 'all' || values.wm === name);
  const runs = Number(values.runs);
  const seed = Number(values.seed);
  if (!Number.isInteger(runs) || runs < 1)
    throw new Error(`--runs takes a whole number from 1, not ${values.runs}`);
  if (!Number.isInteger(seed)) throw new Error(`--seed takes a whole number, not ${values.seed}`);
  if (managers.length === 0)
    throw new Error(`--wm takes ${WINDOW_MANAGERS.join(', ')} or all, not ${values.wm}`);
  return { runs, managers, seed };
}

function summary(report: FuzzReport): string {
  const kinds = DISTURBANCES.map((kind) => {
    const runs = report.results.filter(({ disturbance }) => disturbance === kind);
    const stopped = runs.filter(({ completed }) => !completed).length;
    return `  ${kind.padEnd(22)} ${String(runs.length).padStart(4)} runs, ${String(stopped).padStart(4)} stopped`;
  });
  const actions = [...new Set(report.results.map(({ action }) => action))].toSorted();
  const done = actions.map(
    (name) => `${report.results.filter(({ action }) => action === name).length} ${name}`,
  );
  const delivered = report.results.reduce((sum, { received }) => sum + received, 0);
  return [
    ...kinds,
    `  ${done.join(', ')}`,
    `  ${delivered} presses delivered, ${report.leaked} leaked; ${report.completed} of ${report.undisturbed} undisturbed runs completed`,
  ].join('\n');
}

async function main(): Promise<number> {
  const options = optionsOf(process.argv.slice(2));
  if (typeof options === 'string') {
    console.log(options);
    return 0;
  }
  const { runs, managers, seed } = options;
  console.log(`Race fuzz: ${runs} runs under each of ${managers.join(', ')}, seed ${seed}`);
  const faults: string[] = [];
  for (const wm of managers) {
    const started = performance.now();
    const onRun = (_: unknown, index: number): void => {
      if (process.stdout.isTTY) process.stdout.write(`\r${wm}: ${index + 1} of ${runs} `);
    };
    const report = await fuzz({ wm, runs, seed, onRun });
    console.log(
      `${process.stdout.isTTY ? '\r' : ''}${wm}: ${runs} runs in ${((performance.now() - started) / 1000).toFixed(0)} s`,
    );
    console.log(summary(report));
    faults.push(...faultsOf(report));
  }
  for (const fault of faults) console.error(fault);
  console.log(
    faults.length === 0 ? 'Nothing leaked.' : `${faults.length} faults; repeat with --seed ${seed}`,
  );
  return faults.length === 0 ? 0 : 1;
}

try {
  process.exitCode = await main();
} catch (error) {
  console.error(error instanceof Error ? error.message : error);
  process.exitCode = USAGE;
}
