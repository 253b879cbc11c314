import { spawn } from 'node:child_process';
import { describe, expect, onTestFinished, test } from 'vitest';
import { isReadyWithin } from '../../src/desktop/linux/readiness.ts';

const { signal } = new AbortController();

function start(command: string, ...args: readonly string[]): number {
  const child = spawn(command, [...args], { stdio: 'ignore' });
  onTestFinished(() => {
    child.kill('SIGKILL');
  });
  if (child.pid === undefined) throw new Error(`${command} did not start`);
  return child.pid;
}

describe('a process', () => {
  test('that waits is ready', async () => {
    expect(await isReadyWithin(start('sleep', '60'), 2000, signal)).toBe(true);
  });

  test('that computes is not, and neither is one that was stopped', async () => {
    expect(await isReadyWithin(start('sh', '-c', 'while :; do :; done'), 100, signal)).toBe(false);
    expect(await isReadyWithin(start('sh', '-c', 'kill -STOP $$'), 100, signal)).toBe(false);
  });

  test("that ended is in nobody's way", async () => {
    expect(await isReadyWithin(0x7fffffff, 100, signal)).toBe(true);
  });

  test('is not waited for when nobody wants to know any more', async () => {
    const busy = start('sh', '-c', 'while :; do :; done');
    await expect(isReadyWithin(busy, 2000, AbortSignal.abort())).rejects.toThrow();
  });
});
