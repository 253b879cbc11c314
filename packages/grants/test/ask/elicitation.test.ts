import { describe, expect, test } from 'vitest';
import { elicitationChannel, type AskAnswer, type ElicitReply, type ElicitRequest } from '../../src/index.ts';
import { ask, galculator, unending } from './request.ts';

const flagsWanted = { clipboardRead: true, systemKeyCombos: true, clipboardWrite: false } as const;

/** What the client is sent for a request. */
async function sent(request: Parameters<typeof ask>[0]): Promise<ElicitRequest> {
  return new Promise((resolve, reject) => {
    const channel = elicitationChannel((form) => {
      resolve(form);
      return Promise.resolve({ action: 'cancel' });
    });
    channel.ask(ask(request), unending).catch(reject);
  });
}

const answerTo = (reply: ElicitReply): Promise<AskAnswer> =>
  elicitationChannel(() => Promise.resolve(reply)).ask(ask({ flagsWanted }), unending);

const { app } = ask().apps[0] ?? galculator;
const denied = {
  outcome: 'answered',
  decisions: [{ asked: app, decision: 'deny', scope: 'once' }],
  flags: {},
};

describe('an elicitation', () => {
  test('tells what is asked for, and quotes the agent', async () => {
    const { message } = await sent({ apps: [...ask().apps, galculator], reason: 'to <b>add</b>\nup' });
    expect(message).toBe(
      [
        'An agent asks to use Mousepad, Galculator.',
        'Mousepad (/usr/bin/mousepad)\nAccess: full (see it, click in it and type into it)',
        'Galculator (/usr/bin/galculator)\nAccess: click (see it and click in it)\nWarning: It remembers what was calculated.',
        "The agent's own words, unchecked: “to add up”",
      ].join('\n\n'),
    );
  });

  test('is a flat form whose default denies, with one box for each right that is wanted', async () => {
    const { requestedSchema } = await sent({ flagsWanted });
    expect(requestedSchema).toEqual({
      type: 'object',
      properties: {
        decision: {
          type: 'string',
          title: 'Decision',
          description: 'deny; once: allow for this session; always: allow until revoked',
          enum: ['deny', 'once', 'always'],
          default: 'deny',
        },
        clipboardRead: {
          type: 'boolean',
          title: 'Also let it read what you copied (the clipboard)',
          default: false,
        },
        systemKeyCombos: {
          type: 'boolean',
          title: 'Also let it press system shortcuts that switch or close windows',
          default: false,
        },
      },
      required: ['decision'],
    });
  });

  test('does not offer always where it may not be', async () => {
    const { requestedSchema } = await sent({ mayAlways: false });
    expect(requestedSchema.properties['decision']).toMatchObject({ enum: ['deny', 'once'] });
  });

  test.each(['once', 'always'] as const)('accepted with %s allows for that long', async (decision) => {
    const reply = await answerTo({ action: 'accept', content: { decision, clipboardRead: true } });
    expect(reply).toEqual({
      outcome: 'answered',
      decisions: [{ asked: app, decision: 'allow', scope: decision }],
      flags: { clipboardRead: true },
    });
  });

  const denials: readonly [string, ElicitReply][] = [
    ['declined', { action: 'decline' }],
    ['cancelled', { action: 'cancel' }],
    ['declined with a content that allows', { action: 'decline', content: { decision: 'always' } }],
    ['accepted with deny', { action: 'accept', content: { decision: 'deny', clipboardRead: true } }],
    ['accepted without content', { action: 'accept' }],
    ['accepted with an empty form', { action: 'accept', content: {} }],
    ['accepted with another word', { action: 'accept', content: { decision: 'yes' } }],
    [
      'accepted with a malformed right',
      { action: 'accept', content: { decision: 'once', clipboardRead: 'yes' } },
    ],
  ];
  test.each(denials)('%s denies', async (_sentence, reply) => {
    expect(await answerTo(reply)).toEqual(denied);
  });

  test('that the client cannot show is no answer', async () => {
    expect(await answerTo({ action: 'unavailable' })).toEqual({
      outcome: 'unavailable',
      why: 'the client cannot show forms',
    });
  });
});
