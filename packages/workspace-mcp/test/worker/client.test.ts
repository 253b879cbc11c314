import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout } from 'node:timers/promises';
import { expect, onTestFinished, test } from 'vitest';
import { WorkerClient } from '../../src/worker/client.ts';
import { makeTree } from '../lab/tree.ts';

const WORKER = join(import.meta.dirname, '../../dist/worker.js');
const PATIENCE = { timeout: 30_000 };

const isRunning = (pid: number): boolean => existsSync(`/proc/${pid}/cmdline`);

function begun(ripgrep: string) {
  const worker = spawn(process.execPath, [WORKER, '/', ripgrep, 'no-pictures'], {
    stdio: ['pipe', 'pipe', 'inherit'],
  });
  const ended = once(worker, 'close');
  onTestFinished(async () => {
    worker.stdin.end();
    worker.kill('SIGKILL');
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
  return { worker, client, hasClosed: () => wasClosed };
}

test('a search that nobody waits for ends with its program, and the process goes on', async () => {
  const folder = makeTree();
  const noted = join(folder, 'noted');
  const endless = join(makeTree(), 'endless');
  writeFileSync(endless, `#!/bin/sh\necho $$ > "${noted}"\nexec tail -f /dev/null\n`, { mode: 0o755 });
  const { client, hasClosed } = begun(endless);
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
  expect([client.isOver, hasClosed()]).toEqual([false, false]);
});

test('what goes along is sent when the other process has taken it', async () => {
  const { client, worker } = begun('no-ripgrep');
  const { signal } = new AbortController();
  const path = join(makeTree(), 'large');
  const bytes = Buffer.alloc(4 * 1024 ** 2, 'x');
  await client.ask('real', { path }, { signal });
  await client.sent();
  worker.kill('SIGSTOP');
  const begins = client.ask('beginWrite', { path, at: path }, { signal, bytes });
  let isSent = false;
  const sent = client.sent().then(() => (isSent = true));
  await setTimeout(200);
  expect(isSent).toBe(false);
  worker.kill('SIGCONT');
  await sent;
  await begins;
  expect(await client.ask('write', { path }, { signal })).toMatchObject({ bytes: bytes.length });

  worker.kill('SIGSTOP');
  const lost = client.ask('beginWrite', { path, at: path }, { signal, bytes });
  const waiting = Promise.race([client.sent(), Promise.allSettled([lost])]);
  worker.kill('SIGKILL');
  await waiting;
  await expect(lost).rejects.toThrow(expect.objectContaining({ code: 'sandbox_ended' }));
});
