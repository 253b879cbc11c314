import { renameSync, writeFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { notKept } from '../../src/checkpoints/not-kept.ts';
import { ROOT, setUp } from './lab.ts';

const KEPT = 'what is there now could not be kept, so nothing was done:';
const ROOM = 'A person can make room on the disk that has the state folder.';

describe('what cannot be kept', () => {
  test('is not, and it is said so, when the mounted folder was moved; it is when that is back', async () => {
    const { folder, at, step } = setUp();
    writeFileSync(at('a'), 'a');
    renameSync(folder, `${folder}-moved`);
    const moved = {
      code: 'checkpoint_failed',
      message: `${KEPT} the folder of ${ROOT}/work was moved or deleted`,
      hint: 'A person has to start the server again, with where the folder is now.',
    };
    await expect(step(['a'], () => undefined)).rejects.toMatchObject(moved);
    await expect(step('all', () => undefined)).rejects.toMatchObject(moved);
    renameSync(`${folder}-moved`, folder);
    expect(await step(['a'], () => writeFileSync(at('a'), 'b'))).toMatchObject({ notes: [] });
  });

  test('has a name that is too long, and one as long as can be has not', async () => {
    const { step } = setUp();
    const name = 'a'.repeat(256);
    await expect(step([name], () => undefined)).rejects.toMatchObject({
      code: 'checkpoint_failed',
      message: `${KEPT} ${ROOT}/work/${name} has a name that is too long`,
      hint: 'Choose a shorter one.',
    });
    expect(await step([name.slice(1)], () => undefined)).toMatchObject({ notes: [] });
  });

  test.each([
    ['EIO: i/o error, read', undefined, 'EIO: i/o error, read'],
    ["EIO: i/o error, open '/proc/self/fd/27/a'", undefined, `EIO: i/o error, at ${ROOT}/work/a`],
    ['ENOSPC: no space left on device, write', ROOM, 'ENOSPC: no space left on device, write'],
    ['EDQUOT: disk quota exceeded, write', ROOM, 'EDQUOT: disk quota exceeded, write'],
  ])('is named as tools name it, and room is made only where it is missing: %s', (said, hint, why) => {
    const mounted = { session: 's', mounts: () => [{ name: 'work', folder: '/', access: 'rw' as const }] };
    const cause = Object.assign(new Error(said), { code: said.split(':')[0] });
    const error = notKept(cause, mounted, [{ folder: '/', path: 'a' }]);
    expect(error).toMatchObject({ message: `${KEPT} ${why}` });
    expect(error.hint).toBe(hint);
  });
});
