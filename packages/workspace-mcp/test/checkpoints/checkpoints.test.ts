import {
  appendFileSync,
  chmodSync,
  existsSync,
  linkSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  readlinkSync,
  renameSync,
  rmSync,
  statSync,
  symlinkSync,
  truncateSync,
  writeFileSync,
} from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { LIMITS } from '../../src/checkpoints/limits.ts';
import { contentOf, ROOT, setUp, signal } from './lab.ts';

const failure = (code: string): unknown => expect.objectContaining({ code });

describe('a step', () => {
  test('brings back what was changed, deleted, moved and made, with its mode', async () => {
    const { folder, at, step, checkpoints } = setUp();
    mkdirSync(at('src/deep'), { recursive: true });
    writeFileSync(at('src/deep/a'), Buffer.from([0, 255, 10]));
    writeFileSync(at('run.sh'), '#!/bin/sh\n', { mode: 0o755 });
    writeFileSync(at('kept'), 'kept');
    symlinkSync('kept', at('link'));
    chmodSync(at('src'), 0o750);
    const before = contentOf(folder);
    await step('all', () => {
      rmSync(at('src'), { recursive: true });
      rmSync(at('link'));
      renameSync(at('run.sh'), at('walk.sh'));
      mkdirSync(at('new'));
      writeFileSync(at('new/x'), 'x');
      writeFileSync(at('link'), 'a file now');
    });
    expect(await checkpoints.undo({ dryRun: true }, signal)).toEqual({
      ...{ steps: [1], foreign: [], failed: [], number: null, again: null },
      made: ['run.sh', 'src', 'src/deep', 'src/deep/a'].map((name) => `${ROOT}/work/${name}`),
      replaced: [`${ROOT}/work/link`],
      removed: ['new', 'new/x', 'walk.sh'].map((name) => `${ROOT}/work/${name}`),
    });
    expect(contentOf(folder)).not.toEqual(before);
    expect(await checkpoints.undo({}, signal)).toMatchObject({ steps: [1], number: 2, failed: [] });
    expect(contentOf(folder)).toEqual(before);
    expect(statSync(at('run.sh')).mode & 0o777).toBe(0o755);
    expect(statSync(at('src')).mode & 0o777).toBe(0o750);
    // an undo is a step as well
    await checkpoints.undo({}, signal);
    expect(existsSync(at('src'))).toBe(false);
    await checkpoints.undo({ step: 1 }, signal);
    expect(contentOf(folder)).toEqual(before);
  });

  test('of a file that was not there takes its folders away with it, unless something else is in them', async () => {
    const { at, step, checkpoints } = setUp();
    const make = () => {
      mkdirSync(at('a/b'), { recursive: true });
      writeFileSync(at('a/b/c'), 'x');
    };
    await step(['a/b/c'], make);
    await checkpoints.undo({}, signal);
    expect(existsSync(at('a'))).toBe(false);
    const again = await step(['a/b/c'], make);
    writeFileSync(at('a/mine'), 'of the person');
    expect(await checkpoints.undo({ step: again?.number }, signal)).toMatchObject({
      failed: [{ path: `${ROOT}/work/a`, why: 'something else is in the folder' }],
    });
    expect(readdirSync(at('a'))).toEqual(['mine']);
  });

  test('holds names of any bytes, and they are themselves after a restart', async () => {
    const { folder, at, rawAt, step, open } = setUp();
    const names = ['x\xe9', 'x\xef\xbf\xbd', 'x\xc3\xa9', 'd\xe9/x\xff', 'd\xe9/plain', 'd/x'];
    for (const name of ['d', 'd\xe9', 'd\xe9/empty\xe9']) mkdirSync(rawAt(name));
    for (const name of names) writeFileSync(rawAt(name), name, 'latin1');
    symlinkSync(Buffer.from('to\xe9', 'latin1'), rawAt('link\xe9'));
    await step('all', () => {
      for (const name of ['x\xe9', 'd\xe9', 'd', 'link\xe9', 'x\xef\xbf\xbd', 'x\xc3\xa9'])
        rmSync(rawAt(name), { recursive: true });
    });
    expect(contentOf(folder)).toEqual({});
    writeFileSync(at('later'), 'of the person');
    const answer = await open().undo({}, signal);
    expect([answer.made.length, answer.failed]).toEqual([10, []]);
    expect(answer.made).toContain(String.raw`${ROOT}/work/d\xe9/x\xff`);
    expect(names.map((name) => readFileSync(rawAt(name), 'latin1'))).toEqual(names);
    expect(readdirSync(rawAt('d\xe9'), 'latin1').toSorted()).toEqual(['empty\xe9', 'plain', 'x\xff']);
    expect(readlinkSync(rawAt('link\xe9'), 'latin1')).toBe('to\xe9');
    expect(existsSync(at('later'))).toBe(true);
  });

  test('of a file is of that one, whatever halves of characters its path has', async () => {
    const { at, rawAt, checkpoints } = setUp();
    for (const name of ['x\xe9', 'x\xef\xbf\xbd']) writeFileSync(rawAt(name), 'old');
    const path = `${ROOT}/work/x\udce9`;
    await checkpoints.around({ label: 'Write', paths: [path] }, signal, () => {
      // as the system takes such a path
      writeFileSync(at('x\udce9'), 'new');
      return Promise.resolve({ path, now: null });
    });
    expect(readFileSync(rawAt('x\xef\xbf\xbd'), 'utf8')).toBe('new');
    await checkpoints.undo({}, signal);
    expect(['x\xe9', 'x\xef\xbf\xbd'].map((name) => readFileSync(rawAt(name), 'utf8'))).toEqual([
      'old',
      'old',
    ]);
  });

  test('that changed nothing is none', async () => {
    const { at, step, checkpoints } = setUp();
    writeFileSync(at('a'), 'a');
    await step(['a'], () => writeFileSync(at('a'), 'a'));
    expect(checkpoints.list()).toEqual([]);
    await step(['a'], () => writeFileSync(at('a'), 'b'));
    expect(checkpoints.list()).toMatchObject([{ number: 1, label: 'a test' }]);
  });

  test('is there for the next process, and for nobody else to read', async () => {
    const { at, home, step, open } = setUp();
    writeFileSync(at('a'), 'one');
    await step(['a'], () => writeFileSync(at('a'), 'two'));
    await open().undo({}, signal);
    expect(readFileSync(at('a'), 'utf8')).toBe('one');
    expect(statSync(join(home, 'checkpoints')).mode & 0o777).toBe(0o700);
    expect(statSync(join(home, 'checkpoints/s')).mode & 0o777).toBe(0o700);
  });

  test('is only made of folders that may be written to', async () => {
    const { at, step } = setUp({ access: 'ro' });
    writeFileSync(at('a'), 'a');
    expect(await step('all', () => undefined)).toBeNull();
    expect(await step(['a', '../../elsewhere'], () => undefined)).toBeNull();
  });
});

