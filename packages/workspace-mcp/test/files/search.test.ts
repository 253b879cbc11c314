import { existsSync, mkdirSync, symlinkSync, utimesSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { rgPath } from '@vscode/ripgrep';
import { describe, expect, test } from 'vitest';
import { FileError } from '../../src/files/file-error.ts';
import { HeldFolders } from '../../src/files/held-folders.ts';
import { HeldSearch } from '../../src/files/held-search.ts';
import { Search, type GrepRequest } from '../../src/files/search.ts';
import { makeTree } from '../lab/tree.ts';

type Seeks = Pick<Search, 'glob' | 'grep'>;

const HELD = '/sessions/work/mnt';

interface Seat {
  readonly search: Seeks;
  readonly path: string;
}

const inSandbox = (folder: string): Seat => ({ search: new Search('/', rgPath), path: folder });

function withoutOne(folder: string): Seat {
  const held = new HeldFolders(HELD);
  held.hold({ name: 'work', folder, access: 'rw', covers: [] });
  return { search: new HeldSearch(held, rgPath), path: `${HELD}/work` };
}

/** Files with the ages of their places here, the first the newest. */
function makeFiles(files: Readonly<Record<string, string>>): string {
  const folder = makeTree();
  for (const [age, [name, content]] of Object.entries(files).entries()) {
    mkdirSync(dirname(join(folder, name)), { recursive: true });
    writeFileSync(join(folder, name), content);
    utimesSync(join(folder, name), 1e9 - age, 1e9 - age);
  }
  return folder;
}

/** Stands where ripgrep does. */
function programOf(script: string): string {
  const program = join(makeTree(), 'program');
  writeFileSync(program, `#!/bin/sh\n${script}\n`, { mode: 0o755 });
  return program;
}

const asked = (path: string, mode: GrepRequest['mode'], more: Partial<GrepRequest> = {}): GrepRequest => ({
  ...{ pattern: 'word', path, mode, offset: 0, limit: 100_000, without: [] },
  ...more,
});

describe.each([
  ['in the sandbox', inSandbox],
  ['without one', withoutOne],
])('a search %s', (_, of) => {
  test('gives names and numbers with the newest first, and lines by their path', async () => {
    const { search, path } = of(
      makeFiles({ 'b/2': 'word\n', c: 'word\nword\n', 'a/1': 'word\n', 'b.1': 'word\n' }),
    );
    const newest = ['b/2', 'c', 'a/1', 'b.1'];
    expect((await search.glob({ pattern: '**', path, without: [] })).lines).toEqual(newest);
    expect((await search.grep(asked(path, 'files_with_matches'))).lines).toEqual(newest);
    const counts = (await search.grep(asked(path, 'count'))).lines;
    expect(counts).toEqual(['b/2:1', 'c:2', 'a/1:1', 'b.1:1']);
    const lines = (await search.grep(asked(path, 'content'))).lines;
    expect(lines).toEqual(['a/1:1:word', 'b/2:1:word', 'b.1:1:word', 'c:1:word', 'c:2:word']);
  });

  test('stands lines of different places apart', async () => {
    const { search, path } = of(makeFiles({ b: 'word\n1\n2\n3\nword\n', a: 'word\n1\n' }));
    const { lines } = await search.grep(asked(path, 'content', { after: 1 }));
    expect(lines).toEqual(['a:1:word', 'a-2-1', '--', 'b:1:word', 'b-2-1', '--', 'b:5:word']);
  });

  test('has names in the order of their bytes', async () => {
    const { search, path } = of(makeFiles({ '\u{1f600}': 'word\n', '\uff01': 'word\n', b: 'word\n' }));
    const { lines } = await search.grep(asked(path, 'content'));
    expect(lines).toEqual(['b:1:word', '\uff01:1:word', '\u{1f600}:1:word']);
  });

  test('takes a name for a name that says what ripgrep says of files with zero bytes', async () => {
    const name = String.raw`a: WARNING: stopped searching binary file after match (found "\0" byte around offset 5)`;
    const { search, path } = of(makeFiles({ [`${name}\nb`]: 'word\n', [`${name}\nc/d`]: 'word\n' }));
    const { lines } = await search.grep(asked(path, 'content'));
    expect(lines).toEqual([`${name}\nb:1:word`, `${name}\nc/d:1:word`]);
  });

  test.each(['./', '.', '/', './/', '**/', '**'])('takes %j for all files', async (pattern) => {
    const { search, path } = of(makeFiles({ a: '', 'b/c': '' }));
    expect((await search.glob({ pattern, path, without: [] })).lines).toEqual(['a', 'b/c']);
  });

  test('takes a pattern that ends as a folder does for what is in that', async () => {
    const { search, path } = of(makeFiles({ a: '', 'b/c/d': '', 'd/b/c': '' }));
    expect((await search.glob({ pattern: './b/', path, without: [] })).lines).toEqual(['b/c/d']);
  });

  test.each([
    ['empty', ''],
    ['too long', 'a'.repeat(70_000)],
    ['open', '['],
    ['open', '{a,b'],
    ['open', '*(a'],
  ])('says of a pattern of names that it is none: %s', async (_why, pattern) => {
    const { search, path } = of(makeFiles({ a: '' }));
    const found = search.glob({ pattern, path, without: [] });
    await expect(found).rejects.toMatchObject({ code: 'bad_pattern' });
    await expect(found).rejects.toHaveProperty(
      'hint',
      'Give one such as **/*.ts, src/*.{js,css} or, for all files, **.',
    );
    expect((await search.glob({ pattern: '[a]', path, without: [] })).lines).toEqual(['a']);
  });

  test.each([
    ['one\ntwo', 'Say multiline: true, with which a match may go over several lines.'],
    ['one(?=two)', 'Look-ahead and look-behind are not to be had'],
    ['(one)\\1', 'Backreferences are not to be had'],
    ['one{', 'Escape what is meant as it is'],
  ])('says what mends the pattern %j, and no option of ripgrep', async (pattern, hint) => {
    const { search, path } = of(makeFiles({ a: 'one\ntwo\n' }));
    const refused = await search.grep(asked(path, 'content', { pattern })).catch((error: unknown) => error);
    expect(refused).toMatchObject({ code: 'bad_pattern' });
    if (!(refused instanceof FileError)) return;
    expect(refused.hint).toContain(hint);
    expect(refused.message).not.toMatch(/--\w/);
    const { lines } = await search.grep(asked(path, 'count', { pattern: 'one\ntwo', multiline: true }));
    expect(lines).toEqual(['a:1']);
  });

  test.each([
    ['too long', 'a'.repeat(200_000)],
    ['a zero byte', 'a\0b'],
  ])('says that it cannot look for what is not to be given to a program: %s', async (_, pattern) => {
    const { search, path } = of(makeFiles({ a: 'a\n' }));
    await expect(search.grep(asked(path, 'content', { pattern }))).rejects.toMatchObject({
      code: 'bad_pattern',
    });
  });

  test('looks in the file that a link leads to, and calls it as it was asked for', async () => {
    const folder = makeFiles({ 'a/b': 'word\n', c: 'word\n' });
    symlinkSync('a/b', join(folder, 'link'));
    const { search, path } = of(folder);
    expect((await search.grep(asked(`${path}/link`, 'content'))).lines).toEqual(['link:1:word']);
    expect((await search.grep(asked(path, 'files_with_matches'))).lines).toEqual(['a/b', 'c']);
  });
});

describe('a search', () => {
  const NAMES = Array.from({ length: 2_500 }, (_, index) => `${index % 7}/${index}.txt`);
  const MANY = Object.fromEntries(NAMES.map((name) => [name, `word ${name.length}\nword\n`]));

  test.each([
    ['few', { glob: '3*.txt' }, (name: string) => /\/3\d*\.txt$/.test(name)],
    ['many', {}, () => true],
  ])('gives all of what it finds, however it is parted, when that is %s files', async (_, more, isIn) => {
    const { search, path } = inSandbox(makeFiles(MANY));
    const names = NAMES.filter(isIn);
    for (const mode of ['files_with_matches', 'count', 'content'] as const) {
      const whole = (await search.grep(asked(path, mode, more))).lines;
      expect(whole.length).toBe(names.length * (mode === 'content' ? 2 : 1));
      if (mode === 'files_with_matches') expect(whole).toEqual(names);
      const parts: string[] = [];
      for (let isMore = true; isMore;) {
        const part = await search.grep(asked(path, mode, { ...more, offset: parts.length, limit: 1_100 }));
        parts.push(...part.lines);
        isMore = part.more;
      }
      expect(parts).toEqual(whole);
    }
  });

  test('finds the newest hundred of many files', async () => {
    const { search, path } = inSandbox(makeFiles(MANY));
    const found = await search.glob({ pattern: '**/*.txt', path, without: [] });
    expect(found).toEqual({ lines: NAMES.slice(0, 100), more: true });
  });

  test('says so when the folder goes away while it looks', async () => {
    const folder = makeFiles(MANY);
    const said = join(makeTree(), 'said');
    const leaving = programOf(`"${rgPath}" "$@" > "${said}"; rm -r "$PWD"; cat "${said}"`);
    const request = asked(folder, 'files_with_matches');
    await expect(new Search('/', leaving).grep(request)).rejects.toMatchObject({ code: 'not_found' });
  });

  test('ends ripgrep when nobody waits for it', async () => {
    const folder = makeFiles({ a: 'word\n' });
    const begun = join(makeTree(), 'begun');
    const endless = programOf(`touch "${begun}"; exec tail -f /dev/null`);
    const giving = new AbortController();
    const found = new Search('/', endless).grep(asked(folder, 'content'), giving.signal);
    await expect.poll(() => existsSync(begun), { timeout: 30_000 }).toBe(true);
    giving.abort();
    await expect(found).rejects.toMatchObject({ name: 'AbortError' });
  });

  test('says in a line of its own that it did not look through a file with zero bytes', async () => {
    const bytes = `word\n${'a line of text\n'.repeat(20_000)}\0\nword\n`;
    const { search, path } = inSandbox(makeFiles({ a: bytes, b: 'word\n', z: bytes }));
    const { lines } = await search.grep(asked(path, 'content'));
    const warning = String.raw`WARNING: stopped searching binary file after match (found "\0" byte around offset 300005)`;
    expect(lines).toEqual(['a:1:word', `a: ${warning}`, 'b:1:word', 'z:1:word', `z: ${warning}`]);
  });
});
