import {
  chmodSync,
  closeSync,
  linkSync,
  mkdirSync,
  openSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  statSync,
  symlinkSync,
  utimesSync,
  writeFileSync,
} from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { holdsStill, sha256Of } from '../../src/files/content.ts';
import { FileError } from '../../src/files/file-error.ts';
import { Files } from '../../src/files/files.ts';
import { HeldChange } from '../../src/files/held-change.ts';
import { makeTree } from '../lab/tree.ts';

const OLD = 'one\ntwo\n';
const NEW = 'one\nTWO\n';

function setUp() {
  const root = makeTree();
  const folder = join(root, 'folder');
  const path = join(folder, 'file');
  mkdirSync(folder);
  writeFileSync(path, OLD);
  const files = new Files(root);
  return {
    ...{ root, folder, path, files },
    begin: () => files.edit({ path, edits: [{ old_string: 'two', new_string: 'TWO' }] }),
    beginNew: () => files.write({ path: join(folder, 'new'), content: Buffer.from('mine') }),
    text: (name = 'file') => readFileSync(join(folder, name), 'utf8'),
    names: () => readdirSync(folder),
  };
}

type Lab = ReturnType<typeof setUp>;

const aged = ({ path }: Pick<Lab, 'path'>) => utimesSync(path, 1, 1);

const foreign: readonly (readonly [string, (lab: Lab) => void, string | null])[] = [
  ['written to', ({ path }) => writeFileSync(path, 'his\n'), 'his\n'],
  [
    'written to at the same length, and given its old times',
    (lab) => {
      writeFileSync(lab.path, OLD.toUpperCase());
      aged(lab);
    },
    OLD.toUpperCase(),
  ],
  [
    'replaced by another one',
    ({ path, folder }) => {
      writeFileSync(join(folder, 'his'), 'his\n');
      renameSync(join(folder, 'his'), path);
    },
    'his\n',
  ],
  ['removed', ({ path }) => rmSync(path), null],
  ['closed to others', ({ path }) => chmodSync(path, 0o600), OLD],
  [
    'replaced by a link',
    ({ path, root }) => {
      writeFileSync(join(root, 'other'), OLD);
      rmSync(path);
      symlinkSync(join(root, 'other'), path);
    },
    OLD,
  ],
];

const harmless: readonly (readonly [string, (lab: Lab) => void])[] = [
  ['nothing happens to', () => undefined],
  ['somebody touches', aged],
  ['somebody writes the same again to', ({ path }) => writeFileSync(path, OLD)],
  ['somebody links', ({ path, root }) => linkSync(path, join(root, 'link'))],
];

