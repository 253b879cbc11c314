import { readdir } from 'node:fs/promises';
import { dirname } from 'node:path';
import { createInterface } from 'node:readline';
import { describe, expect, test } from 'vitest';
import { DEFAULT_LIMITS, limitOfExit, type Limits, type Sandbox } from '../../src/index.ts';
import { ControlGroup, ownHierarchy } from '../../src/limits/control-group.ts';
import { inside, NOBODY, openSandbox } from '../lab/inside.ts';

const MIB = 1024 ** 2;

/** Whether this machine lets the one who runs this limit processes together. */
const hasGroups = await (async () => {
  const group = await ControlGroup.make(DEFAULT_LIMITS, await ownHierarchy());
  await group?.remove();
  return group !== null;
})();

/** A shell that says the status of each command. */
async function shellWith(limits: Partial<Limits>, options: Partial<Parameters<typeof openSandbox>[0]> = {}) {
  const sandbox = await openSandbox({ limits, ...options });
  const lines = createInterface({ input: sandbox.stdout })[Symbol.asyncIterator]();
  const status = async (command: string): Promise<number> => {
    sandbox.stdin.write(`( ${command} ) >/dev/null 2>&1 </dev/null; echo $?\n`);
    const line: IteratorResult<string, unknown> = await lines.next();
    return Number(line.done === true ? Number.NaN : line.value);
  };
  return { sandbox, status };
}

const namesOf = async (sandbox: Sandbox): Promise<readonly string[]> =>
  (await sandbox.limitsHit()).map(({ limit }) => limit);

const FORKS = `perl -e 'for (1 .. 100) { my $pid = fork; last if !defined $pid; sleep 600 if !$pid; $n++ } print $n'`;

test('processes are limited for all together', async () => {
  const few = await inside(FORKS, { user: NOBODY, limits: { processes: 20 } });
  expect(Number(few.out)).toBeGreaterThan(10);
  expect(Number(few.out)).toBeLessThan(20);
  expect((await inside(FORKS, { user: NOBODY, limits: { processes: 200 } })).out).toBe('100');
});

test('memory, files, time on the processor and scratch are limited', async () => {
  const limits = { memoryBytes: 64 * MIB, fileBytes: 2 * MIB, cpuSeconds: 1, scratchBytes: 4 * MIB };
  const { out } = await inside(
    `perl -e '$x = "x" x 10e6; print "memory\\n"'; perl -e '$x = "x" x 200e6; print "too much\\n"' 2>/dev/null || echo no memory
     head -c 1M /dev/zero > ~/a && echo file; (trap '' XFSZ; head -c 3M /dev/zero 2>&1 > ~/a) | grep -o 'File too large'
     (for i in 1 2 3 4 5; do head -c 1M /dev/zero 2>&1 > /tmp/$i; done) | grep -o 'No space left' | head -1
     (while :; do :; done) 2>/dev/null; [ $? -eq 152 ] && echo time`,
    { limits },
  );
  expect(out).toBe('memory\nno memory\nfile\nFile too large\nNo space left\ntime\n');
});

describe('the one who asks is told which limit it was', () => {
  test('of a file, of time and of scratch', async () => {
    const limits = { ...DEFAULT_LIMITS, fileBytes: 2 * MIB, cpuSeconds: 1, scratchBytes: 4 * MIB };
    const { sandbox, status } = await shellWith(limits);
    expect(limitOfExit(await status('head -c 1M /dev/zero > ~/a'), limits)).toBeNull();
    expect(limitOfExit(await status('exec head -c 3M /dev/zero > ~/a'), limits)).toEqual({
      limit: 'fileBytes',
      message: 'a program was ended, because it wrote a file of more than 2 MiB',
      hint: 'Write smaller files, or allow larger ones',
    });
    expect(limitOfExit(await status('while :; do :; done'), limits)).toMatchObject({ limit: 'cpuSeconds' });
    expect(await namesOf(sandbox)).toEqual([]);
    expect(await status('for i in 1 2 3 4 5; do head -c 1M /dev/zero > /tmp/$i; done')).toBe(1);
    expect(await sandbox.limitsHit()).toEqual([
      {
        limit: 'scratchBytes',
        message: 'the home folder or /tmp is full, with 4 MiB',
        hint: 'Remove files there, or write to a mounted folder',
      },
    ]);
    expect(await status('rm /tmp/*')).toBe(0);
    expect(await namesOf(sandbox)).toEqual([]);
  });

  test('when the command itself ended for it', async () => {
    const sandbox = await openSandbox({
      command: ['/bin/bash', '-c', 'while :; do :; done'],
      limits: { cpuSeconds: 1 },
    });
    expect(await sandbox.ended).toEqual({ exitCode: 152 });
    expect(await namesOf(sandbox)).toEqual(['cpuSeconds']);
    expect(await namesOf(sandbox)).toEqual([]);
  });

  test.runIf(hasGroups)('of memory and of processes of all together, root or not', async () => {
    for (const user of process.geteuid?.() === 0 ? [NOBODY, { uid: 0, gid: 0 }] : [undefined]) {
      const { sandbox, status } = await shellWith(
        { memoryBytes: 96 * MIB, processes: 30 },
        user === undefined ? {} : { user },
      );
      expect(await status('true')).toBe(0);
      expect(await namesOf(sandbox)).toEqual([]);
      const each = `perl -e '$x = "x" x 30e6; sleep 600'`;
      expect(await status(`${each} & ${each} & ${each} & ${each} & wait -n; kill $(jobs -p); exit 5`)).toBe(
        5,
      );
      expect(await namesOf(sandbox)).toEqual(['memoryBytes']);
      await status(FORKS.replace('print $n', 'exit 0'));
      expect(await namesOf(sandbox)).toEqual(['processes']);
    }
  });
});

test.runIf(hasGroups)('no control group is left at the end', async () => {
  const before = await ControlGroup.make(DEFAULT_LIMITS, await ownHierarchy());
  await before?.remove();
  const ours = async (): Promise<readonly string[]> => {
    const parents = (before?.folders ?? []).map((folder) => readdir(dirname(folder)));
    return (await Promise.all(parents)).flat().filter((name) => name.startsWith(`deskhand-${process.pid}-`));
  };
  const sandbox = await openSandbox();
  expect(await ours()).not.toEqual([]);
  await sandbox.close();
  expect(await ours()).toEqual([]);
});
