import { spawnSync } from 'node:child_process';
import { fileURLToPath } from 'node:url';

const bin = fileURLToPath(new URL('../../dist/cli.js', import.meta.url));

export interface Ended {
  readonly code: number | null;
  readonly out: string;
  readonly err: string;
}

/** Runs the built bin with a state folder in its environment. */
export function runBin(home: string, ...args: readonly string[]): Ended {
  const env = { ...process.env, DESKHAND_HOME: home, TZ: 'UTC' };
  const { status, stdout, stderr } = spawnSync(process.execPath, [bin, ...args], { env, encoding: 'utf8' });
  return { code: status, out: stdout, err: stderr };
}

export { bin };