describe('a change that was begun', () => {
  test('is seen when it is finished, and not before', async () => {
    const { begin, text, names } = setUp();
    const begun = begin();
    expect(text()).toBe(OLD);
    expect(await begun.finish()).toMatchObject({ replaced: 1, now: { sha256: sha256Of(Buffer.from(NEW)) } });
    expect([text(), names()]).toEqual([NEW, ['file']]);
  });

  test('leaves nothing when it is discarded', () => {
    const { begin, beginNew, text, names } = setUp();
    begin().discard();
    beginNew().discard();
    expect([text(), names()]).toEqual([OLD, ['file']]);
  });

  test.each(foreign)('is not finished when the file is %s meanwhile', async (_, act, left) => {
    const lab = setUp();
    chmodSync(lab.path, 0o644);
    aged(lab);
    const begun = lab.begin();
    act(lab);
    await expect(begun.finish()).rejects.toThrow(expect.objectContaining({ code: 'changed_meanwhile' }));
    if (left !== null) expect(lab.text()).toBe(left);
    expect(lab.names()).toEqual(left === null ? [] : ['file']);
  });

  test.each(harmless)('is finished when %s the file meanwhile', async (_, act) => {
    const lab = setUp();
    const begun = lab.begin();
    act(lab);
    await begun.finish();
    expect(lab.text()).toBe(NEW);
  });

  test('replaces nothing that somebody else made meanwhile, nor takes what was put in its own place', async () => {
    const { beginNew, begin, folder, text, names, path } = setUp();
    const begun = beginNew();
    writeFileSync(join(folder, 'new'), 'his');
    await expect(begun.finish()).rejects.toThrow(/changed by somebody else/);
    expect(text('new')).toBe('his');

    const edit = begin();
    const [temporary = ''] = names().filter((name) => name.endsWith('.deskhand-new'));
    rmSync(join(folder, temporary));
    symlinkSync('/etc/passwd', join(folder, temporary));
    await expect(edit.finish()).rejects.toThrow(/changed by somebody else/);
    expect(statSync(path).isFile()).toBe(true);
    expect([text(), names()]).toEqual([OLD, ['file', 'new']]);
  });

  test('is finished only when what is kept of the file is what it was made of', async () => {
    const { begin, text } = setUp();
    await expect(begin().finish(sha256Of(Buffer.from('older')))).rejects.toThrow(/changed by somebody else/);
    expect(text()).toBe(OLD);
    await begin().finish(sha256Of(Buffer.from(OLD)));
    expect(text()).toBe(NEW);
  });

  test('goes where its folder went, and through nothing that took the place of that', async () => {
    const { begin, root, folder } = setUp();
    const elsewhere = makeTree();
    writeFileSync(join(elsewhere, 'file'), OLD);
    const begun = begin();
    renameSync(folder, join(root, 'moved'));
    symlinkSync(elsewhere, folder);
    await begun.finish();
    expect(readFileSync(join(root, 'moved/file'), 'utf8')).toBe(NEW);
    expect(readFileSync(join(elsewhere, 'file'), 'utf8')).toBe(OLD);
  });

  test('is not begun where the path leads to another place than was agreed to, folders to be made included', async () => {
    const { files, root, folder, text, names } = setUp();
    symlinkSync('folder', join(root, 'way'));
    const edits = [{ old_string: 'two', new_string: 'TWO' }];
    const content = Buffer.from('mine');
    const changes = (at: string, name: string) => [
      () => files.edit({ path: join(root, 'way/file'), at: join(at, 'file'), edits }),
      () => files.write({ path: join(root, 'way', name), at: join(at, name), content }),
    ];
    for (const name of ['new', 'deep/new'])
      for (const begin of changes(join(root, 'way'), name))
        expect(begin).toThrow(expect.objectContaining({ code: 'leads_elsewhere' }));
    expect([text(), names()]).toEqual([OLD, ['file']]);
    for (const name of ['new', 'deep/new'])
      for (const begin of changes(folder, name)) {
        writeFileSync(join(folder, 'file'), OLD);
        await begin().finish();
      }
    expect([text('new'), text('deep/new')]).toEqual(['mine', 'mine']);
  });

  test('makes the folders above a new file when it is finished', async () => {
    const { files, root } = setUp();
    const begun = files.write({ path: join(root, 'x/y'), content: Buffer.from('new') });
    expect(readdirSync(root)).toEqual(['folder']);
    expect(await begun.finish()).toMatchObject({ created: true, folders: [join(root, 'x')] });
  });
});

test('of changes that are held, one is finished, and only once', async () => {
  const { begin, beginNew, text, names, path } = setUp();
  const held = new HeldChange<unknown>();
  held.hold(beginNew());
  held.hold(begin());
  expect(names()).toHaveLength(2);
  await held.finish({ path });
  expect([text(), names()]).toEqual([NEW, ['file']]);
  await expect(held.finish({ path })).rejects.toThrow(/lost/);
});

test('nothing of a change comes after it was discarded', async () => {
  const { begin, beginNew, text, names, path, folder } = setUp();
  const held = new HeldChange<unknown>();
  held.hold(begin());
  const finishing = held.finish({ path });
  await held.discard();
  expect(text()).toBe(NEW);
  await finishing;

  held.hold(beginNew());
  await held.discard();
  await expect(held.finish({ path: join(folder, 'new') })).rejects.toThrow(/lost/);
  expect(names()).toEqual(['file']);
});

test('why it cannot be finished is said, and nothing is left', async () => {
  const { begin, folder, text, names } = setUp();
  const begun = begin();
  const [temporary = ''] = names().filter((name) => name.endsWith('.deskhand-new'));
  rmSync(join(folder, temporary));
  await expect(begun.finish()).rejects.toThrow(FileError);
  expect([text(), names()]).toEqual([OLD, ['file']]);
});

test('a file that has more in it than its size says is another one', () => {
  const parent = openSync('/proc/self', 'r');
  // it is made when it is read
  const place = { parent, name: 'status', path: '/proc/self/status', stat: null, isFixed: false };
  expect(holdsStill(place, Buffer.alloc(0))).toBe(false);
  closeSync(parent);
});

test.each([
  { what: 'in its last bytes', his: (text: string) => `${text.slice(0, -3)}HIS`, isRefused: true },
  { what: 'not at all', his: (text: string) => text, isRefused: false },
])(
  'a large file that was just written, and meanwhile again at the same length, $what',
  async ({ his, isRefused }) => {
    const { files, path, text } = setUp();
    const large = `${OLD}${'x'.repeat(700_000)}`;
    writeFileSync(path, large);
    const begun = files.edit({ path, edits: [{ old_string: 'two', new_string: 'TWO' }] });
    writeFileSync(path, his(large), { flag: 'r+' });
    const outcome = await begun.finish().then(
      () => null,
      (error: unknown) => (error instanceof FileError ? error.code : error),
    );
    expect(outcome).toBe(isRefused ? 'changed_meanwhile' : null);
    expect(text()).toBe(isRefused ? his(large) : large.replace('two', 'TWO'));
  },
);
