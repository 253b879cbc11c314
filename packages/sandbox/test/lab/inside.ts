import { chmod, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import { onTestFinished } from 'vitest';
import { Sandbox, type SandboxOptions } from '../../src/index.ts';

export const NOBODY = { uid: 65_534, gid: 65_534 };

/** A folder of the host's that anybody may use, until the test ends. */
export async function makeFolder(): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), 'deskhand-folder-'));
  await chmod(folder, 0o777);
  onTestFinished(() => rm(folder, { recursive: true, force: true }));
  return folder;
}

export async function openSandbox(options: Partial<SandboxOptions> = {}): Promise<Sandbox> {
  const sandbox = await Sandbox.open(
    { session: 's1', command: ['/bin/bash'], ...options },
    AbortSignal.timeout(20_000),
  );
  onTestFinished(() => sandbox.close());
  return sandbox;
}

export interface Told {
  readonly out: string;
  readonly err: string;
  readonly exitCode: number | null;
}

/** Runs a script of bash in a sandbox of its own. */
export async function inside(script: string, options: Partial<SandboxOptions> = {}): Promise<Told> {
  const sandbox = await openSandbox({ ...options, command: ['/bin/bash', '-c', script] });
  const [out, err, { exitCode }] = await Promise.all([
    text(sandbox.stdout),
    text(sandbox.stderr),
    sandbox.ended,
  ]);
  return { out, err, exitCode };
}
