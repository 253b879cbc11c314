import { spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { appendFileSync, readFileSync, statSync, truncateSync, writeFileSync } from 'node:fs';
import { basename, join } from 'node:path';
import { describe, expect, onTestFinished, test } from 'vitest';
import { ledgerRowSchema, openLedger, verifyFolder, verifyLedgerText, type LedgerRow } from '../src/index.ts';
import { endlessWriter } from './endless-writer.ts';
import { containing, ledgerFiles, origin, randomNumbers, temporaryFolder } from './fixture.ts';
import { writeUntilKilled } from './killed-writer.ts';

/** More of them: `KILL_ROUNDS=200 npm test -- test/crash.test.ts`. */
const KILL_ROUNDS = Number(process.env['KILL_ROUNDS'] ?? 30);

const rowsOf = (path: string): LedgerRow[] =>
  readFileSync(path, 'utf8')
    .split('\n')
    .slice(0, -1)
    .map((line) => ledgerRowSchema.parse(JSON.parse(line)));

describe('a ledger whose process is killed', () => {
  test(
    'verifies each time, and the next writer repairs it and goes on',
    { timeout: 20_000 * KILL_ROUNDS },
    async () => {
      const random = randomNumbers(7);
      const folder = temporaryFolder();
      for (let round = 0; round < KILL_ROUNDS; round++) {
        await writeUntilKilled(folder, random() * 60);
        const killed = verifyFolder(folder);
        expect(killed.problems).toEqual([]);
        expect(killed.files.at(-1)).toMatchObject({ state: 'open' });
        expect(killed.files.at(-1)?.rows).toBeGreaterThanOrEqual(64);
        expect(killed.unfinished.every(({ outcome }) => outcome === 'unknown')).toBe(true);
      }
      openLedger({ folder, ...origin }).close();
      const after = verifyFolder(folder);
      expect(after).toMatchObject({ ok: true, problems: [] });
      expect(after.files.map(({ state, tornBytes }) => ({ state, tornBytes }))).toEqual([
        ...Array.from({ length: KILL_ROUNDS }, () => ({ state: 'ended' })),
        { state: 'closed' },
      ]);
    },
  );

  test('has its torn last line cut by the next writer, which notes it', async () => {
    const folder = temporaryFolder();
    await writeUntilKilled(folder, 0);
    const [path = ''] = ledgerFiles(folder);
    // the kill may itself have torn a line
    const text = readFileSync(path, 'utf8');
    truncateSync(path, Buffer.byteLength(text.slice(0, text.lastIndexOf('\n') + 1)));
    const whole = verifyFolder(folder);
    appendFileSync(path, '{"actor":"a","dec');
    expect(verifyFolder(folder)).toMatchObject({ ok: true, rows: whole.rows, files: [{ tornBytes: 17 }] });

    const next = openLedger({ folder, ...origin });
    onTestFinished(() => next.close());
    expect(rowsOf(next.path)).toMatchObject([
      {
        seq: 1,
        phase: 'note',
        name: 'ledger_repaired',
        decision: { file: basename(path), cutBytes: 17, rows: whole.rows },
      },
    ]);
    expect(readFileSync(path, 'utf8').endsWith('\n')).toBe(true);
    expect(verifyFolder(folder)).toMatchObject({ ok: true, rows: whole.rows + 1 });

    appendFileSync(path, 'x');
    expect(verifyFolder(folder).problems).toMatchObject([{ problem: containing('added') }]);
  });

  test('is repaired by several writers at once', async () => {
    const folder = temporaryFolder();
    await writeUntilKilled(folder, 5);
    const [path = ''] = ledgerFiles(folder);
    truncateSync(path, statSync(path).size - 3);
    await Promise.all(Array.from({ length: 4 }, () => writeUntilKilled(folder, 20)));
    const verdict = verifyFolder(folder);
    expect(verdict.problems).toEqual([]);
    expect(verdict.files).toHaveLength(5);
    expect(verdict.files[0]).toMatchObject({ state: 'ended' });
    expect(verdict.files[0]).not.toHaveProperty('tornBytes');
    const notes = ledgerFiles(folder)
      .slice(1)
      .flatMap((file) => readFileSync(file, 'utf8').split('\n'))
      .filter((line) => line.includes('"ledger_repaired"'));
    expect(notes.length).toBeGreaterThanOrEqual(1);
  });

  test('shows an intent without outcome as unknown, and one of a living process as running', () => {
    const folder = temporaryFolder();
    const living = openLedger({ folder, ...origin });
    onTestFinished(() => living.close());
    living.append({ phase: 'intent', name: 'left_click' });
    expect(verifyFolder(folder)).toMatchObject({
      ok: true,
      unfinished: [{ seq: 1, name: 'left_click', session: 'session-1', outcome: 'running' }],
    });
    living.append({ phase: 'outcome', name: 'left_click', ref: 1 });
    expect(verifyFolder(folder).unfinished).toEqual([]);
    const child = spawnSync(process.execPath, [...oneIntent, folder], { encoding: 'utf8' });
    expect(child.stderr).toBe('');
    expect(verifyFolder(folder)).toMatchObject({
      ok: true,
      unfinished: [{ seq: 1, name: 'type', outcome: 'unknown' }],
    });
  });
});

const oneIntent: readonly string[] = [
  '--input-type=module',
  '--eval',
  `import { openLedger } from '${new URL('../dist/index.js', import.meta.url).href}';
  const ledger = openLedger({ folder: process.argv[1], run: 'r', session: 's', actor: 'a', surface: 'desktop' });
  ledger.append({ phase: 'intent', name: 'type' });
  process.kill(process.pid, 'SIGKILL');`,
];

/** `T` of a process that is stopped. */
const stateOf = (pid = 0): string | undefined =>
  /\) (\w)/.exec(readFileSync(`/proc/${pid}/stat`, 'utf8'))?.[1];

