import { closeSync, openSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { LIMITS } from '../../src/checkpoints/limits.ts';
import { Objects } from '../../src/checkpoints/objects.ts';
import { contentOf, setUp, signal } from './lab.ts';

const MANY = 300;

/** So many small files, which take one pack. */
function withFiles(limits = LIMITS) {
  const lab = setUp({ limits });
  const write = (word: string): void => {
    for (let index = 0; index < MANY; index += 1)
      writeFileSync(lab.at(`${index}`), `${word} ${index}\n`.repeat(200));
  };
  write('one');
  const objects = join(lab.home, 'checkpoints/s/objects');
  const packs = (): readonly string[] =>
    readdirSync(join(objects, 'packs')).map((name) => join(objects, 'packs', name));
  return { ...lab, write, objects, packs };
}

describe('many small files', () => {
  test('are kept in a few, and are all back after a restart', async () => {
    const { folder, step, at, open, packs, checkpoints } = withFiles();
    const before = contentOf(folder);
    await step('all', () => {
      for (let index = 0; index < MANY; index += 2) rmSync(at(`${index}`));
      // in place: the very file that was kept
      for (let index = 1; index < MANY; index += 2) writeFileSync(at(`${index}`), 'x', { flag: 'r+' });
    });
    expect(packs().length).toBe(1);
    const again = open();
    expect(again.bytes).toBe(checkpoints.bytes);
    await again.undo({}, signal);
    expect(contentOf(folder)).toEqual(before);
  });

  test('that were damaged on the disk are told of, and not brought back', async () => {
    const { step, at, open, packs } = withFiles();
    await step('all', () => rmSync(at('7')));
    const [pack = ''] = packs();
    const bytes = readFileSync(pack);
    bytes.write('two 7', bytes.indexOf('one 7\n'));
    writeFileSync(pack, bytes);
    await expect(open().undo({}, signal)).rejects.toMatchObject({ code: 'checkpoint_damaged' });
  });

  test('of which a crash left a part are found as far as they are whole, and can be kept anew', async () => {
    const { folder, step, at, open, packs } = withFiles();
    await step('all', () => undefined);
    const [pack = ''] = packs();
    writeFileSync(pack, readFileSync(pack).subarray(0, statSync(pack).size - 10));
    const before = contentOf(folder);
    const again = open();
    await step('all', () => rmSync(at('5')), again);
    await again.undo({}, signal);
    expect(contentOf(folder)).toEqual(before);
  });

  test('make room for others: packs of which little is needed are written anew', async () => {
    const lab = withFiles({ ...LIMITS, steps: 2 });
    const { step, write, open, folder, at } = lab;
    await step('all', () => write('two'));
    const other = open();
    for (const word of ['three', 'four', 'five']) await step('all', () => write(word), other);
    const before = contentOf(folder);
    await step('all', () => rmSync(at('9')));
    // of six states there are three, and what is not worth another pack
    expect(other.bytes).toBeLessThan(5 * MANY * 1_500);
    expect(other.list().length).toBe(2);
    await other.undo({}, signal);
    expect(contentOf(folder)).toEqual(before);
  });
});

test('a file that shrinks while it is kept is what was read of it, whatever is kept after it', () => {
  const { home, at } = setUp();
  const objects = new Objects(join(home, 'objects'));
  const keep = (name: string, content: string, expected: number): string => {
    writeFileSync(at(name), content);
    const fd = openSync(at(name), 'r');
    const { sha256 } = objects.keepFile(fd, expected, false);
    closeSync(fd);
    return sha256;
  };
  const [small, large] = ['one', 'x'.repeat(600_000)];
  const first = keep('small', small, 400_000);
  const second = keep('large', large, large.length);
  objects.end();
  expect([first, second].map((sha256) => objects.start(sha256, large.length).toString())).toEqual([
    small,
    large,
  ]);
});
