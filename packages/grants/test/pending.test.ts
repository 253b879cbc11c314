import {
  chmodSync,
  chownSync,
  linkSync,
  readFileSync,
  readdirSync,
  renameSync,
  statSync,
  symlinkSync,
  unlinkSync,
  writeFileSync,
} from 'node:fs';
import { join } from 'node:path';
import { describe, expect, onTestFinished, test } from 'vitest';
import {
  askInOrder,
  listPending,
  openGrantStore,
  terminalChannel,
  type AskChannel,
  type AskRequest,
  type GrantStore,
  type PendingRequest,
} from '../src/index.ts';
import { answerPending } from '../src/pending-answer.ts';
import { readPending } from '../src/pending.ts';
import { ask, galculator, unending } from './ask/request.ts';
import { containing, isRoot, matching, temporaryFolder } from './fixture.ts';

const silent: AskChannel = { name: 'silent', ask: () => new Promise(() => undefined) };

async function storeIn(home: string): Promise<GrantStore> {
  const store = await openGrantStore({ home });
  onTestFinished(() => store.close());
  return store;
}

const leave = (home: string, request: AskRequest = ask(), session = 's1') =>
  askInOrder([terminalChannel({ home, session })], request, unending);

async function left(home: string, request: AskRequest = ask(), session = 's1'): Promise<PendingRequest> {
  await leave(home, request, session);
  // the newest of this session: two of one millisecond have no order
  const found = listPending(home).requests.findLast((one) => one.session === session);
  if (found === undefined) throw new Error('nothing was left');
  return found;
}

const fileOf = (home: string, { id }: PendingRequest): string => join(home, 'pending', `${id}.json`);
const errorOf = (home: string, { id }: PendingRequest): string => {
  try {
    readPending(home, id);
    return '';
  } catch (error) {
    return String(error);
  }
};

describe('a question that nobody could answer', () => {
  test('is left in a private file, and the agent is told the command', async () => {
    const home = temporaryFolder();
    const request = ask({ flagsWanted: { clipboardRead: true }, reason: 'to <i>add</i>\nup' });
    const outcome = await askInOrder([terminalChannel({ home, session: 's1' })], request, unending);
    const [found] = listPending(home).requests;
    if (found === undefined) throw new Error('nothing was left');
    expect(found).toEqual({
      version: 1,
      id: found.digest.slice(0, 12),
      digest: matching(/^[0-9a-f]{64}$/),
      session: 's1',
      createdAt: found.createdAt,
      expires: new Date(Date.parse(found.createdAt) + 86_400_000).toISOString(),
      request: {
        kind: 'app',
        apps: ask().apps,
        flagsWanted: { clipboardRead: true },
        reason: 'to add up',
        mayAlways: true,
      },
    });
    expect(outcome).toEqual({
      outcome: 'denied',
      code: 'nobody_to_ask',
      message: 'no person could be asked (terminal: the question waits for a person at a terminal)',
      hint: `Tell the person to run this in a terminal: deskhand-grants --home ${home} answer ${found.id} allow (or deny; the question waits for 24 hours). Then ask again.`,
    });
    expect(statSync(fileOf(home, found)).mode & 0o777).toBe(0o600);
    expect(statSync(join(home, 'pending')).mode & 0o777).toBe(0o700);
    expect(readdirSync(join(home, 'pending'))).toEqual([`${found.id}.json`]);
  });

  test('is also left when a person was asked and did not come in time', async () => {
    const home = temporaryFolder();
    const channels = [silent, terminalChannel({ home, session: 's1' })];
    const outcome = await askInOrder(channels, ask({ timeoutMs: 20 }), unending);
    expect(outcome).toMatchObject({ code: 'no_answer_in_time' });
    expect(listPending(home).requests).toHaveLength(1);
  });

  test('is left once however often it is asked, and apart for each session', async () => {
    const home = temporaryFolder();
    const first = await left(home);
    expect((await left(home)).id).toBe(first.id);
    expect((await left(home, ask(), 's2')).id).not.toBe(first.id);
    expect(listPending(home).requests).toHaveLength(2);
  });

  test('does not fill the disk', async () => {
    const home = temporaryFolder();
    for (let n = 0; n < 25; n++) await leave(home, ask({ reason: `reason ${n}` }));
    expect(listPending(home).requests).toHaveLength(20);
    for (let n = 0; n < 85; n++) await leave(home, ask(), `s${n + 2}`);
    expect(listPending(home).requests).toHaveLength(100);
    const outcome = await askInOrder([terminalChannel({ home, session: 's1' })], ask(), unending);
    expect(outcome).toMatchObject({ hint: containing('adding this to the list "grants"') });
  });

  test('quotes a state folder that a shell would take apart', async () => {
    const home = join(temporaryFolder(), "it's $(here)");
    const outcome = await askInOrder([terminalChannel({ home, session: 's1' })], ask(), unending);
    expect(outcome).toMatchObject({ hint: containing("it'\\''s $(here)' answer ") });
  });
});

