#!/usr/bin/env node
import { CommanderError } from 'commander';
import { homedir } from 'node:os';
import { EXIT } from './context.ts';
import { complaintOf } from './complaint.ts';
import { deskhandProgram } from './program.ts';

const hearers = new Set<() => void>();
const interrupt = (): void => hearers.forEach((hear) => hear());

const program = deskhandProgram(
  {
    env: process.env,
    platform: process.platform,
    homedir: homedir(),
    cwd: process.cwd(),
    from: import.meta.url,
    input: process.stdin,
    output: process.stdout,
    errors: process.stderr,
    onInterrupt: (hear) => {
      if (hearers.size === 0) process.on('SIGINT', interrupt).on('SIGTERM', interrupt);
      hearers.add(hear);
      return () => {
        hearers.delete(hear);
        if (hearers.size === 0) process.off('SIGINT', interrupt).off('SIGTERM', interrupt);
      };
    },
    interrupt,
    leave: (code) => process.exit(code),
  },
  (code) => {
    process.exitCode = code;
  },
);

try {
  await program.parseAsync(process.argv);
} catch (error) {
  if (error instanceof CommanderError) process.exitCode = error.exitCode === 0 ? EXIT.done : EXIT.usage;
  else {
    const { text, code } = complaintOf(error);
    process.stderr.write(`deskhand: ${text}\n`);
    process.exitCode = code;
  }
}
