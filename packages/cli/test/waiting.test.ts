import { PassThrough } from 'node:stream';
import { setTimeout as delay } from 'node:timers/promises';
import { appendFileSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { shown } from '../src/waiting.ts';
import { DONE, HostProcess } from './lab/host-process.ts';

const screen = (isTTY: boolean) => Object.assign(new PassThrough({ encoding: 'utf8' }), { isTTY });

test('a terminal is told what is waited for, and only a terminal', async () => {
  const terminal = screen(true);
  const told = new Promise((resolve) => terminal.once('data', resolve));
  expect(await shown({ errors: terminal }, 'Waiting for it', told)).toBe('Waiting for it …\n');
  const file = screen(false);
  await shown({ errors: file }, 'Waiting for it', delay(1_500));
  expect(file.read()).toBe(null);
});

test('a terminal is told nothing of what was done at once', async () => {
  const terminal = screen(true);
  expect(await shown({ errors: terminal }, 'Waiting for it', Promise.resolve(1))).toBe(1);
  await delay(1_500);
  expect(terminal.read()).toBe(null);
});

test('a terminal is told that a long session is read, and what is read is not mixed with that', async () => {
  const host = new HostProcess();
  await host.script(DONE);
  await host.run('run', 'Go', '--servers', 'none');
  const id = await host.lastSession();
  const short = await host.atTerminal('export', id).ended;
  const text = 'x'.repeat(1_000);
  const log = join(host.state, 'sessions', id, 'events.jsonl');
  const last = readFileSync(log, 'utf8').trim().split('\n').length;
  const note = { kind: 'noted', topic: 'time', text, v: 1, at: new Date().toISOString() };
  const lines = Array.from({ length: 5_000 }, (_, at) => JSON.stringify({ ...note, seq: last + 1 + at }));
  appendFileSync(log, `${lines.join('\n')}\n`);
  const long = await host.atTerminal('export', id).ended;
  expect([short.out, long.out].map((out) => /^Reading \d+ MB of events …/.test(out))).toEqual([false, true]);
  const piped = await host.run('export', id);
  expect([piped.code, piped.err, piped.out.startsWith('# Go\n')]).toEqual([0, '', true]);
});
