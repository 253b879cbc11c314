import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { expect, onTestFinished, test } from 'vitest';
import { z } from 'zod';
import {
  eventually,
  fixtureServer,
  isAlive,
  linesOf,
  opened,
  serverFile,
  temporaryFolder,
} from './fixtures/opened.ts';

const hostFile = fileURLToPath(new URL('fixtures/host.mjs', import.meta.url));
/** As many as prove something in seconds; a hundred were run by hand. */
const CYCLES = Number(process.env['GATEWAY_CYCLES'] ?? 4);

test('hosts that are killed with kill -9 leave no process, whenever it happens', async () => {
  const home = temporaryFolder();
  const record = join(home, 'record');
  writeFileSync(record, '');
  const pids = (): number[] =>
    linesOf(record).flatMap((line) => Number(/^(?:child|started) (\d+)$/.exec(line)?.[1] ?? []));
  for (let cycle = 0; cycle < CYCLES; cycle += 1) {
    const before = pids().length;
    const host = spawn(process.execPath, [hostFile, home, serverFile, record], {
      stdio: ['ignore', 'pipe', 'inherit'],
    });
    onTestFinished(() => void host.kill('SIGKILL'));
    const gone = once(host, 'exit');
    // half of them in the middle of their start
    if (cycle % 2 === 0) await once(host.stdout, 'data');
    else await eventually(() => pids().length > before);
    host.kill('SIGKILL');
    await gone;
  }
  await eventually(() => !pids().some(isAlive));
  expect(pids().length).toBeGreaterThan(CYCLES * 2);
  const next = await opened([fixtureServer('files')], { home });
  await next.gateway.close();
  expect(readdirSync(join(home, 'gateway', 'children'))).toEqual([]);
});

test('a host that is killed with kill -9 leaves nothing of a server in a sandbox', async () => {
  const home = temporaryFolder();
  const record = join(home, 'record');
  writeFileSync(record, '');
  const nosy = fileURLToPath(new URL('fixtures/nosy.mjs', import.meta.url));
  const host = spawn(process.execPath, [hostFile, home, serverFile, record, nosy], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  onTestFinished(() => void host.kill('SIGKILL'));
  const gone = once(host, 'exit');
  await once(host.stdout, 'data');
  const confined = processesWith(nosy, home).filter((pid) => pid !== host.pid);
  expect(confined.length).toBeGreaterThan(0);
  host.kill('SIGKILL');
  await gone;
  await eventually(() => !confined.some(isAlive) && processesWith(nosy, home).length === 0);
});

/** Those whose command has both words. */
const processesWith = (...words: readonly string[]): readonly number[] =>
  readdirSync('/proc')
    .filter((name) => /^\d+$/.test(name))
    .map(Number)
    .filter((pid) => words.every((word) => isAlive(pid) && commandOf(pid).includes(word)));

function commandOf(pid: number): string {
  try {
    return readFileSync(`/proc/${pid}/cmdline`, 'utf8');
  } catch {
    return ''; // it has ended
  }
}

const lifeSchema = z.object({
  child: z.object({ pid: z.int(), start: z.string(), boot: z.string() }),
  owner: z.unknown(),
});

test('what outlived a dead gateway is ended by the next one, and what belongs to a living one is not', async () => {
  const home = temporaryFolder();
  const living = await opened([fixtureServer('files')], { home });
  const folder = join(home, 'gateway', 'children');
  const [mine = ''] = readdirSync(folder);
  const { child } = lifeSchema.parse(JSON.parse(readFileSync(join(folder, mine), 'utf8')));
  expect(isAlive(child.pid)).toBe(true);

  const left = spawn('sleep', ['600'], { detached: true, stdio: 'ignore' });
  const innocent = spawn('sleep', ['600'], { detached: true, stdio: 'ignore' });
  onTestFinished(() => [left, innocent].forEach((one) => one.kill('SIGKILL')));
  const lifeOf = (pid = 0): { pid: number; start: string | undefined; boot: string } => {
    const stat = readFileSync(`/proc/${pid}/stat`, 'utf8');
    return { pid, start: stat.slice(stat.lastIndexOf(')') + 2).split(' ')[19], boot: child.boot };
  };
  mkdirSync(folder, { recursive: true });
  const owner = { pid: 2 ** 22 + 1, start: '1', boot: child.boot };
  writeFileSync(join(folder, 'left.json'), JSON.stringify({ child: lifeOf(left.pid), owner }));
  // the number of a child that ended is another process's by now
  const other = { ...lifeOf(innocent.pid), start: '1' };
  writeFileSync(join(folder, 'innocent.json'), JSON.stringify({ child: other, owner }));
  writeFileSync(join(folder, 'torn.json'), '{"child":');

  const next = await opened([], { home });
  await eventually(() => !isAlive(left.pid ?? 0));
  expect(isAlive(innocent.pid ?? 0)).toBe(true);
  expect(isAlive(child.pid)).toBe(true);
  expect(readdirSync(folder)).toEqual([mine]);
  await next.gateway.close();
  await living.gateway.close();
});