describe('an answer that comes later', () => {
  test('counts once when two persons answer at once', async () => {
    const home = temporaryFolder();
    const [store, other] = [await storeIn(home), await storeIn(home)];
    const question = await left(home);
    const answers = await Promise.allSettled(
      [store, other].map((each) =>
        answerPending({ home, store: each }, question, { decision: 'allow', always: false, flags: {} }),
      ),
    );
    expect(answers.map(({ status }) => status).toSorted()).toEqual(['fulfilled', 'rejected']);
    expect(store.list({ subject: 's1' })).toHaveLength(1);
  });

  test.each([
    ['later than a day after it was asked', 0, 25],
    ['though it was asked in the time to come', 2, 26],
  ])('is refused %s', async (_when, askedIn, expiresIn) => {
    const home = temporaryFolder();
    const question = await left(home);
    const inHours = (hours: number): string => new Date(Date.now() + hours * 3_600_000).toISOString();
    const kept = { ...question, createdAt: inHours(askedIn), expires: inHours(expiresIn) };
    writeFileSync(fileOf(home, question), JSON.stringify(kept));
    expect(errorOf(home, question)).toContain('longer than any question');
    writeFileSync(
      fileOf(home, question),
      JSON.stringify({ ...kept, createdAt: inHours(-1), expires: inHours(22) }),
    );
    expect(errorOf(home, question)).toBe('');
  });

  test('allows the session that asked, for a day, and nobody else', async () => {
    const home = temporaryFolder();
    const [store, server] = [await storeIn(home), await storeIn(home)];
    const request = ask({ apps: [...ask().apps, galculator], flagsWanted: { clipboardRead: true } });
    const question = await left(home, request);
    const flags = { clipboardRead: true, systemKeyCombos: true };
    await answerPending({ home, store }, question, { decision: 'allow', always: false, flags });
    expect(server.list({ subject: 's1' })).toMatchObject(
      request.apps.map(({ app }) => ({
        subject: 's1',
        resource: { kind: 'app', app },
        decision: 'allow',
        scope: 'session',
        origin: 'person',
        flags: { clipboardRead: true },
        expires: matching(/Z$/),
      })),
    );
    expect(server.list({ subject: 's1' })[0]?.flags).toEqual({ clipboardRead: true });
    expect(server.list({ subject: 's2' })).toEqual([]);
    expect(listPending(home).requests).toEqual([]);
    await expect(
      answerPending({ home, store }, question, { decision: 'allow', always: false, flags }),
    ).rejects.toThrow('waits for an answer');
  });

  test('allows every session where the person says so and the policy lets them', async () => {
    const home = temporaryFolder();
    const store = await storeIn(home);
    const always = { decision: 'allow', always: true, flags: {} } as const;
    await answerPending({ home, store }, await left(home), always);
    expect(store.list({ subject: 's9' })).toMatchObject([{ subject: '*', scope: 'always' }]);
    const guarded = await left(home, ask({ mayAlways: false }));
    await expect(answerPending({ home, store }, guarded, always)).rejects.toThrow('for good');
    expect(listPending(home).requests).toHaveLength(1);
  });

  test('denies', async () => {
    const home = temporaryFolder();
    const store = await storeIn(home);
    const no = { decision: 'deny', always: false, flags: { clipboardRead: true } } as const;
    await answerPending({ home, store }, await left(home), no);
    const [grant, ...others] = store.list({ subject: 's1' });
    expect(others).toEqual([]);
    expect(grant).toMatchObject({ decision: 'deny', subject: 's1' });
    expect(grant?.flags).toBeUndefined();
  });
});

