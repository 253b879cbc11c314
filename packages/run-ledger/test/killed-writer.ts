import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { endlessWriter } from './endless-writer.ts';

/** Starts a writer and kills it with SIGKILL, `afterMs` after it has said that it wrote some rows. */
export async function writeUntilKilled(folder: string, afterMs: number): Promise<void> {
  const child = spawn(process.execPath, [...endlessWriter, folder], { stdio: ['ignore', 'pipe', 'inherit'] });
  const closed = once(child, 'close');
  await once(child.stdout, 'data');
  child.stdout.resume();
  const kill = setTimeout(() => child.kill('SIGKILL'), afterMs);
  await closed;
  clearTimeout(kill);
}
