import Anthropic from '@anthropic-ai/sdk';
import { afterEach, expect, test } from 'vitest';
import { startFakeMessages, type FakeMessages, type Fault, type Step } from '../src/index.ts';

let api: FakeMessages;

afterEach(() => api.close());

async function start(steps: readonly Step[], maxRetries = 0): Promise<Anthropic> {
  api = await startFakeMessages({ steps });
  return new Anthropic({ baseURL: api.url, apiKey: 'none', maxRetries, authToken: null });
}

const ask = {
  model: 'claude-sonnet-5-5',
  max_tokens: 100,
  messages: [{ role: 'user' as const, content: 'Hello' }],
};
const reply = { text: 'A text that is longer than one piece of a stream is' };

test('what is refused is tried again by the SDK, after the time that it was told', async () => {
  const kinds: readonly Fault[] = [
    { kind: 'rate limit', retryAfter: 0 },
    { kind: 'overloaded' },
    { kind: 'server error' },
  ];
  const client = await start([...kinds.map((fault) => ({ fault })), { reply }], 3);
  expect((await client.messages.create(ask)).content).toMatchObject([reply]);
  expect(api.requests).toHaveLength(4);
  api.done();
});

test('who does not try again sees why', async () => {
  const client = await start([
    { fault: { kind: 'rate limit', retryAfter: 7 } },
    { fault: { kind: 'overloaded' } },
    { fault: { kind: 'server error' } },
  ]);
  const error = await client.messages.create(ask).catch((reason: unknown) => reason);
  expect(error).toMatchObject({ status: 429, requestID: 'req_1', type: 'rate_limit_error' });
  expect(error instanceof Anthropic.RateLimitError && new Headers(error.headers).get('retry-after')).toBe(
    '7',
  );
  await expect(client.messages.create(ask)).rejects.toMatchObject({ status: 529, type: 'overloaded_error' });
  await expect(client.messages.create(ask)).rejects.toMatchObject({ status: 500, type: 'api_error' });
  expect(api.refusals).toEqual([
    'This request would exceed your rate limit',
    'Overloaded',
    'Internal server error',
  ]);
});

const events = async (client: Anthropic, signal?: AbortSignal): Promise<string[]> => {
  const seen: string[] = [];
  const stream = await client.messages.create({ ...ask, stream: true }, { signal: signal ?? null });
  try {
    for await (const { type } of stream) seen.push(type);
    seen.push('end');
  } catch (error) {
    seen.push(error instanceof Error ? error.constructor.name : 'error');
  }
  return seen;
};

const began = ['message_start', 'content_block_start', 'content_block_delta'];

test.each([
  ['dropped', 'TypeError'],
  ['malformed', 'SyntaxError'],
  ['overloaded later', 'APIError'],
] as const)('a stream is %s after some events', async (kind, failure) => {
  const client = await start([{ reply, fault: { kind, after: 4 } }, { reply }]);
  const seen = await events(client);
  expect(seen.slice(0, 3)).toEqual(began);
  expect(seen.slice(3)).toEqual([expect.stringMatching(new RegExp(`${failure}|Error`))]);
  expect((await events(client)).at(-1)).toBe('end');
  expect(api.answers).toHaveLength(2);
});

test('a stream stalls until the client leaves', async () => {
  const client = await start([{ reply, fault: { kind: 'stalled', after: 4 } }, { reply }]);
  const leaving = new AbortController();
  const stream = await client.messages.create({ ...ask, stream: true }, { signal: leaving.signal });
  const seen: string[] = [];
  for await (const { type } of stream) {
    seen.push(type);
    if (type === 'content_block_delta') leaving.abort();
  }
  expect(seen).toEqual(began);
  expect((await events(client)).at(-1)).toBe('end');
});

test.each(['dropped', 'malformed', 'overloaded later'] as const)(
  'an answer that is no stream is %s too',
  async (kind) => {
    const client = await start([{ reply, fault: { kind, after: 0 } }, { reply }]);
    await expect(client.messages.create(ask)).rejects.toThrow();
    expect((await client.messages.create(ask)).content).toMatchObject([reply]);
  },
);

test('an answer that is no stream stalls until the client leaves', async () => {
  const client = await start([{ reply, fault: { kind: 'stalled', after: 0 } }, { reply }]);
  const leaving = new AbortController();
  const left = client.messages.create(ask, { signal: leaving.signal }).catch((reason: unknown) => reason);
  await expect.poll(() => api.requests.length).toBe(1);
  leaving.abort();
  expect(await left).toBeInstanceOf(Anthropic.APIUserAbortError);
  expect((await client.messages.create(ask)).content).toMatchObject([reply]);
});
