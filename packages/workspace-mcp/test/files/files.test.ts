import { execFileSync } from 'node:child_process';
import {
  chmodSync,
  linkSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  statSync,
  symlinkSync,
  truncateSync,
  utimesSync,
  writeFileSync,
} from 'node:fs';
import iconv from 'iconv-lite';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { sha256Of } from '../../src/files/content.ts';
import { Files } from '../../src/files/files.ts';
import { makeTree } from '../lab/tree.ts';

function setUp() {
  const root = makeTree();
  const files = new Files(root);
  const at = (name: string) => join(root, name);
  return {
    ...{ root, files, at },
    put: (name: string, content: string | Buffer) => writeFileSync(at(name), content),
    bytes: (name: string) => readFileSync(at(name)),
    write: async (name: string, content: string) =>
      files.write({ path: at(name), content: Buffer.from(content) }).finish(),
    edit: async (name: string, old_string: string, new_string: string) =>
      files.edit({ path: at(name), edits: [{ old_string, new_string }] }).finish(),
    tryEdit: (name: string, old_string: string, new_string: string) =>
      files.tryEdit({ path: at(name), edits: [{ old_string, new_string }] }),
  };
}

const refusal = (code: string): unknown => expect.objectContaining({ code });

describe('reading', () => {
  test('gives lines by number, and how many there are', () => {
    const { files, put, at } = setUp();
    put('a', '1\n2\n3\n4\n');
    expect(files.read({ path: at('a'), offset: 2, limit: 2 })).toEqual({
      ...{
        kind: 'text',
        path: at('a'),
        lines: ['2', '3'],
        from: 2,
        total: 4,
        encoding: 'utf8',
        lineEnds: 'LF',
        isEnded: true,
      },
    });
  });

  test('follows links below the root, and no others', () => {
    const { files, put, at, root } = setUp();
    const elsewhere = makeTree();
    writeFileSync(join(elsewhere, 'secret'), 'secret');
    mkdirSync(at('in'));
    put('in/a', 'inner');
    symlinkSync('in/../in/a', at('relative'));
    symlinkSync(at('in'), at('absolute'));
    symlinkSync(join(elsewhere, 'secret'), at('out'));
    symlinkSync('..', at('up'));
    symlinkSync('loop', at('loop'));
    for (const name of ['relative', 'absolute/a', './in/a', 'in/../in/a']) {
      expect(files.read({ path: `${root}/${name}` })).toMatchObject({ lines: ['inner'], path: at('in/a') });
    }
    for (const path of [
      at('out'),
      at(`up/${elsewhere.split('/').at(-1) ?? ''}/secret`),
      `${root}/../x`,
      '/etc/passwd',
      'a',
    ]) {
      expect(() => files.read({ path })).toThrow(refusal('outside'));
    }
    expect(() => files.read({ path: at('loop') })).toThrow(refusal('too_many_links'));
  });

  test('refuses at once what is no file, or too much', () => {
    const { files, at, put } = setUp();
    execFileSync('mkfifo', [at('pipe')]);
    put('sparse', '');
    truncateSync(at('sparse'), 10 * 1024 ** 3);
    put('binary', Buffer.from([1, 2, 0, 3]));
    mkdirSync(at('folder'));
    const codes = ['pipe', 'folder', 'sparse', 'binary', 'missing', 'missing/a', 'binary/a', 'a\0b'].map(
      (name) => {
        try {
          return files.read({ path: at(name) }).kind;
        } catch (error) {
          return error instanceof Error && 'code' in error ? error.code : error;
        }
      },
    );
    expect(codes).toEqual([
      ...[
        'not_a_file',
        'not_a_file',
        'too_large',
        'binary',
        'not_found',
        'not_found',
        'not_a_folder',
        'not_found',
      ],
    ]);
  });
});

