import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { setTimeout as delay } from 'node:timers/promises';
import { createInterface } from 'node:readline';
import { describe, expect, onTestFinished, test, vi } from 'vitest';
import { spawnOwned, type OwnedProcess } from '../../src/index.ts';
import { isRunning, killIfThere, PATIENCE_MS, Place, untilGone } from '../fixtures/bin.ts';

vi.setConfig({ testTimeout: PATIENCE_MS });

const env = { PATH: process.env['PATH'] };

async function shell(script: string): Promise<OwnedProcess> {
  const child = await spawnOwned('/bin/sh', ['-c', script], { env });
  onTestFinished(() => child.close(0));
  return child;
}

async function firstLineOf(child: OwnedProcess): Promise<string> {
  for await (const line of createInterface({ input: child.stdout })) return line;
  return expect.fail('it said nothing');
}

describe('an owned process', () => {
  test('ends as its command does', async () => {
    expect(await (await shell('exit 7')).ended).toEqual({ code: 7, signal: null });
    expect(await (await shell('kill -TERM $$')).ended).toEqual({ code: null, signal: 'SIGTERM' });
    const missing = await spawnOwned('/nowhere/at/all', [], { env });
    expect(await missing.ended).toEqual({ code: 127, signal: null });
  });

  test('has its own streams and arguments, and no descriptor of ours', async () => {
    const child = await spawnOwned(
      '/bin/sh',
      ['-c', 'cat; printf "%s|" "$@"; ls /proc/$$/fd', 'sh', 'a b', '$HOME', ''],
      { env },
    );
    child.stdin.end('through ');
    let said = '';
    for await (const chunk of child.stdout) said += String(chunk);
    expect(said).toMatch(/^through a b\|\$HOME\|\|0\n1\n2\n(?!3\n)/);
  });

  test('leads its group', async () => {
    const child = await shell('ps -o pgid= -p $$; exec sleep 1000');
    expect(Number(await firstLineOf(child))).toBe(child.pid);
  });

  test('takes with it what it leaves behind', async () => {
    const child = await shell('sleep 1000 >/dev/null 2>&1 & echo $!');
    const left = Number(await firstLineOf(child));
    expect(await child.ended).toEqual({ code: 0, signal: null });
    await untilGone(left);
  });

  test('is asked first and killed then, grandchildren included', async () => {
    const gentle = await shell('trap "exit 3" TERM; echo; while :; do sleep 0.1; done');
    await firstLineOf(gentle);
    await gentle.close();
    expect(await gentle.ended).toEqual({ code: 3, signal: null });
    const stubborn = await shell(`trap '' TERM; sleep 1000 & echo $!; wait; sleep 1000`);
    const grandchild = Number(await firstLineOf(stubborn));
    await stubborn.close(50);
    expect(await stubborn.ended).toEqual({ code: null, signal: 'SIGKILL' });
    await untilGone(grandchild);
  });
});

/** `orphans.mjs` beside this runs a hundred. */
const CYCLES = 15;

test('a daemon killed with -9 leaves no child and no grandchild, time after time', async () => {
  const place = new Place();
  const all: number[] = [];
  for (let cycle = 0; cycle < CYCLES; cycle++) {
    const pid = await place.start('--family');
    while (place.notes().filter((line) => line.startsWith('family')).length <= cycle) await delay(20);
    const family = place.notes().at(-1)?.split(' ').slice(1).map(Number) ?? [];
    expect(family.every(isRunning)).toBe(true);
    all.push(...family);
    process.kill(pid, 'SIGKILL');
  }
  for (const pid of all) await untilGone(pid);
});

test('a process that is killed takes owned ones along, and other children stay', async () => {
  const place = new Place();
  const child = spawn('sleep', ['1000']);
  onTestFinished(() => killIfThere(child.pid ?? 0));
  const pid = await place.start('--family');
  await place.noted('family');
  const [owned = 0] = place.notes().at(-1)?.split(' ').slice(1).map(Number) ?? [];
  process.kill(pid, 'SIGKILL');
  await untilGone(owned);
  expect(isRunning(child.pid ?? 0)).toBe(true);
  child.kill();
  await once(child, 'close');
});
