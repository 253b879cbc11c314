import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { readdirSync } from 'node:fs';
import { createInterface } from 'node:readline';
import { describe, expect, test } from 'vitest';
import { openGrantStore } from '../src/index.ts';
import { draft, nodeArguments, temporaryFolder } from './fixture.ts';

/** Adds grants for ever, each for an application of its own, and prints the id of each once it is kept. */
const endlessWriter = nodeArguments(`
  import { writeSync } from 'node:fs';
  const store = await grants.openGrantStore({ home: args[0] });
  for (let n = 0; ; n++) {
    const resource = { kind: 'app', app: 'linux:/' + process.pid + '/' + n };
    const { id } = await store.add({ ...${JSON.stringify(draft())}, resource });
    writeSync(1, id + '\\n');
  }
`);

const fixedWriter = nodeArguments(`
  const store = await grants.openGrantStore({ home: args[0] });
  for (let n = 0; n < 25; n++) {
    const resource = { kind: 'app', app: 'linux:/' + process.pid + '/' + n };
    await store.add({ ...${JSON.stringify(draft())}, resource });
  }
  store.close();
`);

/** Adds a grant and revokes the one before, for ever, and prints what it did once that is kept. */
const endlessChanger = nodeArguments(`
  import { writeSync } from 'node:fs';
  const store = await grants.openGrantStore({ home: args[0] });
  for (let n = 0, last; ; n++) {
    const resource = { kind: 'folder', path: '/' + process.pid + '/' + n, access: 'rw' };
    const { id } = await store.add({ ...${JSON.stringify(draft())}, resource });
    writeSync(1, 'added ' + id + '\\n');
    if (last) {
      await store.revoke(last);
      writeSync(1, 'revoked ' + last + '\\n');
    }
    last = id;
  }
`);

/** Kills the changer some milliseconds after its first word; gives what it had said by then. */
async function killWithin(home: string, ms: number): Promise<readonly string[]> {
  const child = spawn(process.execPath, [...endlessChanger, home], { stdio: ['ignore', 'pipe', 'inherit'] });
  const said: string[] = [];
  const closed = once(child, 'close');
  createInterface(child.stdout).on('line', (line) => {
    if (said.push(line) === 1) setTimeout(() => child.kill('SIGKILL'), ms);
  });
  await closed;
  return said;
}

/** Kills the writer after `count` grants, while it writes the next; gives the ids that it had promised. */
async function killAfter(count: number, home: string): Promise<readonly string[]> {
  const child = spawn(process.execPath, [...endlessWriter, home], { stdio: ['ignore', 'pipe', 'inherit'] });
  const promised: string[] = [];
  const closed = once(child, 'close');
  createInterface(child.stdout).on('line', (id) => {
    if (promised.push(id) === count) child.kill('SIGKILL');
  });
  await closed;
  return promised;
}

describe('a store whose process is killed', () => {
  test(
    'has every grant that it promised, and lets the next process write',
    { timeout: 300_000 },
    async () => {
      const home = temporaryFolder();
      const promised: string[] = [];
      for (let round = 1; round <= 15; round++) {
        promised.push(...(await killAfter(round, home)));
        const store = await openGrantStore({ home });
        const kept = new Set(store.list().map(({ id }) => id));
        expect(promised.filter((id) => !kept.has(id))).toEqual([]);
        promised.push((await store.add(draft({ subject: `round ${round}` }))).id);
        store.close();
        expect(readdirSync(home)).toEqual(['grants.json']);
      }
    },
  );
});

describe('a store whose process is killed at any moment', () => {
  test(
    'holds all that was added, nothing that was revoked, and one change more at most',
    { timeout: 300_000 },
    async () => {
      const home = temporaryFolder();
      for (let round = 0; round < 25; round++) {
        const said = await killWithin(home, Math.random() * 40);
        const done = (word: string) =>
          said.filter((line) => line.startsWith(`${word} `)).map((line) => line.slice(word.length + 1));
        const [added, revoked] = [done('added'), new Set(done('revoked'))];
        const store = await openGrantStore({ home });
        const live = new Set(store.list({ kinds: ['folder'] }).map(({ id }) => id));
        const expected = added.filter((id) => !revoked.has(id));
        // the last revocation may be kept though it was not said any more
        expect(expected.filter((id) => !live.has(id)).length).toBeLessThanOrEqual(1);
        if (expected.length === 1) expect(live.has(expected[0] ?? '')).toBe(true);
        expect([...revoked].filter((id) => live.has(id))).toEqual([]);
        for (const id of live) await store.revoke(id);
        store.close();
        expect(readdirSync(home)).toEqual(['grants.json']);
      }
    },
  );
});

describe('several processes that write at once', () => {
  test('lose none of their grants', { timeout: 300_000 }, async () => {
    const home = temporaryFolder();
    const children = Array.from({ length: 4 }, () =>
      spawn(process.execPath, [...fixedWriter, home], { stdio: ['ignore', 'ignore', 'inherit'] }),
    );
    const codes = await Promise.all(children.map((child) => once(child, 'close')));
    expect(codes.map(([code]: unknown[]) => code)).toEqual([0, 0, 0, 0]);
    const store = await openGrantStore({ home });
    expect(store.list()).toHaveLength(100);
    store.close();
  });
});
