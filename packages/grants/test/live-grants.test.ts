import { describe, expect, onTestFinished, test, vi } from 'vitest';
import { openGrantStore, type GrantStore } from '../src/index.ts';
import { draft, temporaryFolder } from './fixture.ts';

async function storeIn(home: string): Promise<GrantStore> {
  const store = await openGrantStore({ home });
  onTestFinished(() => store.close());
  return store;
}

function setClock(ms: number): void {
  vi.useFakeTimers({ toFake: ['Date'], now: ms });
  onTestFinished(() => void vi.useRealTimers());
}

describe('grants that are listed again and again', () => {
  test('are the very same list until something changes, and each change shows at once', async () => {
    const home = temporaryFolder();
    const [store, other] = [await storeIn(home), await storeIn(home)];
    const first = await store.add(draft());
    const listed = store.list({ subject: 's1' });
    expect(store.list({ subject: 's1' })).toBe(listed);
    expect(listed).toEqual([first]);
    const second = await store.add(draft({ subject: 's1', scope: 'session' }));
    expect(store.list({ subject: 's1' })).toEqual([first, second]);
    expect(store.list({ subject: 's2' })).toEqual([first]);
    await other.revoke(first.id);
    expect(store.list({ subject: 's1' })).toEqual([second]);
    await store.revoke(second.id);
    expect(store.list({ subject: 's1' })).toEqual([]);
  });

  test('end when their time is over', async () => {
    const start = Date.now();
    setClock(start);
    const store = await storeIn(temporaryFolder());
    const grant = await store.add(draft({ expires: new Date(start + 3_600_000).toISOString() }));
    expect(store.list()).toEqual([grant]);
    setClock(start + 3_600_001);
    expect(store.list()).toEqual([]);
  });

  test('do not hold for longer when the clock is set back', async () => {
    const start = Date.now();
    setClock(start);
    const store = await storeIn(temporaryFolder());
    await store.add(draft({ expires: new Date(start + 20).toISOString() }));
    const lasting = await store.add(draft({ subject: 's1' }));
    setClock(start - 86_400_000);
    await expect.poll(() => store.list()).toEqual([lasting]);
  });
});

test('a session cannot make itself everyone by its name', async () => {
  const store = await storeIn(temporaryFolder());
  await expect(store.add(draft({ subject: '*', scope: 'session' }))).rejects.toThrow('names none');
  await expect(store.add(draft({ subject: '*', scope: 'once' }))).rejects.toThrow('names none');
  const own = await store.add(draft({ subject: 's1', scope: 'once' }));
  const all = await store.add(draft({ subject: '*', scope: 'always' }));
  expect(store.list({ subject: 's2' })).toEqual([all]);
  expect(store.list({ subject: 's1' })).toEqual([all, own]);
});
