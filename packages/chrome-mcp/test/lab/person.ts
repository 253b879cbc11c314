import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { vi } from 'vitest';
import { findBrowser } from '../../src/browser/launch.ts';
import { QUIET } from './browser.ts';

/** A browser of somebody else's, which listens. */
export interface PersonBrowser {
  readonly port: number;
  /** Of its socket. */
  readonly path: string;
  readonly isRunning: () => boolean;
  /** While held it answers nothing. */
  readonly hold: (isHeld: boolean) => void;
  close(): Promise<void>;
}

export async function openPerson(url: string): Promise<PersonBrowser> {
  const profile = await mkdtemp(join(tmpdir(), 'deskhand-person-'));
  const flags = [...QUIET, '--no-sandbox', '--headless=new', '--no-first-run', '--remote-debugging-port=0'];
  const executable = await findBrowser({ executable: undefined, env: process.env });
  const child = spawn(executable, [...flags, `--user-data-dir=${profile}`, url], { stdio: 'ignore' });
  const written = async () => {
    const [port = '', path = ''] = (await readFile(join(profile, 'DevToolsActivePort'), 'utf8')).split('\n');
    if (path === '') throw new Error('not yet');
    return { port: Number(port), path };
  };
  const { port, path } = await vi.waitFor(written, 30_000);
  return {
    ...{ port, path },
    isRunning: () => child.exitCode === null,
    hold: (isHeld) => void child.kill(isHeld ? 'SIGSTOP' : 'SIGCONT'),
    close: async () => {
      const ended = once(child, 'exit');
      child.kill('SIGTERM');
      await ended;
      await rm(profile, { recursive: true, force: true, maxRetries: 5 });
    },
  };
}
