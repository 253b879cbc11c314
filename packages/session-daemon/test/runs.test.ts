import { Sessions } from '@deskhand/agent-host';
import { createLog } from '@deskhand/server-runtime';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, onTestFinished, test } from 'vitest';
import { ApiError } from '../src/api-error.ts';
import { Runs } from '../src/runs.ts';

const PROCESS = [process.execPath, new URL('lab/process.mjs', import.meta.url).pathname];

function opened(command: readonly string[] = PROCESS) {
  const home = mkdtempSync(join(tmpdir(), 'deskhand-runs-'));
  const sessions = new Sessions(home);
  const logged: string[] = [];
  const log = createLog({ level: 'info', write: (line) => void logged.push(line) });
  const env = { PATH: process.env['PATH'] };
  const nothing = (): void => undefined;
  const runs = new Runs({ sessions, command, env, log, onRest: nothing, onLeft: nothing });
  onTestFinished(async () => {
    await runs.leave();
    rmSync(home, { recursive: true });
  });
  /** How many processes there ever were. */
  const begun = (): number => logged.filter((line) => line.includes('"msg":"session"')).length;
  const create = async (): Promise<string> => {
    const session = await sessions.create({
      ...{ title: 'Go', model: 'm', mode: 'ask', system: 'Be brief.', window: 200_000 },
      ...{ limits: { turns: null, usd: null }, mounts: [], tools: [] },
    });
    session.close();
    return session.id;
  };
  return { runs, logged, begun, create };
}

const task = (text: string) => ({ task: text, mounts: [] });

const refusalOf = async (promise: Promise<unknown>): Promise<unknown> => {
  const error = await promise.catch((thrown: unknown) => thrown);
  return error instanceof ApiError ? { status: error.status, ...error.body } : error;
};

test('a process that dies before it has begun is told with its words, and takes no place', async () => {
  const { runs } = opened();
  expect(await refusalOf(runs.start('A', task('fail')))).toMatchObject({
    ...{ status: 500, code: 'process_gone' },
    message: 'The process of this session ended: no memory left',
  });
  await runs.start('B', task('work'));
  expect([runs.holds('A'), runs.isRunning('B')]).toEqual([false, true]);
});

test('a program that is not there is told, and fails nothing else', async () => {
  const { runs } = opened(['/nowhere/deskhand', 'worker']);
  expect(await refusalOf(runs.start('A', task('work')))).toMatchObject({
    code: 'process_gone',
    message: 'The process of this session ended: Error: spawn /nowhere/deskhand ENOENT',
  });
  expect(runs.running).toBe(0);
});

test('what a process says that is no report is left out, as is half a line when it is killed', async () => {
  const { runs, logged } = opened();
  await runs.start('OTHER', task('work'));
  await runs.start('GARBLED', task('garble'));
  await expect.poll(() => runs.holds('GARBLED')).toBe(false);
  expect(logged.filter((line) => line.includes('was not understood'))).toHaveLength(3);
  expect(runs.isRunning('OTHER')).toBe(true);
});

test('two that go on with a session at once get one process', async () => {
  const { runs, begun, create } = opened();
  const id = await create();
  await Promise.all([runs.resume(id, {}), runs.resume(id, {}), runs.resume(id, {})]);
  expect([runs.isRunning(id), begun()]).toEqual([true, 1]);
});

test('a session that is stopped while it begins has stopped, and can go on', async () => {
  const { runs, begun, create } = opened();
  const id = await create();
  const begins = runs.resume(id, {});
  await expect.poll(() => runs.holds(id)).toBe(true);
  await Promise.all([begins, runs.stop(id), runs.stop(id)]);
  expect(runs.holds(id)).toBe(false);
  await runs.resume(id, {});
  expect([runs.isRunning(id), begun()]).toEqual([true, 2]);
});

test('who goes on while a session leaves gets a new process, and so does who comes as it left by itself', async () => {
  const { runs, begun, create } = opened();
  const id = await create();
  await runs.resume(id, { text: 'rest' });
  await Promise.all([runs.stop(id), runs.resume(id, { text: 'rest' })]);
  expect([runs.holds(id), begun()]).toEqual([true, 2]);
  await runs.resume(id, { text: 'work' });
  expect([runs.isRunning(id), begun()]).toEqual([true, 3]);
});

test('sixteen at work are enough, however fast they come, and one at rest gives way', async () => {
  const { runs } = opened();
  await runs.start('RESTING', task('rest'));
  await expect.poll(() => runs.isRunning('RESTING')).toBe(false);
  const begun = await Promise.allSettled(
    Array.from({ length: 20 }, (_, at) => runs.start(`WORK${at}`, task('work'))),
  );
  expect(begun.filter(({ status }) => status === 'fulfilled')).toHaveLength(16);
  expect([runs.running, runs.holds('RESTING')]).toEqual([16, false]);
  expect(await refusalOf(runs.start('A', task('work')))).toMatchObject({ status: 429, code: 'too_many' });
});

test('a daemon that ends begins nothing more', async () => {
  const { runs } = opened();
  await runs.start('A', task('work'));
  await Promise.all([
    runs.leave(),
    expect(refusalOf(runs.start('B', task('work')))).resolves.toMatchObject({ status: 503 }),
  ]);
  expect(runs.running).toBe(0);
});
