import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { EXIT, type Context } from './context.ts';
import { shown } from './waiting.ts';

const READS = 'Reading the record';

/** Commands that may take long, and what they do then. */
const LONG: ReadonlyMap<string, string> = new Map([
  ['daemon start', 'Starting the daemon'],
  ['daemon stop', 'Waiting for its sessions to park'],
  ['daemon restart', 'Waiting for its sessions to park'],
  ['daemon doctor', 'Trying what it needs'],
  ['ledger verify', 'Checking every row'],
  ['ledger anchors', 'Checking every row'],
  ['ledger runs', READS],
  ['ledger show', READS],
  ['ledger stats', READS],
  ['ledger export', READS],
]);

interface Delegated {
  /** Of this command, such as `ledger`. */
  readonly name: string;
  readonly bin: readonly string[];
  readonly args: readonly string[];
}

/** A command that another bin has; it learns by its first word what it was called as. Its exit code. */
export async function delegate({ name, bin, args }: Delegated, context: Context): Promise<number> {
  const child = spawn(process.execPath, [...bin, ...args], { argv0: `deskhand ${name}`, stdio: 'inherit' });
  const forget = context.onInterrupt(() => undefined); // it hears of that as well, and ends by itself
  const words = LONG.get(`${name} ${args[0] ?? ''}`);
  const ended = once(child, 'exit');
  const code: unknown = (await (words === undefined ? ended : shown(context, words, ended))).at(0);
  forget();
  return typeof code === 'number' ? code : EXIT.failed;
}
