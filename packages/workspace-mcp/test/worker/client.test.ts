import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { PassThrough } from 'node:stream';
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

test('a request that fails as nobody expected is answered, and the process goes on', async () => {
  const { client, worker } = begun('no-ripgrep');
  const said = once(worker.stdout, 'data');
  worker.stdin.write('{"id":1000,"call":"none","request":{},"bytes":0}\n');
  expect(String(await said)).toMatch(/^\{"id":1000,"failure":\{"code":"internal_error","message":"TypeError/);
  const folder = makeTree();
  const { signal } = new AbortController();
  expect(await client.ask('real', { path: folder }, { signal })).toEqual({ path: folder });
  expect(client.isOver).toBe(false);
});

test('what nobody expected is no error of a tool, and has where it happened', async () => {
  const [stdin, stdout] = [new PassThrough(), new PassThrough()];
  const ended = new Promise(() => undefined);
  const client = new WorkerClient({ stdin, stdout, ended, close: () => Promise.resolve() });
  const { signal } = new AbortController();
  const asked = client.ask('real', { path: '/' }, { signal });
  stdout.write('{"id":1,"failure":{"code":"internal_error","message":"at one","hint":""}}\n');
  await expect(asked).rejects.toThrow(
    expect.objectContaining({ name: 'Error', message: 'in the sandbox: at one' }),
  );
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
