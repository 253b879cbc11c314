import { spawnSync } from 'node:child_process';
import { existsSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, onTestFinished, test } from 'vitest';
import {
  RESOURCE_KINDS,
  openGrantStore,
  type Grant,
  type GrantStore,
  type GrantStoreOptions,
} from '../src/index.ts';
import { draft, mousepad, nodeArguments, temporaryFolder } from './fixture.ts';

async function storeIn(home: string, options: Partial<GrantStoreOptions> = {}): Promise<GrantStore> {
  const store = await openGrantStore({ home, ...options });
  onTestFinished(() => store.close());
  return store;
}

/** Runs code in another process, which has `home` and the open `store`, and waits for its end. */
function elsewhere(home: string, code: string): void {
  const opened = 'const [home] = args; const store = await grants.openGrantStore({ home });';
  const { status, stderr } = spawnSync(process.execPath, [...nodeArguments(opened + code), home], {
    encoding: 'utf8',
  });
  expect(stderr).toBe('');
  expect(status).toBe(0);
}

const ids = (grants: readonly Grant[]): readonly string[] => grants.map(({ id }) => id);

describe('a grant', () => {
  test('is kept in a private file that a person can read, and found again', async () => {
    const home = join(temporaryFolder(), 'home');
    const grant = await (await storeIn(home)).add(draft({ tier: 'click', flags: { clipboardRead: true } }));
    expect(grant).toEqual({
      ...draft({ tier: 'click', flags: { clipboardRead: true } }),
      id: grant.id,
      createdAt: new Date(grant.createdAt).toISOString(),
    });
    const reopened = await storeIn(home);
    expect(reopened.list()).toEqual([grant]);
    expect(reopened.file).toBe(join(home, 'grants.json'));
    expect(readFileSync(reopened.file, 'utf8')).toBe(
      `${JSON.stringify({ version: 1, grants: [grant] }, null, 2)}\n`,
    );
    expect(statSync(reopened.file).mode & 0o777).toBe(0o600);
    expect(readdirSync(home)).toEqual(['grants.json']);
  });

  test.each(['once', 'session'] as const)(
    'of scope %s holds in this store only and is never written',
    async (scope) => {
      const home = temporaryFolder();
      const [store, other] = [await storeIn(home), await storeIn(home)];
      const grant = await store.add(draft({ scope, subject: 's1' }));
      expect(store.list()).toEqual([grant]);
      expect(other.list()).toEqual([]);
      expect(readFileSync(store.file, 'utf8')).not.toContain('mousepad');
      expect(ids(await store.revoke(grant.id))).toEqual([grant.id]);
      expect(store.list()).toEqual([]);
    },
  );

  test.each(['once', 'session'] as const)(
    'of scope %s is written for a session that has a name, until the day is over or the session ends',
    async (scope) => {
      const home = temporaryFolder();
      const [store, other] = [await storeIn(home, { session: 's1' }), await storeIn(home)];
      const kept = await store.add(draft({ scope, subject: 's1' }));
      await store.add(draft({ scope, subject: 's2' }));
      expect(other.list()).toEqual([kept]);
      const hours = (Date.parse(kept.expires ?? '') - Date.parse(kept.createdAt)) / 3_600_000;
      expect(hours).toBeCloseTo(24, 2);
      const always = await store.add(draft({ subject: 's1' }));
      expect(ids(await other.endSession('s1'))).toEqual([kept.id]);
      expect(ids(store.list({ subject: 's1' }))).toEqual([always.id]);
    },
  );

  test('is for its subject and no other, or for everyone', async () => {
    const store = await storeIn(temporaryFolder());
    const mine = await store.add(draft({ scope: 'session', subject: 's1' }));
    const all = await store.add(draft());
    expect(ids(store.list({ subject: 's1' }))).toEqual([all.id, mine.id]);
    expect(ids(store.list({ subject: 's2' }))).toEqual([all.id]);
  });

  test('holds until it expires', async () => {
    const store = await storeIn(temporaryFolder());
    await store.add(draft({ expires: '2001-01-01T00:00:00Z' }));
    expect(store.list()).toEqual([]);
    await store.add(draft({ expires: '2999-01-01T00:00:00Z' }));
    expect(store.list()).toHaveLength(1);
  });

  test('takes the place of the one before for the same right, so that the last word counts', async () => {
    const store = await storeIn(temporaryFolder());
    await store.add(draft({ decision: 'deny' }));
    const policy = await store.add(draft({ origin: 'policy', decision: 'deny' }));
    const allowed = await store.add(draft());
    expect(store.list()).toEqual([policy, allowed]);
    await store.add(draft({ scope: 'session', subject: 's1', decision: 'deny' }));
    const session = await store.add(draft({ scope: 'session', subject: 's1' }));
    expect(store.list()).toEqual([policy, allowed, session]);
  });

  test('of scope session that is shared is written, for the process that serves the session', async () => {
    const home = temporaryFolder();
    const [store, other] = [await storeIn(home), await storeIn(home)];
    const grant = await store.add(draft({ scope: 'session', subject: 's1' }), { shared: true });
    expect(other.list({ subject: 's1' })).toEqual([grant]);
    expect(other.list({ subject: 's2' })).toEqual([]);
    expect(ids(await other.revoke(grant.id))).toEqual([grant.id]);
    expect(store.list()).toEqual([]);
  });

  test('is listed by its kind, and as an application unless told', async () => {
    const store = await storeIn(temporaryFolder());
    const app = await store.add(draft());
    const folder = await store.add(draft({ resource: { kind: 'folder', path: '/srv', access: 'ro' } }));
    const command = await store.add(draft({ resource: { kind: 'command', rule: 'git *' } }));
    expect(store.list()).toEqual([app]);
    expect(store.list({ kinds: ['folder', 'command'] })).toEqual([folder, command]);
    expect(store.list({ kinds: RESOURCE_KINDS })).toEqual([app, folder, command]);
  });

  test('about a folder takes the place of the one before, whatever access it gave', async () => {
    const store = await storeIn(temporaryFolder());
    await store.add(draft({ resource: { kind: 'folder', path: '/srv/', access: 'rw' } }));
    const last = await store.add(draft({ resource: { kind: 'folder', path: '/srv', access: 'ro' } }));
    expect(store.list({ kinds: ['folder'] })).toEqual([last]);
    expect(ids(await store.revoke({ kind: 'folder', path: '/srv', access: 'rw' }))).toEqual([last.id]);
  });

  test('is refused when it is malformed', async () => {
    const store = await storeIn(temporaryFolder());
    await expect(store.add(draft({ subject: '' }))).rejects.toThrow('subject');
    expect(store.list()).toEqual([]);
  });
});