describe('a file of a living writer', () => {
  test('is left alone by the next writer, torn line and all', async () => {
    const folder = temporaryFolder();
    const child = spawn(process.execPath, [...endlessWriter, folder], {
      stdio: ['ignore', 'pipe', 'inherit'],
    });
    const closed = once(child, 'close');
    await once(child.stdout, 'data');
    child.kill('SIGSTOP');
    await expect.poll(() => stateOf(child.pid)).toBe('T');
    const [path = ''] = ledgerFiles(folder);
    appendFileSync(path, '{"half');
    const size = statSync(path).size;
    openLedger({ folder, ...origin }).close();
    expect(statSync(path).size).toBe(size);
    child.kill('SIGKILL');
    await closed;
    openLedger({ folder, ...origin }).close();
    expect(statSync(path).size).toBeLessThan(size);
    expect(verifyFolder(folder).problems).toEqual([]);
  });
});

describe('a torn line of anchors.jsonl', () => {
  test('is stepped over by the next writer, and held against nobody', () => {
    const folder = temporaryFolder();
    openLedger({ folder, ...origin }).close();
    const path = join(folder, 'anchors.jsonl');
    const size = statSync(path).size;
    const [first = ''] = readFileSync(path, 'utf8').split('\n');
    appendFileSync(path, first.slice(0, 40));
    expect(verifyFolder(folder).problems).toEqual([]);
    openLedger({ folder, ...origin }).close();
    expect(verifyFolder(folder)).toMatchObject({ ok: true, anchors: 4 });
    const bytes = readFileSync(path);
    bytes[size + 5] = 0x78;
    writeFileSync(path, bytes);
    expect(verifyFolder(folder).ok).toBe(false);
  });
});

describe('a ledger whose disk is full', () => {
  test.runIf(process.platform === 'linux')('says so, and keeps whole rows only', () => {
    const folder = temporaryFolder();
    const limit = ['-c', 'ulimit -S -f 8; exec "$@"', 'sh', process.execPath];
    const limited = spawnSync('sh', [...limit, ...endlessWriter, folder], { encoding: 'utf8' });
    expect(limited.stderr).toContain('cannot be written');
    const verdict = verifyLedgerText(readFileSync(ledgerFiles(folder)[0] ?? '', 'utf8'));
    expect(verdict.rows).toBeGreaterThan(5);
    expect(verdict.broken).toBeUndefined();
    expect(verdict.tornLine).toBeUndefined();
    expect(verifyFolder(folder).problems).toEqual([]);
  });
});

test.skipIf(process.platform === 'win32')('a ledger that cannot be begun leaves no file behind', () => {
  const folder = join(temporaryFolder(), 'ledger');
  const begin = (limit: string): string =>
    spawnSync('sh', ['-c', `trap '' XFSZ; ${limit} exec "$@"`, 'sh', process.execPath, ...oneRow, folder], {
      encoding: 'utf8',
    }).stdout;
  for (let time = 0; time < 3; time++) expect(begin('ulimit -f 0;')).toContain('ledger_write_failed');
  expect(ledgerFiles(folder)).toEqual([]);
  expect(begin('')).toBe('');
  expect(verifyFolder(folder)).toMatchObject({ ok: true, rows: 1 });
});

/** Begins a ledger in the folder of its argument and writes a row, or says which error it got. */
const oneRow: readonly string[] = [
  '--input-type=module',
  '--eval',
  `import { openLedger } from '${new URL('../dist/index.js', import.meta.url).href}';
  try {
    const ledger = openLedger({ folder: process.argv[1], run: 'r', session: 's', actor: 'a', surface: 'd' });
    ledger.append({ phase: 'note', name: 'begun' });
    ledger.close();
  } catch (error) {
    console.log(error.code);
  }`,
];
