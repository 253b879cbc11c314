import { mkdtemp, readFile, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { describe, expect, it } from 'vitest';
import { putRun } from '../readme.ts';
import { readmeTableOf } from '../table.ts';
import { CLICK, SIZE } from './measurements.ts';

describe('the table of the README', () => {
  it('has ours beside its first peer, the others below, and why one is missing', () => {
    expect(readmeTableOf([CLICK, SIZE]).split('\n')).toEqual([
      '| metric    | ours | peer   | peer | ours is | asked        |                                      |',
      '| --------- | ---: | ------ | ---: | ------: | ------------ | ------------------------------------ |',
      '| click, ms | 1.20 | slow   | 18.0 |   15.0x | <= 2, >= 15x | met, met                             |',
      '|           |      | absent |    - |         |              | not measured: could not be installed |',
      '| size, kB  |  250 | large  | 1000 |   4.00x |              |                                      |',
    ]);
  });

  it('takes the place of the one before, and nothing else does', async () => {
    const file = join(await mkdtemp(join(tmpdir(), 'deskhand-readme-')), 'README.md');
    await writeFile(file, 'a\n<!-- run of x -->\n\nold\n\n<!-- end of x -->\nb\n');
    await putRun(pathToFileURL(file), 'x', 'new');
    expect(await readFile(file, 'utf8')).toBe('a\n<!-- run of x -->\n\nnew\n\n<!-- end of x -->\nb\n');
    await expect(putRun(pathToFileURL(file), 'y', 'new')).rejects.toThrow('has no <!-- run of y -->');
  });
});
