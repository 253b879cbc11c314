import { readFileSync, writeFileSync } from 'node:fs';
import { describe, expect, onTestFinished, test } from 'vitest';
import { askInOrder, declineChannel, openGrantStore, type AskChannel } from '../../src/index.ts';
import { temporaryFolder } from '../fixture.ts';
import { answering, ask, galculator, unending } from './request.ts';

const { app } = ask().apps[0] ?? galculator;
const allowed = { asked: app, decision: 'allow', scope: 'always' } as const;
const yes = answering({ outcome: 'answered', decisions: [allowed], flags: {} }, 'yes');
const away = answering({ outcome: 'unavailable', why: 'nobody home' }, 'away');
const failing: AskChannel = { name: 'failing', ask: () => Promise.reject(new Error('it broke')) };
const silent: AskChannel = { name: 'silent', ask: () => new Promise(() => undefined) };
const no = { decision: 'deny', scope: 'once' } as const;

describe('asking in order', () => {
  test('takes the answer of the first channel that can', async () => {
    expect(await askInOrder([yes, declineChannel()], ask(), unending)).toEqual({
      outcome: 'answered',
      channel: 'yes',
      decisions: [allowed],
      flags: {},
    });
    expect(await askInOrder([declineChannel(), yes], ask(), unending)).toEqual({
      outcome: 'answered',
      channel: 'decline',
      decisions: [{ asked: app, ...no }],
      flags: {},
    });
  });

  test('passes by channels that cannot ask or that fail', async () => {
    const outcome = await askInOrder([away, failing, yes], ask(), unending);
    expect(outcome).toMatchObject({ outcome: 'answered', channel: 'yes' });
  });

  test('denies when nobody can be asked, and says what was tried', async () => {
    expect(await askInOrder([away, failing], ask(), unending)).toMatchObject({
      outcome: 'denied',
      code: 'nobody_to_ask',
      message: 'no person could be asked (away: nobody home; failing: it broke)',
    });
    expect(await askInOrder([], ask(), unending)).toMatchObject({
      message: 'no person could be asked (no channel)',
    });
  });

  test('denies when no answer comes in time, and asks nobody else', async () => {
    expect(await askInOrder([silent, yes], ask({ timeoutMs: 20 }), unending)).toMatchObject({
      outcome: 'denied',
      code: 'no_answer_in_time',
      message: 'nobody answered within 0.02 s',
    });
  });

  test('throws when the caller gives up', async () => {
    const controller = new AbortController();
    const asking = askInOrder([silent, yes], ask(), controller.signal);
    controller.abort(new Error('the call was cancelled'));
    await expect(asking).rejects.toThrow('the call was cancelled');
    await expect(askInOrder([yes], ask(), controller.signal)).rejects.toThrow('the call was cancelled');
  });

  test('proposes an edit that grants what was asked when pasted into the file', async () => {
    const store = await openGrantStore({ home: temporaryFolder() });
    onTestFinished(() => store.close());
    const outcome = await askInOrder([], ask({ grantsFile: store.file }), unending);
    const hint = outcome.outcome === 'denied' ? outcome.hint : '';
    const start = `A person can allow it by adding this to the list "grants" in ${store.file}: `;
    expect(hint.startsWith(start)).toBe(true);
    const text = readFileSync(store.file, 'utf8');
    writeFileSync(store.file, text.replace('[]', `[${hint.slice(start.length)}]`));
    expect(store.list()).toMatchObject([
      { resource: { kind: 'app', app }, decision: 'allow', scope: 'always' },
    ]);
  });

  test('proposes no lasting edit where the policy wants none', async () => {
    expect(await askInOrder([], ask({ mayAlways: false }), unending)).toMatchObject({
      hint: 'The policy wants a person at the screen for every session: ask again when one is there.',
    });
  });
});

describe('an answer', () => {
  const flagsWanted = { clipboardRead: true } as const;
  const flags = { clipboardRead: true, clipboardWrite: true, systemKeyCombos: false } as const;

  test('allows nothing that was not asked for', async () => {
    const decisions = [allowed, { ...allowed, asked: 'linux:/usr/bin/xterm' }];
    const channel = answering({ outcome: 'answered', decisions, flags });
    expect(await askInOrder([channel], ask({ flagsWanted }), unending)).toMatchObject({
      decisions: [allowed],
      flags: { clipboardRead: true },
    });
  });

  test('allows nothing for longer than may be', async () => {
    expect(await askInOrder([yes], ask({ mayAlways: false }), unending)).toMatchObject({
      decisions: [{ ...allowed, scope: 'once' }],
    });
  });

  test('denies every application that it leaves out or contradicts itself about', async () => {
    const request = ask({ apps: [...ask().apps, galculator] });
    expect(await askInOrder([yes], request, unending)).toMatchObject({
      decisions: [allowed, { asked: galculator.app, ...no }],
    });
    const both = answering({ outcome: 'answered', decisions: [allowed, { asked: app, ...no }], flags: {} });
    expect(await askInOrder([both], ask(), unending)).toMatchObject({ decisions: [{ asked: app, ...no }] });
  });

  test('gives no rights besides when every application is denied', async () => {
    const channel = answering({ outcome: 'answered', decisions: [{ asked: app, ...no }], flags });
    expect(await askInOrder([channel], ask({ flagsWanted }), unending)).toMatchObject({ flags: {} });
  });
});

test('what a channel throws is tried past, and thrown on by one that says so', async () => {
  expect(await askInOrder([failing, yes], ask(), unending)).toMatchObject({ channel: 'yes' });
  await expect(askInOrder([{ ...failing, throwsOn: true }, yes], ask(), unending)).rejects.toThrow(
    'it broke',
  );
});