describe('a question is not heeded', () => {
  const changes: readonly [string, (text: string) => string][] = [
    ['asks for more', (text) => text.replace('"flagsWanted": {}', '"flagsWanted": {"clipboardRead": true}')],
    ['asks for another application', (text) => text.replaceAll('/usr/bin/mousepad', '/usr/bin/xterm')],
    ['comes from another session', (text) => text.replace('"session": "s1"', '"session": "s2"')],
    ['has another name inside', (text) => text.replace(/"id": "./, '"id": "x')],
    ['is cut off', (text) => text.slice(0, -30)],
    ['is empty', () => ''],
    ['has members of its own', (text) => text.replace('"version"', '"decision": "allow", "version"')],
  ];
  test.each(changes)('when its file was changed so that it %s', async (_sentence, change) => {
    const home = temporaryFolder();
    const store = await storeIn(home);
    const question = await left(home);
    const text = readFileSync(fileOf(home, question), 'utf8');
    writeFileSync(fileOf(home, question), change(text));
    expect(errorOf(home, question)).toMatch(/was changed after it was asked|is not a question/);
    expect(listPending(home)).toMatchObject({ requests: [], faults: [{ code: 'pending_unsafe' }] });
    const yes = { decision: 'allow', always: false, flags: {} } as const;
    await expect(answerPending({ home, store }, question, yes)).rejects.toThrow();
    expect(store.list()).toEqual([]);
    writeFileSync(fileOf(home, question), text);
    await answerPending({ home, store }, question, yes);
    expect(store.list()).toHaveLength(1);
  });

  test('when another question took its place between the look and the answer', async () => {
    const home = temporaryFolder();
    const store = await storeIn(home);
    const [shown, other] = [await left(home), await left(home, ask(), 's2')];
    writeFileSync(fileOf(home, shown), readFileSync(fileOf(home, other)));
    const yes = { decision: 'allow', always: false, flags: {} } as const;
    await expect(answerPending({ home, store }, shown, yes)).rejects.toThrow('was changed after');
    expect(store.list()).toEqual([]);
  });

  test('when others could have written it, or it is not a plain file', async () => {
    const home = temporaryFolder();
    const question = await left(home);
    const path = fileOf(home, question);
    chmodSync(path, 0o620);
    expect(errorOf(home, question)).toContain('can be written by other users');
    chmodSync(path, 0o600);
    linkSync(path, `${path}.other`);
    expect(errorOf(home, question)).toContain('hard link');
    unlinkSync(path);
    symlinkSync(`${path}.other`, path);
    expect(errorOf(home, question)).toContain('is a link');
    renameSync(`${path}.other`, path);
    expect(errorOf(home, question)).toBe('');
  });

  test.runIf(isRoot)('when it or its folder belongs to another user', async () => {
    const home = temporaryFolder();
    const question = await left(home);
    chownSync(fileOf(home, question), 65534, 65534);
    expect(errorOf(home, question)).toContain('belongs to uid 65534');
    expect(listPending(home).faults).toHaveLength(1);
    chownSync(fileOf(home, question), 0, 0);
    chownSync(join(home, 'pending'), 65534, 65534);
    expect(errorOf(home, question)).toContain('belongs to uid 65534');
    chownSync(join(home, 'pending'), 0, 0);
    expect(errorOf(home, question)).toBe('');
  });

  test('when its folder or the state folder is a link', async () => {
    const home = temporaryFolder();
    const question = await left(home);
    const folder = join(home, 'pending');
    renameSync(folder, `${folder}.real`);
    symlinkSync(`${folder}.real`, folder);
    expect(errorOf(home, question)).toContain('is a link');
    const linked = join(temporaryFolder(), 'home');
    symlinkSync(home, linked);
    expect(() => listPending(linked)).toThrow('is a link');
  });

  test('when it expired, or under a name that leads elsewhere', async () => {
    const home = temporaryFolder();
    const question = await left(home);
    const path = fileOf(home, question);
    writeFileSync(path, JSON.stringify({ ...question, expires: '2001-01-01T00:00:00Z' }));
    expect(listPending(home)).toEqual({ requests: [], faults: [] });
    expect(readdirSync(join(home, 'pending'))).toEqual([]);
    for (const id of ['../grants', '', '..', question.id])
      expect(errorOf(home, { ...question, id })).not.toBe('');
  });
});
