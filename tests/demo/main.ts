import { createInterface } from 'node:readline/promises';

import { runDemo } from './demo.ts';
import type { Output } from './live-table.ts';
import { HELP, readOptions, type DemoOptions } from './options.ts';
import { paintFor } from './paint.ts';

const USAGE = 2;
const INTERRUPTED = 130;

const NO_TERMINAL_WIDTH = 100;

function outputOf(stream: NodeJS.WriteStream): Output {
  return {
    width: stream.isTTY ? stream.columns : NO_TERMINAL_WIDTH,
    paint: paintFor({ isTty: stream.isTTY, env: process.env }),
    write: (text) => stream.write(text),
  };
}

/** The first Ctrl-C closes everything in order; a second one ends the process at once. */
function interruptions(): AbortSignal {
  const interrupted = new AbortController();
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const)
    process.once(signal, () => interrupted.abort());
  return interrupted.signal;
}

/** On a person's own display nothing starts before they had the time to say no. */
async function waitForPerson({ display }: DemoOptions, signal: AbortSignal): Promise<void> {
  if (display === undefined) return;
  process.stdout.write(
    `On display ${display} the demo opens mousepad, galculator, xterm and Chromium with a home folder of their\n` +
      'own, moves the pointer, types and closes them again. Leave mouse and keyboard alone meanwhile.\n',
  );
  if (!process.stdin.isTTY) return;
  const line = createInterface({ input: process.stdin, output: process.stdout });
  await line.question('Press Enter to begin, Ctrl-C to leave it. ', { signal }).finally(() => line.close());
}

async function main(): Promise<number> {
  const command = readOptions(process.argv.slice(2), process.env);
  if (command.action === 'help') {
    process.stdout.write(HELP);
    return 0;
  }
  if (command.action === 'refuse') {
    process.stderr.write(`demo: ${command.problem}\nTry --help.\n`);
    return USAGE;
  }
  const signal = interruptions();
  try {
    await waitForPerson(command.options, signal);
    const isGood = await runDemo(command.options, { output: outputOf(process.stdout), signal });
    if (!signal.aborted) return isGood ? 0 : 1;
  } catch (error) {
    if (!signal.aborted) {
      process.stderr.write(`demo: ${error instanceof Error ? error.message : String(error)}\n`);
      return 1;
    }
  }
  process.stderr.write('\ndemo: interrupted; everything it started is closed\n');
  return INTERRUPTED;
}

// What was interrupted may still wait for a window that will never come.
process.exit(await main());
