import { describe, expect, onTestFinished, test } from 'vitest';
import { mattersOf } from '../../src/ask/matter.ts';
import { matterText, paragraphs } from '../../src/ask/question-text.ts';
import { matterQuestion } from '../../src/ask/zenity-text.ts';
import {
  askInOrder,
  Cooldown,
  elicitationChannel,
  listPending,
  openGrantStore,
  requestFormSchema,
  terminalChannel,
  type AskOutcome,
  type OriginRequest,
} from '../../src/index.ts';
import { answerPending } from '../../src/pending-answer.ts';
import { containing, temporaryFolder } from '../fixture.ts';
import { answering, unending } from './request.ts';

const origin = 'http://xn--pple-43d.test:8080';

/** An agent that wants to open a page whose host looks like another. */
const ask = (changes: Partial<OriginRequest> = {}): OriginRequest => ({
  kind: 'origin',
  origins: [{ origin, warnings: ['It is on this computer or its network.'] }],
  reason: 'to <b>look</b>\nup',
  mayAlways: true,
  timeoutMs: 60_000,
  ...changes,
});

const others = { session: 's1', resource: { kind: 'origin', pattern: origin } } as const;

async function storeIn(home: string) {
  const store = await openGrantStore({ home });
  onTestFinished(() => store.close());
  return store;
}

describe('a question about an origin', () => {
  test('shows it as browsers compare it, with its port, and what is against it', () => {
    const [matter] = mattersOf(ask());
    if (matter === undefined) throw new Error('the request asks for nothing');
    expect(paragraphs(matterText(ask(), matter, 1))).toBe(
      [
        `Let an agent open pages of ${origin}?`,
        'Access: its pages are opened, read and acted on in the browser of the agent\nWarning: It is on this computer or its network.',
        'The agent says (its own words, not checked): “to look up”',
      ].join('\n\n'),
    );
    expect(matterQuestion(ask(), matter, 1).join('\n')).toContain(origin);
  });

  test('is asked at the client, and only what was asked for is allowed', async () => {
    const messages: string[] = [];
    const client = elicitationChannel(({ message, requestedSchema }) => {
      messages.push(message, ...Object.keys(requestedSchema.properties));
      return Promise.resolve({ action: 'accept', content: { decision: 'once', clipboardRead: true } });
    });
    expect(await askInOrder([client], ask(), unending)).toEqual({
      outcome: 'answered',
      channel: 'elicitation',
      decisions: [{ asked: origin, decision: 'allow', scope: 'once' }],
      flags: {},
    });
    expect(messages[0]).toContain(`An agent asks to open pages of ${origin}.`);
    expect(messages.slice(1)).toEqual(['decision']);
    const elsewhere = { asked: 'https://other.test', decision: 'allow', scope: 'always' } as const;
    const wrong = answering({ outcome: 'answered', decisions: [elsewhere], flags: {} });
    expect(await askInOrder([wrong], ask(), unending)).toMatchObject({
      decisions: [{ asked: origin, decision: 'deny', scope: 'once' }],
    });
  });

  test('waits for a person at a terminal, whose answer is a grant for the session that asked', async () => {
    const home = temporaryFolder();
    const outcome = await askInOrder([terminalChannel({ home, session: 's1' })], ask(), unending);
    const [shown] = listPending(home).requests;
    if (shown === undefined) throw new Error('nothing was left');
    expect(outcome).toMatchObject({
      code: 'nobody_to_ask',
      hint: containing(`answer ${shown.id} allow`),
    });
    const store = await storeIn(home);
    await answerPending({ home, store }, shown, { decision: 'allow', always: false, flags: {} });
    expect(store.list({ subject: 's1', kinds: ['origin'] })).toMatchObject([
      { subject: 's1', resource: others.resource, decision: 'allow', scope: 'session' },
    ]);
    expect(store.list({ subject: 's2', kinds: ['origin'] })).toEqual([]);
  });

  test.each(['http://аpple.test', `${origin}/path`, `https://${'a'.repeat(60)}.${'b.'.repeat(90)}test`])(
    'is none when nobody could read %s for what it is',
    (spoofed) => {
      const form = {
        kind: 'origin',
        origins: [{ origin: spoofed, warnings: [] }],
        reason: '',
        mayAlways: true,
      };
      expect(requestFormSchema.safeParse(form).success).toBe(false);
      const plain = { ...form, origins: [{ origin, warnings: [] }] };
      expect(requestFormSchema.safeParse(plain).success).toBe(true);
    },
  );
});

test('a no holds for a minute, and a grant that the person gives elsewhere ends it', async () => {
  const store = await storeIn(temporaryFolder());
  let now = Date.now();
  const cooldown = new Cooldown({ store, now: () => now });
  const asking = (decision: 'allow' | 'deny'): Promise<AskOutcome> =>
    cooldown.asking('s1', ask(), () =>
      Promise.resolve({
        ...{ outcome: 'answered', channel: 'zenity', flags: {} },
        decisions: [{ asked: origin, decision, scope: 'once' }],
      }),
    );
  expect(await asking('deny')).toMatchObject({ outcome: 'answered' });
  expect(await asking('allow')).toMatchObject({
    code: 'denied_recently',
    message: containing(origin),
  });
  await store.add({
    ...{ subject: 's1', resource: others.resource, decision: 'allow', scope: 'once', origin: 'person' },
  });
  expect(await asking('allow')).toMatchObject({ outcome: 'answered' });
  await asking('deny');
  now += 61_000;
  expect(await asking('allow')).toMatchObject({ outcome: 'answered' });
});