describe('several steps', () => {
  test('are taken back to a point, or one alone', async () => {
    const { folder, at, step, checkpoints } = setUp();
    writeFileSync(at('a'), '0');
    writeFileSync(at('b'), '0');
    await step(['a'], () => writeFileSync(at('a'), '1'));
    await step(['b'], () => writeFileSync(at('b'), '1'));
    await step('all', () => writeFileSync(at('c'), '1'));
    await step(['a'], () => writeFileSync(at('a'), '2'));
    await checkpoints.undo({ step: 2 }, signal);
    expect(contentOf(folder)).toEqual({ a: '2', b: '0', c: '1' });
    // another step came after that one
    await expect(checkpoints.undo({ step: 1 }, signal)).rejects.toEqual(failure('changed_since'));
    await checkpoints.undo({ to: 1 }, signal);
    expect(contentOf(folder)).toEqual({ a: '0', b: '0' });
    await expect(checkpoints.undo({ step: 77 }, signal)).rejects.toEqual(failure('no_such_step'));
  });
});

describe('what a person did since', () => {
  test('stays, and is not in the way of the rest', async () => {
    const { folder, at, step, checkpoints } = setUp();
    writeFileSync(at('a'), 'one\n');
    await step('all', () => rmSync(at('a')));
    writeFileSync(at('mine'), 'of the person');
    await checkpoints.undo({}, signal);
    expect(contentOf(folder)).toEqual({ a: 'one\n', mine: 'of the person' });
  });

  test('is shown, and only overwritten when that is asked for', async () => {
    const { at, step, checkpoints } = setUp();
    writeFileSync(at('a'), 'one\ntwo\n');
    await step(['a'], () => writeFileSync(at('a'), 'one\n2\n'));
    appendFileSync(at('a'), 'of the person\n');
    const refused = checkpoints.undo({}, signal);
    await expect(refused).rejects.toEqual(failure('changed_since'));
    await expect(refused).rejects.toThrow(/work\/a: it would change by\n[^]*-of the person/);
    expect(readFileSync(at('a'), 'utf8')).toBe('one\n2\nof the person\n');
    expect(await checkpoints.undo({ dryRun: true }, signal)).toMatchObject({
      foreign: [`${ROOT}/work/a`],
    });
    await checkpoints.undo({ step: 1, overwrite: true }, signal);
    expect(readFileSync(at('a'), 'utf8')).toBe('one\ntwo\n');
  });

  test('is not known after a step that never came to its end', async () => {
    const { at, checkpoints } = setUp();
    writeFileSync(at('a'), 'one');
    await checkpoints.before({ label: 'killed', paths: 'all' }, signal);
    writeFileSync(at('a'), 'half');
    await expect(checkpoints.undo({ step: 1 }, signal)).rejects.toEqual(failure('changed_since'));
    await checkpoints.undo({ step: 1, overwrite: true }, signal);
    expect(readFileSync(at('a'), 'utf8')).toBe('one');
  });
});

