import { execFileSync, spawn } from 'node:child_process';
import { once } from 'node:events';
import {
  chmodSync,
  chownSync,
  lstatSync,
  mkdirSync,
  readFileSync,
  renameSync,
  rmSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { join } from 'node:path';
import { setImmediate as nextTurn } from 'node:timers/promises';
import { describe, expect, onTestFinished, test } from 'vitest';
import { makeTree } from '../lab/tree.ts';
import { contentOf, ROOT, setUp, signal } from './lab.ts';

const ROUNDS = Number(process.env['ATTACK_ROUNDS'] ?? 2_000) / 50;

describe('a link that an agent puts in the place of a folder', () => {
  test('leads an undo nowhere', async () => {
    const { at, step, checkpoints } = setUp();
    const elsewhere = makeTree();
    writeFileSync(join(elsewhere, 'file'), 'of the person');
    mkdirSync(at('place'));
    writeFileSync(at('place/file'), 'old');
    writeFileSync(at('place/other'), 'old');
    await step(['place'], () => {
      writeFileSync(at('place/file'), 'new');
      rmSync(at('place/other'));
    });
    renameSync(at('place'), at('aside'));
    symlinkSync(elsewhere, at('place'));
    await expect(checkpoints.undo({}, signal)).rejects.toMatchObject({ code: 'changed_since' });
    expect(contentOf(elsewhere)).toEqual({ file: 'of the person' });
    await checkpoints.undo({ step: 1, overwrite: true }, signal);
    expect(contentOf(elsewhere)).toEqual({ file: 'of the person' });
  });

  test('has nothing behind it kept', async () => {
    const { at, step, home, checkpoints } = setUp();
    const elsewhere = makeTree();
    writeFileSync(join(elsewhere, 'secret'), 'the secret');
    symlinkSync(elsewhere, at('place'));
    symlinkSync(join(elsewhere, 'secret'), at('link'));
    await step(['place/secret', 'link', 'real'], () => writeFileSync(at('real'), 'x'));
    expect(() => execFileSync('grep', ['-r', 'the secret', home])).toThrow();
    expect(checkpoints.list()[0]?.scopes).toMatchObject([
      { path: 'place', before: { kind: 'link' } },
      { path: 'link', before: { kind: 'link' } },
      { path: 'real', before: null },
    ]);
  });
});

test('while a folder is exchanged for a link without end, nothing outside is kept or written', async () => {
  const { at, home, step, checkpoints } = setUp();
  const elsewhere = makeTree();
  const makeFolder = (name: string): void => {
    mkdirSync(at(name));
    writeFileSync(at(`${name}/file`), 'inner');
  };
  makeFolder('place');
  writeFileSync(join(elsewhere, 'file'), 'the secret');
  symlinkSync(elsewhere, at('link'));
  /** An undo may put a link in the place of the folder, and then two links are exchanged. */
  const mend = (): void => {
    if (['place', 'link'].some((name) => lstatSync(at(name), { throwIfNoEntry: false })?.isDirectory()))
      return;
    makeFolder('fresh');
    rmSync(at('link'), { force: true });
    renameSync(at('fresh'), at('link'));
  };
  const script = `$| = 1; my ($call, $a, $b) = @ARGV;
    syscall($call + 0, -100, $a, -100, $b, 2) == 0 or die $!; print "begun\\n";
    syscall($call + 0, -100, $a, -100, $b, 2) while 1;`;
  const call = process.arch === 'arm64' ? '276' : '316';
  const attacker = spawn('perl', ['-e', script, call, at('place'), at('link')]);
  onTestFinished(() => void attacker.kill('SIGKILL'));
  await once(attacker.stdout, 'data');
  /** It stops when it has come out of the call that it is in. */
  const isStopped = (): boolean => /\) T /.test(readFileSync(`/proc/${attacker.pid ?? 0}/stat`, 'utf8'));
  const met = new Set<string>();
  // where the attacker gets no processor for long, all the rounds meet the same state
  for (let round = 0; round < ROUNDS || (met.size < 3 && round < 50 * ROUNDS); round += 1) {
    attacker.kill('SIGSTOP');
    while (!isStopped()) await nextTurn();
    mend();
    attacker.kill('SIGCONT');
    const path = `${ROOT}/work/place/file`;
    const kept = await checkpoints.before({ label: 'attacked', paths: [path] }, signal);
    const scope = checkpoints.list().at(-1)?.scopes[0];
    met.add(`${scope?.path} ${scope?.before?.kind}`);
    const undone = checkpoints.undo({ step: kept?.number, overwrite: true }, signal);
    met.add((await undone).failed.length > 0 ? 'failed' : 'done');
  }
  attacker.kill('SIGKILL');
  await once(attacker, 'close');
  expect(contentOf(elsewhere)).toEqual({ file: 'the secret' });
  expect(() => execFileSync('grep', ['-r', 'the secret', home])).toThrow();
  // it met more than one state, so the attack was on
  expect(met.size).toBeGreaterThan(2);
  await step(['new'], () => writeFileSync(at('new'), 'x'));
});

test('pipes and sockets neither stop it nor are touched', async () => {
  const { at, step, checkpoints } = setUp();
  execFileSync('mkfifo', [at('pipe')]);
  writeFileSync(at('a'), 'a');
  const made = await step('all', () => rmSync(at('a')));
  expect(made?.notes).toEqual(['Not kept: pipe (it is a pipe, device or socket).']);
  await checkpoints.undo({}, signal);
  expect(statSync(at('pipe')).isFIFO()).toBe(true);
  expect(readFileSync(at('a'), 'utf8')).toBe('a');
});

test('names with line ends, and names that are no text, do no harm', async () => {
  const { at, rawAt, step, checkpoints } = setUp();
  writeFileSync(at('a\nb'), 'a');
  writeFileSync(rawAt('x\xff'), 'strange');
  const made = await step('all', () => [at('a\nb'), rawAt('x\xff')].forEach((path) => rmSync(path)));
  expect(made?.notes).toEqual([]);
  await checkpoints.undo({}, signal);
  expect(readFileSync(at('a\nb'), 'utf8')).toBe('a');
  expect(readFileSync(rawAt('x\xff'), 'utf8')).toBe('strange');
});

test.runIf(process.geteuid?.() === 0)(
  'a mounted folder that may not be read is named in what is not kept',
  async () => {
    const { folder, step } = setUp();
    chownSync(folder, 1234, 1234);
    chmodSync(folder, 0o300);
    const made = await step('all', () => undefined);
    expect(made?.notes).toEqual([`Not kept: ${ROOT}/work (it may not be read).`]);
  },
);

test.runIf(process.geteuid?.() === 0)(
  'of what the user of the sandbox may not use, root keeps and changes nothing',
  async () => {
    const { folder, at, step, checkpoints } = setUp();
    for (const name of ['', 'open', 'closed']) {
      if (name !== '') mkdirSync(at(name));
      chownSync(join(folder, name), 1234, 1234);
    }
    for (const name of ['open/a', 'closed/a', 'key']) writeFileSync(at(name), name);
    chownSync(at('closed'), 0, 0);
    chmodSync(at('key'), 0o600);
    const made = await step('all', () => {
      for (const name of ['open/a', 'closed/a']) rmSync(at(name));
    });
    expect(made?.notes).toEqual(['Not kept: key (it may not be read).']);
    expect(await checkpoints.undo({}, signal)).toMatchObject({
      failed: [{ path: `${ROOT}/work/closed/a`, why: 'its owner keeps it' }],
    });
    expect(statSync(at('open/a'))).toMatchObject({ uid: 1234, gid: 1234 });
  },
);