describe('revoking', () => {
  test('by id ends one grant and keeps a trace of it', async () => {
    const store = await storeIn(temporaryFolder());
    const [first, second] = [await store.add(draft()), await store.add(draft({ subject: 's1' }))];
    const [revoked] = await store.revoke(first.id);
    expect(revoked).toEqual({ ...first, revokedAt: new Date(revoked?.revokedAt ?? '').toISOString() });
    expect(store.list()).toEqual([second]);
    expect(readFileSync(store.file, 'utf8')).toContain(first.id);
  });

  test('by resource ends all of its grants, and only those', async () => {
    const store = await storeIn(temporaryFolder());
    const other = await store.add(draft({ resource: { kind: 'app', app: 'linux:/usr/bin/galculator' } }));
    const meant = [await store.add(draft({ scope: 'session', subject: 's1' })), await store.add(draft())];
    expect(ids(await store.revoke(mousepad))).toEqual(ids(meant));
    expect(store.list()).toEqual([other]);
  });

  test('what is not there changes nothing', async () => {
    const store = await storeIn(temporaryFolder());
    const grant = await store.add(draft());
    const before = readFileSync(store.file, 'utf8');
    expect(await store.revoke('nobody')).toEqual([]);
    expect(readFileSync(store.file, 'utf8')).toBe(before);
    await store.revoke(grant.id);
    expect(await store.revoke(grant.id)).toEqual([]);
  });
});

describe('another process', () => {
  test('is heeded by the very next call, without a turn of the event loop', async () => {
    const home = temporaryFolder();
    const store = await storeIn(home);
    const grant = await store.add(draft());
    expect(store.list()).toHaveLength(1);
    elsewhere(home, `await store.revoke('${grant.id}'); store.close();`);
    expect(store.list()).toEqual([]);
    elsewhere(home, `await store.add(${JSON.stringify(draft())}); store.close();`);
    expect(store.list()).toHaveLength(1);
  });

  test('is heeded even when files change faster than their times', async () => {
    const home = temporaryFolder();
    const [reader, writer] = [await storeIn(home), await storeIn(home)];
    for (let round = 0; round < 50; round++) {
      const { id } = await writer.add(draft());
      expect(ids(reader.list())).toEqual([id]);
      await writer.revoke(id);
      expect(reader.list()).toEqual([]);
    }
  });

  test('is announced', async () => {
    const home = temporaryFolder();
    const changed = new Promise<void>((resolve, reject) => {
      storeIn(home, { onChange: resolve }).then(
        () => elsewhere(home, `await store.add(${JSON.stringify(draft())}); store.close();`),
        reject,
      );
    });
    await expect(changed).resolves.toBeUndefined();
  });
});

describe('a store', () => {
  test('without its file has no grants, and makes the file anew', async () => {
    const store = await storeIn(temporaryFolder());
    await store.add(draft());
    rmSync(store.file);
    expect(store.list()).toEqual([]);
    await store.add(draft());
    expect(existsSync(store.file)).toBe(true);
  });

  test('keeps rows about resources that it does not know, and does not list them', async () => {
    const store = await storeIn(temporaryFolder());
    const later = { id: 'x', resource: { kind: 'calendar', name: 'work' }, decision: 'allow', depth: 3 };
    writeFileSync(store.file, JSON.stringify({ version: 1, grants: [later] }));
    const grant = await store.add(draft());
    expect(store.list()).toEqual([grant]);
    expect(JSON.parse(readFileSync(store.file, 'utf8'))).toEqual({ version: 1, grants: [later, grant] });
  });

  test('answers nothing once closed, by call or by signal', async () => {
    const controller = new AbortController();
    const store = await storeIn(temporaryFolder(), { signal: controller.signal });
    expect(store.list()).toEqual([]);
    controller.abort();
    expect(() => store.list()).toThrow('closed');
    await expect(store.add(draft())).rejects.toThrow('closed');
    await expect(openGrantStore({ home: temporaryFolder(), signal: controller.signal })).rejects.toThrow(
      'abort',
    );
  });
});
