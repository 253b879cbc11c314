import { spawnSync } from 'node:child_process';
import {
  chmodSync,
  chownSync,
  linkSync,
  readFileSync,
  renameSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { dirname } from 'node:path';
import { describe, expect, onTestFinished, test } from 'vitest';
import { GrantsError, openGrantStore, type GrantStore } from '../src/index.ts';
import { draft, isRoot, temporaryFolder } from './fixture.ts';

async function storeWithOneGrant(): Promise<GrantStore> {
  const store = await openGrantStore({ home: temporaryFolder() });
  onTestFinished(() => store.close());
  await store.add(draft());
  return store;
}

function errorOf(action: () => unknown): GrantsError {
  try {
    action();
  } catch (error) {
    if (error instanceof GrantsError) return error;
    throw error;
  }
  throw new Error('nothing was thrown');
}

describe('a grants file that someone else could have written', () => {
  test.each([0o620, 0o602])('is refused with mode %o, and taken once that is mended', async (mode) => {
    const store = await storeWithOneGrant();
    chmodSync(store.file, mode);
    const error = errorOf(() => store.list());
    expect(error.code).toBe('grants_file_unsafe');
    expect(error.hint).toContain(`chmod go-w '${store.file}'`);
    await expect(store.add(draft())).rejects.toThrow('can be written by other users');
    await expect(openGrantStore({ home: dirname(store.file) })).rejects.toThrow(
      'can be written by other users',
    );
    chmodSync(store.file, 0o644);
    expect(store.list()).toHaveLength(1);
  });

  test.runIf(isRoot)('is refused when it belongs to another user', async () => {
    const store = await storeWithOneGrant();
    chownSync(store.file, 65534, 65534);
    expect(errorOf(() => store.list()).message).toContain('belongs to uid 65534');
    chownSync(store.file, 0, 0);
    expect(store.list()).toHaveLength(1);
  });

  test('is refused when it is a link, even to a good file', async () => {
    const store = await storeWithOneGrant();
    const elsewhere = `${temporaryFolder()}/grants.json`;
    renameSync(store.file, elsewhere);
    symlinkSync(elsewhere, store.file);
    expect(errorOf(() => store.list()).message).toContain('is a link');
    await expect(store.add(draft())).rejects.toThrow('is a link');
    renameSync(elsewhere, store.file);
    expect(store.list()).toHaveLength(1);
  });
});

describe('a grants file that is more or less than a plain file', () => {
  test('is refused when it has another name, under which others may hold it open', async () => {
    const store = await storeWithOneGrant();
    const other = `${store.file}.other`;
    linkSync(store.file, other);
    expect(errorOf(() => store.list()).message).toContain('has another name as well (a hard link)');
    await expect(store.add(draft())).rejects.toThrow('hard link');
    rmSync(other);
    expect(store.list()).toHaveLength(1);
  });

  test('is refused when it is a pipe, without waiting for a writer', async () => {
    const store = await storeWithOneGrant();
    const aside = `${store.file}.aside`;
    renameSync(store.file, aside);
    spawnSync('mkfifo', ['-m', '600', store.file]);
    expect(errorOf(() => store.list()).message).toContain('is not a plain file');
    rmSync(store.file);
    renameSync(aside, store.file);
    expect(store.list()).toHaveLength(1);
  });

  test('is refused when its folder became a link or open to others after the start', async () => {
    const store = await storeWithOneGrant();
    const home = dirname(store.file);
    const moved = `${home}.moved`;
    const touch = (): void => writeFileSync(store.file, readFileSync(store.file, 'utf8'));
    renameSync(home, moved);
    symlinkSync(moved, home);
    onTestFinished(() => rmSync(moved, { recursive: true, force: true }));
    touch();
    expect(errorOf(() => store.list())).toMatchObject({ code: 'state_home_unsafe' });
    rmSync(home);
    renameSync(moved, home);
    chmodSync(home, 0o770);
    touch();
    expect(errorOf(() => store.list()).message).toContain('can be written by other users');
    chmodSync(home, 0o700);
    expect(store.list()).toHaveLength(1);
  });
});

describe('a grants file torn by a crash of the machine', () => {
  test('denies all wherever it is cut off, and holds again when the rest is back', async () => {
    const store = await storeWithOneGrant();
    const good = readFileSync(store.file, 'utf8');
    const whole = store.list();
    for (let length = 0; length < good.trimEnd().length; length++) {
      writeFileSync(store.file, good.slice(0, length));
      expect(errorOf(() => store.list()).code).toBe('grants_file_broken');
    }
    for (const garbage of ['\0'.repeat(good.length), `${good}${good}`, '\ud800', 'null', '[]', '"x"']) {
      writeFileSync(store.file, garbage);
      expect(errorOf(() => store.list()).code).toBe('grants_file_broken');
    }
    writeFileSync(store.file, good);
    expect(store.list()).toEqual(whole);
  });
});

describe('a broken grants file', () => {
  const faults: readonly [string, (text: string) => string, RegExp][] = [
    ['cut off', (text) => text.slice(0, -20), / line 1\d: the JSON ends or breaks off here/],
    ['empty', () => '', / line 1: the JSON/],
    ['misspelt', (text) => text.replace('"allow"', '"alow"'), / line 11: grants\.0\.decision: /],
    [
      'with a member that this version does not know',
      (text) => text.replace('"scope"', '"until": 1, "scope"'),
      / line 4: grants\.0: .*until/,
    ],
    ['without a kind', (text) => text.replace('"kind"', '"king"'), / line 7: grants\.0\.resource\.kind: /],
    ['of a later version', (text) => text.replace('"version": 1', '"version": 2'), / line 2: version: /],
  ];
  test.each(faults)(
    '(%s) denies all, names the line, and is neither overwritten nor lost',
    async (_fault, breakIt, message) => {
      const store = await storeWithOneGrant();
      const good = readFileSync(store.file, 'utf8');
      writeFileSync(store.file, breakIt(good));
      const error = errorOf(() => store.list());
      expect(error.code).toBe('grants_file_broken');
      expect(error.message).toMatch(message);
      expect(error.message.startsWith(store.file)).toBe(true);
      expect(error.hint).toContain('Everything is denied until a person mends line');
      await expect(store.add(draft())).rejects.toThrow(error.message);
      await expect(store.revoke('any')).rejects.toThrow(error.message);
      expect(readFileSync(store.file, 'utf8')).toBe(breakIt(good));

      const reopened = await openGrantStore({ home: dirname(store.file) });
      expect(errorOf(() => reopened.list()).message).toBe(error.message);
      writeFileSync(store.file, good);
      expect(reopened.list()).toEqual(store.list());
      expect(store.list()).toHaveLength(1);
      reopened.close();
    },
  );
});
