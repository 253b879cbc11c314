import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Cooldown, openGrantStore, type AskAnswer, type AskChannel, type AppRequest } from '@deskhand/grants';
import { describe, expect, onTestFinished, test } from 'vitest';
import { askPerson, type Asking, type CallContext } from '../src/index.ts';

const app = 'linux:/usr/bin/mousepad';

const request = (changes: Partial<AppRequest> = {}, sha256 = 'a'): AppRequest => ({
  kind: 'app',
  apps: [
    {
      app,
      name: 'Mousepad',
      executable: '/usr/bin/mousepad',
      tier: 'full',
      tierMeaning: 'see it, click in it and type into it',
      warnings: [],
      identity: {
        executable: '/usr/bin/mousepad',
        device: '1',
        inode: '2',
        size: 3,
        changedNs: '4',
        ownerUid: 0,
        rootOnly: false,
        sha256: sha256.repeat(64),
      },
    },
  ],
  flagsWanted: {},
  reason: 'to write',
  mayAlways: true,
  timeoutMs: 60_000,
  ...changes,
});

const allowing: AskAnswer = {
  outcome: 'answered',
  decisions: [{ asked: app, decision: 'allow', scope: 'once' }],
  flags: {},
};
const away: AskAnswer = { outcome: 'unavailable', why: 'away' };

interface Situation {
  readonly host?: AskAnswer | 'silent';
  /** What the client says to a question; it may throw. */
  readonly client?: (key: string) => 'accept' | 'unavailable';
  readonly dialog?: AskAnswer;
  readonly approvals?: Asking['approvals'];
}

/** A session, and the order in which its channels were asked. */
async function session({ host = away, client, dialog = away, approvals = 'ask' }: Situation) {
  const home = mkdtempSync(join(tmpdir(), 'asking-'));
  const store = await openGrantStore({ home });
  onTestFinished(() => {
    store.close();
    rmSync(home, { recursive: true });
  });
  const asked: string[] = [];
  const channel = (name: string, answer: AskAnswer | 'silent'): AskChannel => ({
    name,
    ask: () => {
      asked.push(name);
      return answer === 'silent' ? new Promise(() => undefined) : Promise.resolve(answer);
    },
  });
  const nothing = (): never => {
    throw new Error('not used');
  };
  const call: CallContext = {
    signal: new AbortController().signal,
    session: 's1',
    log: { error: nothing, warn: nothing, info: nothing, debug: nothing, with: nothing },
    progress: nothing,
    elicit: ({ key, schema }) => {
      asked.push('elicitation');
      const action = client === undefined ? 'unavailable' : client(key);
      return Promise.resolve(
        action === 'accept'
          ? { action, content: schema.parse({ decision: 'once' }) }
          : { action, reason: 'no_capability' },
      );
    },
    sample: nothing,
    roots: nothing,
    tellClient: nothing,
    note: nothing,
    step: nothing,
  };
  const asking: Asking = {
    session: 's1',
    approvals,
    host: channel('host', host),
    others: [channel('dialog', dialog)],
    cooldown: new Cooldown({ store }),
  };
  return { asked, ask: (wanted: AppRequest) => askPerson(wanted, asking, call) };
}

describe('a person', () => {
  test.each<readonly [string, Situation, string[]]>([
    ['host', { host: allowing, client: () => 'accept' }, ['host']],
    ['elicitation', { client: () => 'accept', dialog: allowing }, ['host', 'elicitation']],
    ['dialog', { dialog: allowing }, ['host', 'elicitation', 'dialog']],
  ])('is asked by the %s when nothing before it can', async (channel, situation, order) => {
    const { ask: askNow, asked } = await session(situation);
    expect(await askNow(request())).toMatchObject({ outcome: 'answered', channel });
    expect(asked).toEqual(order);
  });

  test('who does not answer the host is not asked everywhere else', async () => {
    const { ask: askNow, asked } = await session({ host: 'silent', dialog: allowing });
    expect(await askNow(request({ timeoutMs: 20 }))).toMatchObject({ code: 'no_answer_in_time' });
    expect(asked).toEqual(['host']);
    expect(await askNow(request())).toMatchObject({ code: 'denied_recently' });
  });

  test('is not asked with --approvals decline, which is no refusal of theirs', async () => {
    const { ask: askNow, asked } = await session({ host: allowing, approvals: 'decline' });
    for (let time = 0; time < 2; time++)
      expect(await askNow(request())).toMatchObject({
        channel: 'decline',
        decisions: [{ decision: 'deny' }],
      });
    expect(asked).toEqual([]);
  });
});

describe('a question that leaves the call as an exception', () => {
  test('gets through, asks nobody else, and is no refusal', async () => {
    const waiting = new Error('input required');
    let isAnswered = false;
    const { ask: askNow, asked } = await session({
      client: () => {
        if (!isAnswered) throw waiting;
        return 'accept';
      },
      dialog: allowing,
    });
    await expect(askNow(request())).rejects.toBe(waiting);
    expect(asked).toEqual(['host', 'elicitation']);
    isAnswered = true;
    expect(await askNow(request())).toMatchObject({ channel: 'elicitation' });
  });

  test('is another one when a file that was asked about is not the same any more', async () => {
    const keys: string[] = [];
    const { ask: askNow } = await session({
      client: (key) => {
        keys.push(key);
        return 'accept';
      },
    });
    for (const sha256 of ['a', 'a', 'b']) await askNow(request({}, sha256));
    expect(keys[1]).toBe(keys[0]);
    expect(keys[2]).not.toBe(keys[0]);
  });
});