describe('editing keeps every other byte', () => {
  const japanese = '日本語のテキスト。これは設定ファイルです。\n名前=値段\n終わり\n';
  const russian = 'Это обычный текст на русском языке, достаточно длинный.\nимя=цена\nконец\n';
  test.each<[string, Buffer, readonly [string, string], Buffer]>([
    ['CRLF', Buffer.from('a\r\nname\r\nb\r\n'), ['name', 'x\ny'], Buffer.from('a\r\nx\r\ny\r\nb\r\n')],
    ['mixed ends', Buffer.from('a\nname\r\nb\rc'), ['name', 'x'], Buffer.from('a\nx\r\nb\rc')],
    ['nothing but ASCII', Buffer.from('a name\n'), ['name', 'b'], Buffer.from('a b\n')],
    ['ASCII, to which more comes', Buffer.from('a name\n'), ['name', '値 ñ'], Buffer.from('a 値 ñ\n')],
    ['a mark', Buffer.from('\ufeffname\n'), ['name', 'ñ'], Buffer.from('\ufeffñ\n')],
    [
      'UTF-16',
      iconv.encode('a name\r\n', 'utf16le', { addBOM: true }),
      ['name', 'ñ'],
      iconv.encode('a ñ\r\n', 'utf16le', { addBOM: true }),
    ],
    [
      'Latin-1',
      iconv.encode('déjà vu, name, à côté\n', 'latin1'),
      ['name', 'été'],
      iconv.encode('déjà vu, été, à côté\n', 'latin1'),
    ],
    [
      'Shift-JIS',
      iconv.encode(japanese, 'shift_jis'),
      ['値段', '価格'],
      iconv.encode(japanese.replace('値段', '価格'), 'shift_jis'),
    ],
    [
      'an older Cyrillic',
      iconv.encode(russian, 'windows-1251'),
      ['цена', 'мера'],
      iconv.encode(russian.replace('цена', 'мера'), 'windows-1251'),
    ],
    [
      'broken UTF-8',
      Buffer.from([0x61, 0xff, 0xc3, 0x20, 0x6e, 0x0a]),
      ['n', 'm'],
      Buffer.from([0x61, 0xff, 0xc3, 0x20, 0x6d, 0x0a]),
    ],
    ['no last line end', Buffer.from('a\nname'), ['name', 'b'], Buffer.from('a\nb')],
  ])('%s', async (_, before, [words, by], after) => {
    const { put, edit, bytes } = setUp();
    put('a', before);
    expect(await edit('a', words, by)).toMatchObject({ replaced: 1, now: { size: bytes('a').length } });
    expect(bytes('a').toString('hex')).toBe(after.toString('hex'));
  });

  test('and refuses characters that the encoding of the file lacks', async () => {
    const { put, edit, bytes } = setUp();
    const before = iconv.encode('déjà vu, name, à côté\n', 'latin1');
    put('a', before);
    await expect(edit('a', 'name', '日本')).rejects.toThrow(refusal('not_encodable'));
    expect(bytes('a').equals(before)).toBe(true);
    expect(await edit('a', 'name', 'nom')).toMatchObject({ replaced: 1 });
  });

  test('and the mode, and the other name of a file keeps its content', async () => {
    const { put, edit, bytes, at } = setUp();
    put('a', 'name\n');
    chmodSync(at('a'), 0o640);
    linkSync(at('a'), at('b'));
    await edit('a', 'name', 'x');
    expect(statSync(at('a')).mode & 0o7777).toBe(0o640);
    expect([bytes('a'), bytes('b')].map(String)).toEqual(['x\n', 'name\n']);
  });

  test('writes nothing when it is only tried, and shows what it would', () => {
    const { put, tryEdit, bytes } = setUp();
    put('a', '1\n2\n3\n4\n5\n6\n');
    expect(tryEdit('a', '4', 'four\n4b')).toMatchObject({
      now: null,
      parts: [{ from: 2, lines: ['2', '3', 'four', '4b', '5', '6'] }],
    });
    expect(String(bytes('a'))).toBe('1\n2\n3\n4\n5\n6\n');
  });
});

