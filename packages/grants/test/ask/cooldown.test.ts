import { describe, expect, onTestFinished, test, vi } from 'vitest';
import {
  Cooldown,
  openGrantStore,
  type AskOutcome,
  type AppRequest,
  type GrantStore,
} from '../../src/index.ts';
import { draft, temporaryFolder } from '../fixture.ts';
import { ask, galculator } from './request.ts';

const { app } = ask().apps[0] ?? galculator;

interface Person {
  readonly store: GrantStore;
  /** Asks after so many seconds; the person would give this answer. Tells what came of it. */
  readonly after: (
    seconds: number,
    answer: 'yes' | 'no',
    changes?: Partial<AppRequest>,
    session?: string,
  ) => Promise<string>;
  /** Sets the time to what the store writes into grants from now on, and not into those of before. */
  readonly meetTheClock: () => Promise<void>;
}

async function person(channel = 'zenity'): Promise<Person> {
  const store = await openGrantStore({ home: temporaryFolder() });
  onTestFinished(() => store.close());
  let now = Date.now();
  const cooldown = new Cooldown({ store, now: () => now });
  return {
    store,
    after: async (seconds, answer, changes = {}, session = 's1') => {
      now += seconds * 1000;
      const request = ask(changes);
      const outcome = await cooldown.asking(session, request, (): Promise<AskOutcome> => {
        const decision = answer === 'yes' ? 'allow' : 'deny';
        const decisions = request.apps.map(
          (wanted) => ({ asked: wanted.app, decision, scope: 'once' }) as const,
        );
        return Promise.resolve({ outcome: 'answered', channel, decisions, flags: {} });
      });
      return outcome.outcome === 'answered' ? answer : outcome.code;
    },
    meetTheClock: async () => {
      const before = Date.now();
      await vi.waitUntil(() => Date.now() > before, { interval: 1 });
      now = Date.now();
    },
  };
}

describe('after a no', () => {
  test('the same question is denied at once for a minute, and then asked again', async () => {
    const { after } = await person();
    expect(await after(0, 'no')).toBe('no');
    expect(await after(1, 'yes')).toBe('denied_recently');
    expect(await after(58, 'yes', { reason: 'but I really need it' })).toBe('denied_recently');
    expect(await after(1, 'yes')).toBe('yes');
    expect(await after(1, 'yes')).toBe('yes');
  });

  test('the time doubles with each further no, up to an hour', async () => {
    const { after } = await person();
    expect(await after(0, 'no')).toBe('no');
    expect(await after(59, 'yes')).toBe('denied_recently');
    expect(await after(1, 'no')).toBe('no');
    expect(await after(119, 'yes')).toBe('denied_recently');
    expect(await after(1, 'no')).toBe('no');
    expect(await after(239, 'yes')).toBe('denied_recently');
    for (const seconds of [1, 480, 960, 1920, 3600]) expect(await after(seconds, 'no')).toBe('no');
    expect(await after(3599, 'yes')).toBe('denied_recently');
    expect(await after(1, 'yes')).toBe('yes');
  });

  test('other applications can be asked for, and the same one neither with others nor by another session', async () => {
    const { after } = await person();
    expect(await after(0, 'no')).toBe('no');
    expect(await after(1, 'yes', { apps: [galculator] })).toBe('yes');
    expect(await after(1, 'yes', {}, 's2')).toBe('denied_recently');
    expect(await after(1, 'yes', { apps: [galculator, ...ask().apps] })).toBe('denied_recently');
  });

  test('the refusal names what was denied, and when to ask again', async () => {
    const store = await openGrantStore({ home: temporaryFolder() });
    onTestFinished(() => store.close());
    const cooldown = new Cooldown({ store, now: () => 1_000_000 });
    const no: AskOutcome = {
      outcome: 'answered',
      channel: 'zenity',
      decisions: [{ asked: app, decision: 'deny', scope: 'once' }],
      flags: {},
    };
    await cooldown.asking('s1', ask(), () => Promise.resolve(no));
    expect(await cooldown.asking('s1', ask(), () => Promise.resolve(no))).toEqual({
      outcome: 'denied',
      code: 'denied_recently',
      message: 'A person said no to this, or gave no answer, a short while ago: Mousepad',
      hint: 'Work without it, or tell the person why you need it. Asking again is possible in 60 s.',
    });
  });

  test('to a right beside an allowed application, the right alone is held back', async () => {
    const { after } = await person();
    expect(await after(0, 'yes', { flagsWanted: { clipboardRead: true } })).toBe('yes');
    expect(await after(1, 'yes', { flagsWanted: { clipboardRead: true } })).toBe('denied_recently');
    expect(await after(1, 'yes', { flagsWanted: { clipboardWrite: true } })).toBe('yes');
    expect(await after(1, 'yes')).toBe('yes');
  });
});

test('an allow that a person gives elsewhere ends the time, and one of before does not', async () => {
  const { after, store, meetTheClock } = await person();
  await store.add(draft());
  await meetTheClock();
  expect(await after(0, 'no')).toBe('no');
  expect(await after(1, 'yes')).toBe('denied_recently');
  await store.add(draft({ subject: 's2' }));
  expect(await after(1, 'yes')).toBe('denied_recently');
  await store.add(draft({ subject: 's1', scope: 'session' }));
  expect(await after(1, 'yes')).toBe('yes');
});

test('an allow that a person gives one session elsewhere does not end the time for others', async () => {
  const { after, store } = await person();
  expect(await after(0, 'no')).toBe('no');
  await store.add(draft({ subject: 's2', scope: 'session' }));
  expect(await after(0, 'no')).toBe('denied_recently');
  expect(await after(0, 'yes', {}, 's2')).toBe('yes');
});

test('an automatic no is not a person’s no', async () => {
  const { after } = await person('decline');
  expect(await after(0, 'no')).toBe('no');
  expect(await after(1, 'no')).toBe('no');
});

test('a question that nobody answered in time is not asked again at once, and one that reached nobody is', async () => {
  const store = await openGrantStore({ home: temporaryFolder() });
  onTestFinished(() => store.close());
  const cooldown = new Cooldown({ store, now: () => 1_000_000 });
  const denied = (code: 'nobody_to_ask' | 'no_answer_in_time'): AskOutcome => ({
    outcome: 'denied',
    code,
    message: '',
    hint: '',
  });
  for (const [answer, again] of [
    ['nobody_to_ask', 'nobody_to_ask'],
    ['no_answer_in_time', 'denied_recently'],
  ] as const) {
    await cooldown.asking('s1', ask(), () => Promise.resolve(denied(answer)));
    expect(await cooldown.asking('s1', ask(), () => Promise.resolve(denied(answer)))).toMatchObject({
      code: again,
    });
  }
});
