import { ownLife } from '@deskhand/run-ledger/process-life';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { readdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, onTestFinished, test } from 'vitest';
import { lockFile } from '../src/file-lock.ts';
import { temporaryFolder } from './fixture.ts';

const lockModule = new URL('../dist/file-lock.js', import.meta.url).href;

/** Another process that takes the lock, and keeps it until it is killed. */
async function holder(target: string): Promise<() => Promise<void>> {
  const code = `import { lockFile } from '${lockModule}';
    await lockFile(process.argv[1]);
    process.stdout.write('locked');
    process.stdin.resume();`;
  const child = spawn(process.execPath, ['--input-type=module', '--eval', code, target], {
    stdio: ['pipe', 'pipe', 'inherit'],
  });
  const closed = once(child, 'close');
  const kill = async (): Promise<void> => {
    child.kill('SIGKILL');
    await closed;
  };
  onTestFinished(kill);
  await once(child.stdout, 'data');
  return kill;
}

/** Leaves the claim of a life that differs from ours by `changes`. */
function leaveClaim(target: string, changes: Partial<ReturnType<typeof ownLife>>): void {
  const { pid, start, boot, space } = { ...ownLife(), ...changes };
  writeFileSync(`${target}.lock.${pid}.${start}.${boot}.${space}.0000000000000000`, '');
}

describe('the lock', () => {
  test('is held by one at a time and leaves nothing behind', async () => {
    const folder = temporaryFolder();
    const target = join(folder, 'f');
    let holders = 0;
    const most: number[] = [];
    await Promise.all(
      Array.from({ length: 8 }, async () => {
        const release = await lockFile(target);
        most.push(++holders);
        await new Promise((resolve) => setImmediate(resolve));
        holders--;
        release();
      }),
    );
    expect(most).toEqual(Array(8).fill(1));
    expect(readdirSync(folder)).toEqual([]);
  });

  test('is not taken from a living process, and is taken over once that is dead', async () => {
    const folder = temporaryFolder();
    const target = join(folder, 'f');
    const kill = await holder(target);
    const [claim = ''] = readdirSync(folder);
    await expect(lockFile(target, { waitMs: 50 })).rejects.toMatchObject({
      code: 'grants_busy',
      message: `${target} is being changed by process ${claim.split('.')[2] ?? ''}`,
    });
    expect(readdirSync(folder)).toHaveLength(1);
    await kill();
    const release = await lockFile(target, { waitMs: 50 });
    release();
    expect(readdirSync(folder)).toEqual([]);
  });

  const dead: readonly [string, Partial<ReturnType<typeof ownLife>>][] = [
    ['a pid that came back since', { start: '1' }],
    ['a pid from before the last boot', { boot: '00000000' }],
  ];
  test.runIf(process.platform === 'linux').each(dead)('is taken over from %s', async (_sentence, changes) => {
    const target = join(temporaryFolder(), 'f');
    leaveClaim(target, changes);
    const release = await lockFile(target, { waitMs: 50 });
    release();
  });

  test('is not taken over from another container or machine, of which nothing is known', async () => {
    const folder = temporaryFolder();
    const target = join(folder, 'f');
    leaveClaim(target, { space: '00000000', boot: '00000000' });
    const [claim = ''] = readdirSync(folder);
    await expect(lockFile(target, { waitMs: 50 })).rejects.toMatchObject({
      code: 'grants_busy',
      hint: `If that process has ended, or belongs to another container or machine, remove ${join(folder, claim)}`,
    });
  });

  test('is no longer waited for once aborted', async () => {
    const folder = temporaryFolder();
    const target = join(folder, 'f');
    const release = await lockFile(target);
    const controller = new AbortController();
    const waiting = lockFile(target, { signal: controller.signal });
    controller.abort(new Error('enough'));
    await expect(waiting).rejects.toThrow();
    expect(readdirSync(folder)).toHaveLength(1);
    release();
  });
});