describe('writing', () => {
  test('makes a file, and the folders above it', async () => {
    const { write, at, bytes } = setUp();
    expect(await write('x/y/a', 'ü\n')).toEqual({
      ...{ path: at('x/y/a'), bytes: 3, created: true, folders: [at('x'), at('x/y')] },
      now: { sha256: sha256Of(bytes('x/y/a')), mode: statSync(at('x/y/a')).mode & 0o777, size: 3 },
    });
    expect(String(bytes('x/y/a'))).toBe('ü\n');
    expect(readdirSync(at('x/y'))).toEqual(['a']);
  });

  test('overwrites only what was read, as it was read', async () => {
    const { write, files, at, put, bytes } = setUp();
    put('a', 'one\ntwo\n');
    await expect(write('a', 'mine\n')).rejects.toThrow(refusal('not_read'));
    files.read({ path: at('a') });
    put('a', 'one\nTWO\n');
    await expect(write('a', 'mine\n')).rejects.toThrow(/-two\n\+TWO/);
    expect(String(bytes('a'))).toBe('one\nTWO\n');
    files.read({ path: at('a') });
    expect(await write('a', 'mine\n')).toMatchObject({ created: false });
    expect(await write('a', 'mine\n')).toMatchObject({ created: false });
  });

  test('goes over what was edited, and over nothing else that was not seen', async () => {
    const { write, edit, files, at, put, bytes } = setUp();
    put('a', 'one\ntwo\nthree\n');
    files.read({ path: at('a') });
    expect(await edit('a', 'one', 'ONE')).toMatchObject({ changedMeanwhile: false });
    expect(await write('a', 'one\ntwo\nthree\n')).toMatchObject({ created: false });

    put('a', 'one\ntwo\ntheirs\n');
    expect(await edit('a', 'one', '1')).toMatchObject({ changedMeanwhile: true });
    await expect(write('a', 'mine\n')).rejects.toThrow(/-three\n\+theirs/);
    expect(await edit('a', 'two', '2')).toMatchObject({ changedMeanwhile: true });
    await expect(write('a', 'mine\n')).rejects.toThrow(refusal('stale'));
    expect(String(bytes('a'))).toBe('1\n2\ntheirs\n');
    files.read({ path: at('a') });
    expect(await write('a', 'mine\n')).toMatchObject({ created: false });

    put('b', 'one\ntwo\n');
    await edit('b', 'one', '1');
    await expect(write('b', 'mine\n')).rejects.toThrow(refusal('not_read'));
    files.read({ path: at('b') });
    expect(await write('b', 'mine\n')).toMatchObject({ created: false });
  });

  test('is not kept off by a touch that changes nothing', async () => {
    const { write, files, at, put } = setUp();
    put('a', 'one\n');
    files.read({ path: at('a') });
    utimesSync(at('a'), 1, 1);
    put('a', 'one\n');
    expect(await write('a', 'mine\n')).toMatchObject({
      created: false,
    });
  });

  test('keeps the encoding of what it replaces', async () => {
    const { write, files, at, put, bytes } = setUp();
    put('a', iconv.encode('déjà vu, à côté de la forêt\n', 'latin1'));
    files.read({ path: at('a') });
    await write('a', 'été à la forêt\n');
    expect(bytes('a').toString('latin1')).toBe('été à la forêt\n');
  });

  test('goes through no link that leads out, and replaces no folder', async () => {
    const { write, at } = setUp();
    const elsewhere = makeTree();
    symlinkSync(join(elsewhere, 'new'), at('out'));
    symlinkSync(elsewhere, at('folder'));
    mkdirSync(at('mine'));
    for (const name of ['out', 'folder/new', 'folder/x/new']) {
      await expect(write(name, 'x')).rejects.toThrow(refusal('outside'));
    }
    await expect(write('mine', 'x')).rejects.toThrow(refusal('not_a_file'));
    expect(readdirSync(elsewhere)).toEqual([]);
    expect(await write('mine/new', 'x')).toMatchObject({
      created: true,
    });
  });
});