describe('what is kept', () => {
  test('is not what programs make again, nor what is too large, unless it is named', async () => {
    const { at, step, checkpoints } = setUp({ limits: { ...LIMITS, fileBytes: 1_000 } });
    mkdirSync(at('node_modules/x'), { recursive: true });
    writeFileSync(at('node_modules/x/index.js'), 'x');
    writeFileSync(at('large'), '');
    truncateSync(at('large'), 1_001);
    const all = await step('all', () => rmSync(at('large')));
    expect(all?.notes).toEqual([
      'Not kept: large (it has more than 0.00095367431640625 MiB), node_modules (programs make it again).',
    ]);
    expect(await checkpoints.undo({}, signal)).toMatchObject({ made: [], failed: [] });
    await step(['node_modules'], () => rmSync(at('node_modules'), { recursive: true }));
    await checkpoints.undo({}, signal);
    expect(readFileSync(at('node_modules/x/index.js'), 'utf8')).toBe('x');
  });

  test('is what git ignores too, for there is no other copy of it', async () => {
    const { at, step, checkpoints } = setUp();
    writeFileSync(at('.gitignore'), 'build\n*.local\n');
    mkdirSync(at('build'));
    writeFileSync(at('build/out'), 'made');
    writeFileSync(at('settings.local'), 'mine');
    const all = await step('all', () => {
      rmSync(at('build'), { recursive: true });
      rmSync(at('settings.local'));
    });
    expect(all?.notes).toEqual([]);
    await checkpoints.undo({}, signal);
    expect([readFileSync(at('build/out'), 'utf8'), readFileSync(at('settings.local'), 'utf8')]).toEqual([
      ...['made', 'mine'],
    ]);
  });

  test('is never the file that is there itself', async () => {
    const { at, home, step, checkpoints } = setUp();
    writeFileSync(at('a'), 'one');
    linkSync(at('a'), at('twin'));
    await step('all', () => writeFileSync(at('a'), 'two'));
    const kept = readdirSync(join(home, 'checkpoints/s/objects'), { recursive: true, encoding: 'utf8' });
    const inodes = kept.map((name) => statSync(join(home, 'checkpoints/s/objects', name)).ino);
    expect(inodes).not.toContain(statSync(at('a')).ino);
    await checkpoints.undo({}, signal);
    expect(readFileSync(at('a'), 'utf8')).toBe('one');
    writeFileSync(at('a'), 'three');
    await checkpoints.undo({ step: 1, overwrite: true }, signal);
    expect(readFileSync(at('a'), 'utf8')).toBe('one');
  });

  test('is counted once, however often the same is kept', async () => {
    const { at, step, checkpoints, open } = setUp();
    const size = 2 * 1024 ** 2;
    const large = ['a', 'b'].map((letter) => letter.repeat(size));
    writeFileSync(at('large'), large[0] ?? '');
    for (const next of [1, 0, 1, 0])
      await step(['large'], () => writeFileSync(at('large'), large[next] ?? ''));
    expect(checkpoints.list().length).toBe(4);
    expect(checkpoints.bytes).toBe(open().bytes);
    expect(checkpoints.list().map(({ bytes }) => bytes)).toEqual([size, size, 0, 0]);
  });

  test('has a bound: the oldest goes first, and it is said', async () => {
    const { at, step, checkpoints } = setUp({ limits: { ...LIMITS, storeBytes: 25_000 } });
    const notes: (readonly string[] | undefined)[] = [];
    for (const letter of 'abcd') {
      writeFileSync(at(letter), letter.repeat(10_000));
      notes.push((await step([letter], () => rmSync(at(letter))))?.notes);
    }
    expect(notes[1]).toEqual([]);
    expect(notes[2]).toEqual(['The oldest step had to make room, and can be undone no more.']);
    expect(checkpoints.bytes).toBeLessThan(25_000);
    expect(checkpoints.list().map(({ number }) => number)).toEqual([3, 4]);
    await checkpoints.undo({ to: 3 }, signal);
    expect(readFileSync(at('c'), 'utf8')).toBe('c'.repeat(10_000));
    expect(existsSync(at('a'))).toBe(false);
  });

  test('is checked before it is put back', async () => {
    const { at, home, step, checkpoints } = setUp();
    writeFileSync(at('a'), 'one');
    await step(['a'], () => rmSync(at('a')));
    const objects = join(home, 'checkpoints/s/objects');
    const [object = ''] = readdirSync(objects, { recursive: true, encoding: 'utf8' }).filter(
      (name) => name.length > 60,
    );
    writeFileSync(join(objects, object), 'two');
    await expect(checkpoints.undo({}, signal)).rejects.toEqual(failure('checkpoint_damaged'));
    expect(existsSync(at('a'))).toBe(false);
  });
});
