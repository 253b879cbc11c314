import { startFakeMessages, type FakeMessages, type Fault, type Step } from '@deskhand/fake-messages';
import { afterEach, describe, expect, test } from 'vitest';
import {
  AnthropicModel,
  ChatModel,
  type Message,
  type Model,
  type ModelEvent,
  type ModelRequest,
} from '../src/index.ts';

let api: FakeMessages;

afterEach(() => api.close());

const signal = new AbortController().signal;
const tools = [{ name: 'add', description: 'Adds', inputSchema: { type: 'object' } }];
const words: Message = { role: 'user', content: [{ type: 'text', text: 'Add 1 and 2' }] };
const request: ModelRequest = { system: 'Be short.', tools, messages: [words], maxTokens: 1_000 };
const called = { text: 'Let me add.', toolCalls: [{ name: 'add', input: { a: 1, b: 'zwei' } }] };
const dot =
  'iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg==';

describe.each<readonly [string, (url: string, more?: { patience?: number }) => Model]>([
  [
    'Messages',
    (baseUrl, more) =>
      new AnthropicModel({ model: 'claude-sonnet-5-5', apiKey: 'none', baseUrl, retries: 0, ...more }),
  ],
  ['chat completions', (url, more) => new ChatModel({ model: 'qwen3', baseUrl: `${url}/v1/`, ...more })],
])('%s', (_name, modelAt) => {
  const start = async (...steps: readonly Step[]): Promise<Model> => {
    api = await startFakeMessages({ steps });
    return modelAt(api.url);
  };

  test('a turn comes in pieces and whole, with what it used', async () => {
    const model = await start({ reply: called });
    const heard: ModelEvent[] = [];
    const turn = await model.respond(request, { signal, hear: (event) => heard.push(event) });
    expect(turn.content).toMatchObject([
      { type: 'text', text: 'Let me add.' },
      { type: 'call', name: 'add', input: { a: 1, b: 'zwei' } },
    ]);
    expect(turn.stop).toBe('calls');
    expect(turn.usage.input + turn.usage.cacheWrite.short).toBeGreaterThan(10);
    expect(turn.usage.output).toBeGreaterThan(10);
    expect(turn.requestId).not.toBe(null);
    expect(heard.map((event) => (event.kind === 'text' ? event.text : '')).join('')).toBe('Let me add.');
    expect(heard.at(-1)).toEqual({ kind: 'call', name: 'add' });
  });

  test('the conversation goes on with results, words and pictures, errors among them', async () => {
    const both = {
      toolCalls: [
        { name: 'add', input: {} },
        { name: 'add', input: {} },
      ],
    };
    const model = await start({ reply: both }, { reply: { text: 'It is 3.' } });
    const { content } = await model.respond(request, { signal });
    const [first, second] = content.flatMap((part) => (part.type === 'call' ? [part.id] : []));
    const results: Message = {
      role: 'user',
      content: [
        {
          type: 'result',
          id: first ?? '',
          isError: false,
          content: [
            { type: 'text', text: '3' },
            { type: 'picture', mimeType: 'image/png', data: dot },
          ],
        },
        { type: 'result', id: second ?? '', isError: true, content: [] },
        { type: 'text', text: 'Go on' },
      ],
    };
    const turn = await model.respond(
      { ...request, messages: [words, { role: 'assistant', content }, results] },
      { signal },
    );
    expect(turn).toMatchObject({ content: [{ type: 'text', text: 'It is 3.' }], stop: 'end' });
    expect(JSON.stringify(api.requests[1])).toContain(dot.slice(0, 20));
    expect(api.refusals).toEqual([]);
    api.done();
  });

  test.each([
    ['max_tokens', 'cut'],
    ['refusal', 'refused'],
  ] as const)('%s is a turn that is %s', async (stopReason, stop) => {
    const model = await start({ reply: { text: 'So far', stopReason } });
    expect(await model.respond(request, { signal })).toMatchObject({ stop, content: [{ text: 'So far' }] });
  });

  test.each<readonly [Fault, string, boolean]>([
    [{ kind: 'rate limit', retryAfter: 7 }, 'rate_limited', true],
    [{ kind: 'overloaded' }, 'overloaded', true],
    [{ kind: 'server error' }, 'overloaded', true],
    [{ kind: 'dropped', after: 4 }, 'broken', true],
    [{ kind: 'malformed', after: 4 }, 'broken', true],
    [{ kind: 'overloaded later', after: 4 }, 'broken|overloaded', true],
  ])('$kind says what it is, and the next request goes through', async (fault, code, isPassing) => {
    const model = await start(
      { reply: { text: 'A text of more than a piece' }, fault },
      { reply: { text: 'Yes' } },
    );
    const error = await model.respond(request, { signal }).catch((reason: unknown) => reason);
    expect(error).toMatchObject({ name: 'ModelError', isPassing });
    expect(error instanceof Error && 'code' in error && error.code).toMatch(new RegExp(`^(?:${code})$`));
    if (fault.kind === 'rate limit') expect(error).toMatchObject({ retryAfter: 7_000 });
    expect(await model.respond(request, { signal })).toMatchObject({ content: [{ text: 'Yes' }] });
  });

  test('silence ends after a while, and says so', async () => {
    const reply = { text: 'Yes' };
    let isStalled = true;
    // a busy machine may be silent before the service is
    api = await startFakeMessages({
      steps: () => ({ reply, ...(isStalled && { fault: { kind: 'stalled', after: 3 } }) }),
    });
    const hasty = modelAt(api.url, { patience: 300 });
    await expect(hasty.respond(request, { signal })).rejects.toMatchObject({
      code: 'silent',
      isPassing: true,
    });
    isStalled = false;
    expect(await modelAt(api.url).respond(request, { signal })).toMatchObject({ stop: 'end' });
  });

  test('who leaves gets their own reason', async () => {
    const model = await start(
      { reply: { text: 'Yes' }, fault: { kind: 'stalled', after: 4 } },
      { reply: { text: 'Yes' } },
    );
    const leaving = new AbortController();
    const left = model.respond(request, {
      signal: leaving.signal,
      hear: () => leaving.abort(new Error('left')),
    });
    await expect(left).rejects.toThrow('left');
    expect(await model.respond(request, { signal })).toMatchObject({ stop: 'end' });
  });

  test('a request that is not in order is not tried again', async () => {
    const model = await start({ reply: { text: 'Yes' } });
    const twice = { ...request, tools: [...tools, ...tools] };
    await expect(model.respond(twice, { signal })).rejects.toMatchObject({
      code: 'rejected',
      isPassing: false,
    });
    expect(await model.respond(request, { signal })).toMatchObject({ stop: 'end' });
    expect(api.refusals).toHaveLength(1);
  });

  test('a service that is not there is named', async () => {
    await start();
    const model = modelAt('http://127.0.0.1:1');
    const failure = model.respond(request, { signal });
    await expect(failure).rejects.toMatchObject({ code: 'unreachable' });
    await expect(failure).rejects.toThrow('http://127.0.0.1:1');
  });

  test('tokens are counted', async () => {
    const model = await start();
    const few = await model.count(request, { signal });
    const more = await model.count({ ...request, system: 'Be short. '.repeat(100) }, { signal });
    expect(more.tokens).toBeGreaterThan(few.tokens + 100);
  });
});

test('who is not known to the service is told so', async () => {
  api = await startFakeMessages({ steps: [] });
  const model = new ChatModel({ model: 'none', baseUrl: `${api.url}/nowhere` });
  await expect(model.respond(request, { signal })).rejects.toMatchObject({
    code: 'not_signed_in',
    isPassing: false,
  });
});
