import { createHash } from 'node:crypto';
import { appendFileSync, chmodSync, copyFileSync, realpathSync, renameSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { checkIdentity, readIdentity, statIdentity } from '../src/index.ts';
import { temporaryFolder } from './fixture.ts';

function ownExecutable(): string {
  const executable = join(temporaryFolder(), 'app');
  writeFileSync(executable, '#!/bin/sh\n', { mode: 0o700 });
  return executable;
}

describe('the identity of an executable', () => {
  test('is read with the content or without', async () => {
    const executable = ownExecutable();
    const sha256 = createHash('sha256').update('#!/bin/sh\n').digest('hex');
    const bare = statIdentity({ executable });
    expect(bare).toMatchObject({ executable, size: 10, ownerUid: process.geteuid?.(), rootOnly: false });
    expect(await readIdentity({ executable })).toEqual({ ...bare, sha256 });
  });

  test.runIf(process.platform === 'linux')('knows what only root can replace, folders included', () => {
    expect(statIdentity({ executable: realpathSync('/bin/sh') }).rootOnly).toBe(true);
    const copy = join(temporaryFolder(), 'sh');
    copyFileSync('/bin/sh', copy);
    // Beneath a folder that everyone may write to, a file of root's can be replaced.
    expect(statIdentity({ executable: copy }).rootOnly).toBe(false);
  });

  test.runIf(process.platform === 'linux')('is that of the running file when asked through /proc', () => {
    const executable = realpathSync(process.execPath);
    expect(statIdentity({ executable, via: `/proc/${process.pid}/exe` })).toEqual(
      statIdentity({ executable }),
    );
  });

  test.runIf(process.platform === 'linux')(
    'does not count on root when another file runs than at the path',
    () => {
      const [executable, via] = [realpathSync('/bin/sh'), realpathSync('/bin/cat')];
      expect(statIdentity({ executable, via }).rootOnly).toBe(false);
      expect(statIdentity({ executable, via: executable }).rootOnly).toBe(true);
    },
  );

  test('is refused for a file that is not there', async () => {
    const executable = join(temporaryFolder(), 'gone');
    expect(() => statIdentity({ executable })).toThrow('ENOENT');
    await expect(readIdentity({ executable })).rejects.toThrow('ENOENT');
  });

  test('is not read once aborted', async () => {
    const executable = ownExecutable();
    await expect(readIdentity({ executable }, AbortSignal.abort())).rejects.toThrow('abort');
  });
});

describe('checking an approval against the file', () => {
  test('holds while nothing happens to it', async () => {
    const executable = ownExecutable();
    const recorded = await readIdentity({ executable });
    expect(await checkIdentity(recorded, { executable })).toEqual({ holds: true, because: 'unchanged' });
  });

  test('reads the content when the file was touched, and holds when it is the same', async () => {
    const executable = ownExecutable();
    const recorded = await readIdentity({ executable });
    copyFileSync(executable, `${executable}.new`);
    chmodSync(`${executable}.new`, 0o700);
    renameSync(`${executable}.new`, executable);
    expect(await checkIdentity(recorded, { executable })).toEqual({ holds: true, because: 'same_content' });
  });

  test('lapses when the content is another', async () => {
    const executable = ownExecutable();
    const recorded = await readIdentity({ executable });
    appendFileSync(executable, 'echo mine\n');
    expect(await checkIdentity(recorded, { executable })).toEqual({
      holds: false,
      code: 'content_changed',
      message: `${executable} is not the file that was approved`,
    });
  });
});
