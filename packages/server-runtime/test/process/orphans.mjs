#!/usr/bin/env node
// Starts a daemon whose server has a child and a grandchild, and kills it with -9, again and again:
//   node orphans.mjs 100
// Ends with 0 when all three were gone each time, and the next start worked.
import { spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';

const cycles = Number(process.argv[2] ?? 100);
const folder = mkdtempSync(join(tmpdir(), 'orphans-'));
const note = join(folder, 'note');
const bin = join(import.meta.dirname, '../fixtures/bin.mjs');
const env = {
  PATH: process.env.PATH,
  HOME: folder,
  DESKHAND_HOME: join(folder, 'state'),
  DESKHAND_NOTE: note,
};

/** @param {number} pid */
const isRunning = (pid) => {
  try {
    return !/^\d+ \(.*\) [ZX]/.test(readFileSync(`/proc/${pid}/stat`, 'utf8'));
  } catch {
    return false;
  }
};

const starts = [];
for (let cycle = 0; cycle < cycles; cycle++) {
  const before = performance.now();
  const { status, stderr } = spawnSync(process.execPath, [bin, 'daemon', 'start', '--family'], {
    env,
    encoding: 'utf8',
  });
  starts.push(performance.now() - before);
  if (status !== 0) throw new Error(`start ${cycle} failed: ${stderr}`);
  let notes = [];
  do {
    await delay(10);
    notes = readFileSync(note, 'utf8').trim().split('\n');
  } while (notes.filter((line) => line.startsWith('family')).length <= cycle);
  const pids = notes.slice(-2).flatMap((line) => line.split(' ').slice(1).map(Number));
  if (pids.length !== 3 || !pids.every(isRunning))
    throw new Error(`not a family: ${notes.slice(-2).join(', ')}`);
  const [daemon = 0] = pids;
  process.kill(daemon, 'SIGKILL');
  const deadline = performance.now() + 10_000;
  while (pids.some(isRunning)) {
    if (performance.now() > deadline)
      throw new Error(`cycle ${cycle} left ${pids.filter(isRunning).join(', ')}`);
    await delay(5);
  }
}
rmSync(folder, { recursive: true, force: true });
const median = starts.sort((a, b) => a - b)[starts.length >> 1] ?? 0;
process.stdout.write(`${cycles} cycles, no orphan; median start ${median.toFixed(0)} ms\n`);
