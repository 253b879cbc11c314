import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, onTestFinished, test } from 'vitest';
import { WorkerClient } from '../../src/worker/client.ts';
import { makeTree } from '../lab/tree.ts';

const WORKER = join(import.meta.dirname, '../../dist/worker.js');
const PATIENCE = { timeout: 30_000 };

const isRunning = (pid: number): boolean => existsSync(`/proc/${pid}/cmdline`);

test('a search that nobody waits for ends with its program, and the process goes on', async () => {
  const folder = makeTree();
  const noted = join(folder, 'noted');
  const endless = join(makeTree(), 'endless');
  writeFileSync(endless, `#!/bin/sh\necho $$ > "${noted}"\nexec tail -f /dev/null\n`, { mode: 0o755 });
  const worker = spawn(process.execPath, [WORKER, '/', endless, 'no-pictures'], {
    stdio: ['pipe', 'pipe', 'inherit'],
  });
  const ended = once(worker, 'close');
  onTestFinished(async () => {
    worker.stdin.end();
    worker.kill();
    await ended;
  });
  let wasClosed = false;
  const client = new WorkerClient({
    ...{ stdin: worker.stdin, stdout: worker.stdout, ended },
    close: async () => {
      wasClosed = true;
      worker.kill();
      await ended;
    },
  });
  const request = { pattern: 'x', path: folder, mode: 'count', offset: 0, limit: 1, without: [] } as const;

  const giving = new AbortController();
  const found = client.ask('grep', request, { signal: giving.signal });
  await expect.poll(() => existsSync(noted) && readFileSync(noted, 'utf8'), PATIENCE).toMatch(/^\d+\n$/);
  const pid = Number(readFileSync(noted, 'utf8'));
  expect(isRunning(pid)).toBe(true);
  giving.abort(new Error('enough'));
  await expect(found).rejects.toThrow('enough');

  await expect.poll(() => isRunning(pid), PATIENCE).toBe(false);
  const { path } = await client.ask('real', { path: folder }, { signal: AbortSignal.timeout(30_000) });
  expect(path).toBe(folder);
  expect([client.isOver, wasClosed]).toEqual([false, false]);
});
