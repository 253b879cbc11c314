import { createHash } from 'node:crypto';
import {
  chmodSync,
  chownSync,
  linkSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { ConfigError, openTokenStore, type TokenStore } from '../../src/index.ts';
import { temporaryFolder } from '../fixtures/process.ts';

interface Opened {
  readonly tokens: TokenStore;
  readonly folder: string;
  readonly ownerFile: string;
  readonly listFile: string;
}

function opened(now?: () => number): Opened {
  const folder = temporaryFolder();
  return {
    tokens: openTokenStore({ folder, name: 'desk', ...(now && { now }) }),
    folder,
    ownerFile: join(folder, 'desk.token'),
    listFile: join(folder, 'desk.tokens.json'),
  };
}

test('the owner token is made once, in a file that only its user can read', async () => {
  const { tokens, folder, ownerFile } = opened();
  expect(tokens.verify('anything')).toBeUndefined();
  const [token, same] = await Promise.all([tokens.owner(), tokens.owner()]);
  expect(token).toMatch(/^deskhand_[\w-]{43}$/);
  expect(same).toBe(token);
  expect(readFileSync(ownerFile, 'utf8')).toBe(`${token}\n`);
  expect(statSync(ownerFile).mode & 0o777).toBe(0o600);
  expect(readdirSync(folder)).toEqual(['desk.token']);
  expect(await openTokenStore({ folder, name: 'desk' }).owner()).toBe(token);
  const sha256 = createHash('sha256').update(token).digest('hex');
  expect(tokens.verify(token)).toEqual({ label: 'owner', id: sha256.slice(0, 12) });
  expect(tokens.verify(`${token}x`)).toBeUndefined();
});

test('ten first starts at once agree on one owner token', async () => {
  const folder = temporaryFolder();
  const made = await Promise.all(
    Array.from({ length: 10 }, () => openTokenStore({ folder, name: 'desk' }).owner()),
  );
  expect(new Set(made).size).toBe(1);
});

test('a scoped token is stored as a digest, and its text is nowhere', async () => {
  const { tokens, folder, listFile } = opened(() => Date.parse('2026-01-01T00:00:00.000Z'));
  const made = await tokens.create({ label: 'ci', tools: ['zoom'], expiresInMs: 86_400_000 });
  const about = {
    label: 'ci',
    tools: ['zoom'],
    createdAt: '2026-01-01T00:00:00.000Z',
    expiresAt: '2026-01-02T00:00:00.000Z',
  };
  expect(made).toEqual({ ...about, token: made.token });
  expect(made.token).toMatch(/^deskhand_[\w-]{43}$/);
  expect(tokens.list()).toEqual([about]);
  expect(tokens.verify(made.token)).toMatchObject({ label: 'ci', scope: ['zoom'] });
  expect(readFileSync(listFile, 'utf8')).not.toContain(made.token.slice(9));
  expect(statSync(listFile).mode & 0o777).toBe(0o600);
  expect(readdirSync(folder)).toEqual(['desk.tokens.json']);
});

test('revocation and expiry hold at once, in every store on the folder', async () => {
  let now = Date.now();
  const { tokens, folder } = opened(() => now);
  const elsewhere = openTokenStore({ folder, name: 'desk' });
  const brief = await elsewhere.create({ label: 'brief', expiresInMs: 1_000 });
  const lasting = await elsewhere.create({ label: 'lasting' });
  const caller = tokens.verify(lasting.token);
  expect([tokens.verify(brief.token)?.label, caller?.label]).toEqual(['brief', 'lasting']);
  now = Date.parse(brief.expiresAt ?? '');
  expect(tokens.verify(brief.token)).toBeUndefined();
  expect(await elsewhere.revoke('lasting')).toBe(true);
  expect(tokens.verify(lasting.token)).toBeUndefined();
  expect(caller && tokens.holds(caller)).toBe(false);
  expect(await elsewhere.revoke('lasting')).toBe(false);
});

test('a label is taken until its token is revoked or has expired', async () => {
  let now = Date.now();
  const { tokens } = opened(() => now);
  const first = await tokens.create({ label: 'ci', expiresInMs: 1_000 });
  await expect(tokens.create({ label: 'ci' })).rejects.toThrow('label ci: there is such a token');
  now += 1_000;
  const second = await tokens.create({ label: 'ci' });
  expect([tokens.verify(first.token), tokens.verify(second.token)?.label]).toEqual([undefined, 'ci']);
  expect(tokens.list().length).toBe(1);
});

test.each(['owner', 'stdio', 'attach', 'call', '', 'Ci', 'a.b', '../a', 'a b', 'x'.repeat(41)])(
  'the label %j is refused',
  async (label) => {
    const { tokens } = opened();
    await expect(tokens.create({ label })).rejects.toThrow(ConfigError);
    expect(tokens.list()).toEqual([]);
  },
);

test('a token that could do nothing is refused', async () => {
  const { tokens } = opened();
  await expect(tokens.create({ label: 'ci', tools: [] })).rejects.toThrow(ConfigError);
  for (const expiresInMs of [0, -1, NaN, Infinity]) {
    await expect(tokens.create({ label: 'ci', expiresInMs })).rejects.toThrow(ConfigError);
  }
});

test('twenty changes at once lose none', async () => {
  const { tokens, folder } = opened();
  const labels = Array.from({ length: 20 }, (_, n) => `ci-${n}`);
  await Promise.all(labels.map((label) => openTokenStore({ folder, name: 'desk' }).create({ label })));
  expect(
    tokens
      .list()
      .map(({ label }) => label)
      .sort(),
  ).toEqual(labels.sort());
});

test('files that others could have read or made are refused, and good again when put right', async () => {
  const { tokens, ownerFile, folder } = opened();
  const token = await tokens.owner();
  const isKnown = (): boolean => tokens.verify(token) !== undefined;
  const spoil: (readonly [() => void, () => void, RegExp])[] = [
    [() => chmodSync(ownerFile, 0o640), () => chmodSync(ownerFile, 0o600), /open to other users.*chmod 600/],
    [() => chmodSync(ownerFile, 0o602), () => chmodSync(ownerFile, 0o600), /open to other users/],
    [
      () => linkSync(ownerFile, join(folder, 'second')),
      () => rmSync(join(folder, 'second')),
      /has a second name/,
    ],
    [
      () => {
        renameSync(ownerFile, join(folder, 'real'));
        symlinkSync(join(folder, 'real'), ownerFile);
      },
      () => renameSync(join(folder, 'real'), ownerFile),
      /is a link/,
    ],
    [
      () => writeFileSync(ownerFile, 'short\n'),
      () => writeFileSync(ownerFile, `${token}\n`),
      /cannot be understood/,
    ],
  ];
  for (const [breakIt, mendIt, why] of spoil) {
    breakIt();
    expect(isKnown).toThrow(why);
    await expect(tokens.owner()).rejects.toThrow(why);
    mendIt();
    expect(isKnown()).toBe(true);
  }
});

test.skipIf(process.geteuid?.() !== 0)('a file of another user is refused', async () => {
  const { tokens, ownerFile } = opened();
  const token = await tokens.owner();
  chownSync(ownerFile, 65_534, 65_534);
  expect(() => tokens.verify(token)).toThrow(/belongs to uid 65534/);
  chownSync(ownerFile, 0, 0);
  expect(tokens.verify(token)?.label).toBe('owner');
});

test('a list that is damaged lets nobody in, and says which file it is', async () => {
  const { tokens, listFile } = opened();
  const owner = await tokens.owner();
  const { token } = await tokens.create({ label: 'ci' });
  const good = readFileSync(listFile, 'utf8');
  for (const damaged of [
    '',
    '{',
    good.slice(0, -4),
    good.replace('"ci"', '"owner.x"'),
    '{"version":2,"tokens":[]}',
  ]) {
    writeFileSync(listFile, damaged);
    expect(() => tokens.verify(token)).toThrow(listFile);
    expect(() => tokens.verify(owner)).toThrow(listFile);
    await expect(tokens.create({ label: 'more' })).rejects.toThrow(listFile);
  }
  writeFileSync(listFile, good);
  expect(tokens.verify(token)?.label).toBe('ci');
});

test('the owner token that its person removed does not count, and another one is made', async () => {
  const { tokens, ownerFile } = opened();
  const first = await tokens.owner();
  rmSync(ownerFile);
  expect(tokens.verify(first)).toBeUndefined();
  const second = await tokens.owner();
  expect(second).not.toBe(first);
  expect(tokens.verify(second)?.label).toBe('owner');
});

test('a token whose tools were changed in the file is another caller, and one that was not stays the same', async () => {
  const folder = temporaryFolder();
  const tokens = openTokenStore({ folder, name: 'desk' });
  const wide = await tokens.create({ label: 'wide', tools: ['look', 'act'] });
  const other = await tokens.create({ label: 'other', tools: ['look', 'act'] });
  const before = [wide, other].map(({ token }) => tokens.verify(token));
  const file = join(folder, 'desk.tokens.json');
  writeFileSync(file, readFileSync(file, 'utf8').replace('"act"', '"look"'));
  const after = [wide, other].map(({ token }) => tokens.verify(token));
  expect(after[0]).toMatchObject({ label: 'wide', scope: ['look', 'look'] });
  expect(after[0]?.id).not.toBe(before[0]?.id);
  expect(before.map((caller) => caller !== undefined && tokens.holds(caller))).toEqual([false, true]);
  expect(after[1]).toEqual(before[1]);
});
