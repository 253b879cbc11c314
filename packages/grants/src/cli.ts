#!/usr/bin/env node
import { Refusal, UsageError } from './cli/outcome.ts';
import { exitCodeOfParser, grantsProgram } from './cli/program.ts';
import { GrantsError } from './grants-error.ts';
import { ownHomedir } from './state-home.ts';

const USAGE = 1;
const FAILED = 5;

const called = /^deskhand \w+$/.test(process.argv0) ? process.argv0 : 'deskhand-grants';

const complain = (text: string): boolean => process.stderr.write(`${called}: ${text}\n`);

function exitCodeOf(error: unknown): number {
  const parserCode = exitCodeOfParser(error);
  if (parserCode !== undefined) return parserCode;
  if (error instanceof UsageError) {
    complain(error.message);
    return USAGE;
  }
  if (error instanceof Refusal || error instanceof GrantsError) complain(`${error.message}.\n${error.hint}`);
  else complain(String(error instanceof Error ? error.stack : error));
  return FAILED;
}

const program = grantsProgram({
  context: {
    called,
    env: process.env,
    platform: process.platform,
    homedir: ownHomedir(),
    cwd: process.cwd(),
    isColoured: process.stdout.isTTY && !process.env['NO_COLOR'],
  },
  print: ({ text, exitCode = 0 }) => {
    process.stdout.write(`${text}\n`);
    process.exitCode = exitCode;
  },
});

try {
  await program.parseAsync(process.argv);
} catch (error) {
  process.exitCode = exitCodeOf(error);
}
