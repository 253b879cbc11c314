import { writeFile } from 'node:fs/promises';
import { benchChrome } from './chrome/bench.ts';
import { benchCases } from './chrome/case-bench.ts';
import { caseTableOf, failuresOf, plainSheet } from './chrome/case-table.ts';
import { benchComputerUse } from './computer-use/bench.ts';
import type { Play } from './contest.ts';
import { benchHost } from './host/bench.ts';
import { machineSince, momentNow } from './machine.ts';
import { benchRuntime } from './runtime/bench.ts';
import { reasonOf, type Measurement } from './measurement.ts';
import { helpFor, readOptions, type BenchOptions } from './options.ts';
import { resultOf } from './result.ts';
import { putRun } from './readme.ts';
import { readmeTableOf, tableOf } from './table.ts';
import { benchWorkspace } from './workspace/bench.ts';

/** This file runs from `dist`. */
const README = new URL('../README.md', import.meta.url);
const USAGE = 2;
const INTERRUPTED = 130;

const benches: ReadonlyMap<string, (play: Play) => Promise<readonly Measurement[]>> = new Map([
  ['chrome', benchChrome],
  ['computer-use', benchComputerUse],
  ['host', benchHost],
  ['runtime', benchRuntime],
  ['workspace', benchWorkspace],
]);

const say = (text: string): boolean => process.stderr.write(`bench: ${text}\n`);

/** The first Ctrl-C closes everything in order; a second one ends the process at once. */
function interruptions(): AbortSignal {
  const interrupted = new AbortController();
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const)
    process.once(signal, () => interrupted.abort(new Error('interrupted')));
  return interrupted.signal;
}

async function runCases({ json, isForReadme, rounds }: BenchOptions, signal: AbortSignal): Promise<void> {
  const before = await momentNow();
  const sheets = await benchCases({ rounds, signal, say });
  process.stdout.write(`${caseTableOf(sheets)}\n\n${failuresOf(sheets)}\n\n${machineSince(before)}\n`);
  if (isForReadme) {
    await putRun(README, 'chrome cases', `${machineSince(before)}.\n\n${caseTableOf(sheets)}`);
    say(`wrote the run into ${README.pathname}`);
  }
  if (json === undefined) return;
  await writeFile(json, `${JSON.stringify(sheets.map(plainSheet), null, 2)}\n`);
  say(`wrote ${json}`);
}

async function run({ servers, json, isForReadme, rounds }: BenchOptions, signal: AbortSignal): Promise<void> {
  const before = await momentNow();
  const measurements: Measurement[] = [];
  for (const server of servers) {
    const bench = benches.get(server);
    if (bench === undefined) continue;
    const begin = await momentNow();
    const measured = await bench({ rounds, signal, say });
    measurements.push(...measured);
    if (!isForReadme) continue;
    await putRun(
      README,
      server,
      `${machineSince(begin)}; ${rounds} rounds. Medians.\n\n${readmeTableOf(measured)}`,
    );
    say(`wrote the run into ${README.pathname}`);
  }
  process.stdout.write(`${tableOf(measurements)}\n\n${machineSince(before)}\n`);
  if (json === undefined) return;
  await writeFile(json, `${JSON.stringify(measurements.map(resultOf), null, 2)}\n`);
  say(`wrote ${json}`);
}

async function main(): Promise<number> {
  const known = [...benches.keys()];
  const command = readOptions(process.argv.slice(2), known);
  if (command.action === 'help') {
    process.stdout.write(helpFor(known));
    return 0;
  }
  if (command.action === 'refuse') {
    say(`${command.problem}\nTry --help.`);
    return USAGE;
  }
  const signal = interruptions();
  try {
    await (command.options.isForCases ? runCases : run)(command.options, signal);
    return 0;
  } catch (error) {
    if (!signal.aborted) {
      say(reasonOf(error));
      return 1;
    }
    say('interrupted; everything it started is closed');
    return INTERRUPTED;
  }
}

// What was interrupted may still wait for an answer that will never come.
process.exit(await main());
