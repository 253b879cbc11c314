#!/usr/bin/env node
import { CommanderError } from 'commander';
import { ownHomedir } from '@deskhand/grants';
import { EXIT } from './context.ts';
import { complaintOf } from './complaint.ts';
import { deskhandProgram } from './program.ts';

const hearers = new Set<(why?: string) => void>();
const interrupt = (): void => hearers.forEach((hear) => hear());

/** Whoever read the output has seen enough: what runs is parked as by Ctrl-C, and nothing else was begun. */
let isRead = true;
const unread = (error: NodeJS.ErrnoException): void => {
  if (error.code !== 'EPIPE') throw error;
  if (!isRead) return;
  isRead = false;
  if (hearers.size === 0) process.exit(EXIT.done);
  hearers.forEach((hear) => hear('Nobody reads its output any more.'));
};
process.stdout.on('error', unread);
process.stderr.on('error', unread);

const program = deskhandProgram(
  {
    env: process.env,
    platform: process.platform,
    homedir: ownHomedir(),
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

async function main(): Promise<void> {
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
}

// no await out here: as a script V8 keeps its code
void main();
