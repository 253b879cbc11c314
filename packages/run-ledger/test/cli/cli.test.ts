import { spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import { describe, expect, onTestFinished, test } from 'vitest';
import { z } from 'zod';
import { openLedger, sha256, verifyFolder } from '../../src/index.ts';
import { containing, ledgerFiles, origin, temporaryFolder } from '../fixture.ts';
import { argsDigest, evil, pictureBytes, recordedHome } from './recorded-home.ts';
import { bin, runBin } from './run-bin.ts';

const timeout = 300_000;

test('run-ledger says its version, which is that of the package', { timeout }, () => {
  const file = fileURLToPath(new URL('../../package.json', import.meta.url));
  const { version } = z.object({ version: z.string() }).parse(JSON.parse(readFileSync(file, 'utf8')));
  expect(runBin('/nowhere', '--version')).toEqual({ code: 0, out: `${version}\n`, err: '' });
});

test.runIf(process.geteuid?.() === 0)(
  'a user whom the system knows no home folder of is told what to say, and needs no more',
  { timeout },
  () => {
    const run = (env: Record<string, string>) => {
      const as = { uid: 65_532, gid: 65_532, env, cwd: '/' };
      return spawnSync(process.execPath, [bin, 'runs'], { ...as, encoding: 'utf8' });
    };
    expect(run({ DESKHAND_HOME: '/nowhere' }).stderr).toContain('/nowhere/ledger');
    const { status, stderr } = run({});
    expect({ status, stderr }).toEqual({
      status: 1,
      stderr: 'The system knows no home folder of this user. Set DESKHAND_HOME, or give --home.\n',
    });
  },
);

describe('run-ledger verify', { timeout }, () => {
  test('says that a ledger holds, and what has no outcome', () => {
    const { home, folder } = recordedHome();
    const { code, out } = runBin(home, 'verify');
    expect(code).toBe(0);
    expect(out).toContain(`The ledger holds: ${folder}\n1 file, 7 rows, 2 anchors, 3 blobs\n`);
    expect(out).toMatch(/unknown outcome {2}type {2}s1 {2}\S+\.jsonl:7/);
    expect(JSON.parse(runBin(home, 'verify', '--json').out)).toMatchObject({ ok: true, rows: 7 });
  });

  test('says what is wrong, and ends with 2', () => {
    const { home, folder } = recordedHome();
    const [path = ''] = ledgerFiles(folder);
    const intact = readFileSync(path, 'utf8');
    writeFileSync(path, intact.replace('"ok"', '"OK"'));
    const { code, out } = runBin(home, 'verify');
    expect(code).toBe(2);
    expect(out).toContain('THE LEDGER DOES NOT HOLD');
    expect(out).toContain('line 3  hash does not match');
    writeFileSync(path, intact);
    expect(runBin(home, 'verify').code).toBe(0);
    writeFileSync(join(folder, 'blobs', argsDigest), 'other');
    expect(runBin('/nowhere', 'verify', '--folder', folder)).toMatchObject({
      code: 2,
      out: containing('is not what was recorded'),
    });
  });

  test('holds a folder against an anchor that was printed before', () => {
    const { home, folder } = recordedHome();
    const anchor = runBin(home, 'anchors', 'print').out;
    openLedger({ folder, ...origin }).close();
    expect(runBin(home, 'verify', '--anchor', anchor).code).toBe(0);
    for (const path of [...ledgerFiles(folder), join(folder, 'anchors.jsonl')]) rmSync(path);
    expect(runBin(home, 'verify').code).toBe(0);
    expect(runBin(home, 'verify', '--anchor', anchor).code).toBe(2);
    expect(runBin(home, 'verify', '--anchor', 'hello')).toMatchObject({
      code: 1,
      err: containing('--anchor'),
    });
  });
});

describe('run-ledger on the command line', { timeout }, () => {
  test('helps, and tells usage errors apart', () => {
    const home = temporaryFolder();
    const help = runBin(home, '--help');
    expect(help.code).toBe(0);
    for (const name of ['verify', 'anchors', 'tail', 'runs', 'show', 'stats', 'export', 'redact'])
      expect(help.out).toMatch(new RegExp(`^ {2}${name}\\b`, 'm'));
    expect(runBin(home, 'frobnicate').code).toBe(1);
    for (const reading of [['stats'], ['tail', '-f'], ['verify']])
      expect(runBin(home, ...reading)).toMatchObject({
        ...{ code: 1, err: containing('There is no ledger in ') },
      });
    expect(runBin('relative', 'stats')).toMatchObject({ code: 1, err: containing('not an absolute path') });
  });

  test('shows a run call by call, with no control characters of others', () => {
    const { home } = recordedHome();
    expect(runBin(home, 'runs').out).toMatch(/run-abc {2}desktop .* 7\n/);
    const { out } = runBin(home, 'show', 'run-a');
    const lines = out.split('\n').map((line) => line.replace(/^[\d-]{10} [\d:.]{12} {2}/, ''));
    expect(lines.slice(3)).toEqual([
      expect.stringMatching(/^screenshot +ok +12 {2}stdio +s1$/),
      expect.stringMatching(/^ {2}note screenshot +\{"allowed":true\} +stdio +s1$/),
      expect.stringMatching(/^<img src=x onerror=alert\(1\)>\ufffd\[2J +✗ not_granted +3 +laptop {2}s2$/),
      expect.stringMatching(/^ {2}note grants_changed +"" +stdio +s1$/),
      expect.stringMatching(/^type +\? unknown outcome +stdio +s1$/),
      '',
    ]);
    expect(out).not.toContain('\u001b');
    expect(runBin(home, 'show', 'other')).toMatchObject({
      code: 1,
      err: containing('no run begins with other'),
    });
  });

  test('counts calls, failures and durations', () => {
    const { home } = recordedHome();
    const { out } = runBin(home, 'stats', '--json');
    expect(JSON.parse(out)).toMatchObject({
      rows: 7,
      runs: 1,
      calls: 3,
      tools: [
        { surface: 'desktop', tool: 'screenshot', calls: 1, ok: 1, failed: 0, unknown: 0, p50: 12, p95: 12 },
        { tool: evil, calls: 1, failed: 1, p50: 3 },
        { tool: 'type', calls: 1, unknown: 1 },
      ],
      codes: [{ code: 'not_granted', calls: 1 }],
    });
    expect(runBin(home, 'stats').out).toMatch(/not_granted +1/);
  });

  test('prints the newest rows, and those that follow', async () => {
    const { home, folder } = recordedHome();
    expect(runBin(home, 'tail', '-n', '2').out.split('\n')).toHaveLength(3);
    const child = spawn(process.execPath, [bin, 'tail', '-f', '-n', '1', '--json', '--home', home], {
      stdio: ['ignore', 'pipe', 'inherit'],
    });
    const closed = once(child, 'close');
    onTestFinished(() => void child.kill('SIGKILL'));
    const lines = createInterface({ input: child.stdout })[Symbol.asyncIterator]();
    expect(JSON.parse(String((await lines.next()).value))).toMatchObject({ seq: 7, name: 'type' });
    const ledger = openLedger({ folder, ...origin });
    ledger.append({ phase: 'note', name: 'fresh' });
    expect(JSON.parse(String((await lines.next()).value))).toMatchObject({ seq: 1, name: 'fresh' });
    ledger.append({ phase: 'note', name: 'fresher' });
    expect(JSON.parse(String((await lines.next()).value))).toMatchObject({ seq: 2, name: 'fresher' });
    ledger.close();
    child.kill('SIGINT');
    expect(await closed).toEqual([0, null]);
  });
});

describe('run-ledger redact', { timeout }, () => {
  test('removes what was recorded, leaves a note, and the ledger holds', () => {
    const { home, folder } = recordedHome();
    expect(runBin(home, 'redact', argsDigest)).toEqual({ code: 0, out: `removed ${argsDigest}\n`, err: '' });
    expect(readdirSync(join(folder, 'blobs'))).not.toContain(argsDigest);
    expect(readFileSync(ledgerFiles(folder)[1] ?? '', 'utf8')).toContain(
      `"decision":{"sha256":"${argsDigest}"}`,
    );
    expect(verifyFolder(folder)).toMatchObject({ ok: true, rows: 8, blobs: 2 });
    expect(runBin(home, 'redact', argsDigest)).toMatchObject({
      code: 1,
      err: containing('nothing is recorded'),
    });
    expect(runBin(home, 'redact', '../../etc').code).toBe(1);
  });

  test('removes the pictures of a result with it', () => {
    const { home, folder } = recordedHome();
    const [, , third = ''] = readFileSync(ledgerFiles(folder)[0] ?? '', 'utf8').split('\n');
    const digest = /"resultSha256":"([0-9a-f]+)"/.exec(third)?.[1] ?? '';
    const { out } = runBin(home, 'redact', digest, '--json');
    expect(JSON.parse(out)).toEqual({ removed: [digest, sha256(pictureBytes)] });
    expect(readdirSync(join(folder, 'blobs'))).toEqual([argsDigest]);
  });
});

describe('recording', () => {
  test('is off unless it was turned on, and keeps blobs private', () => {
    const folder = temporaryFolder();
    const quiet = openLedger({ folder, ...origin });
    onTestFinished(() => quiet.close());
    expect(quiet.record).toBeUndefined();
    const ledger = openLedger({ folder, ...origin, recording: true });
    onTestFinished(() => ledger.close());
    const digest = ledger.record?.(Buffer.from('secret')) ?? '';
    expect(digest).toBe(sha256('secret'));
    expect(ledger.record?.(Buffer.from('secret'))).toBe(digest);
    expect(statSync(join(folder, 'blobs')).mode & 0o777).toBe(0o700);
    expect(statSync(join(folder, 'blobs', digest)).mode & 0o777).toBe(0o600);
    expect(verifyFolder(folder)).toMatchObject({ ok: true, blobs: 1 });
  });
});
