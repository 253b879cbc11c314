import Anthropic from '@anthropic-ai/sdk';
import { afterEach, expect, test } from 'vitest';
import { startFakeMessages, type FakeMessages, type Step } from '../src/index.ts';

let api: FakeMessages;

afterEach(() => api.close());

async function start(steps: readonly Step[], options: { now?: () => number } = {}): Promise<Anthropic> {
  api = await startFakeMessages({ steps, ...options });
  return new Anthropic({ baseURL: api.url, apiKey: 'none', maxRetries: 0, authToken: null });
}

const model = 'claude-sonnet-5-5';
const ask = { model, max_tokens: 1_000, messages: [{ role: 'user' as const, content: 'Add 1 and 2' }] };
const tools = [{ name: 'add', description: 'Adds', input_schema: { type: 'object' as const } }];

const called = {
  thinking: 'I should add them, which a tool does.',
  text: 'Let me add.',
  toolCalls: [{ name: 'add', input: { a: 1, b: 'zwei' } }],
};

test('the SDK puts a stream together: thinking, words, calls of tools and usage', async () => {
  const client = await start([{ reply: called }]);
  const message = await client.messages.stream({ ...ask, tools }).finalMessage();
  expect(message.content).toMatchObject([
    { type: 'thinking', thinking: called.thinking },
    { type: 'text', text: 'Let me add.', citations: null },
    {
      type: 'tool_use',
      id: 'toolu_1_2',
      name: 'add',
      input: { a: 1, b: 'zwei' },
      caller: { type: 'direct' },
    },
  ]);
  expect(message.stop_reason).toBe('tool_use');
  expect(message.usage).toMatchObject({ cache_read_input_tokens: 0, cache_creation_input_tokens: 0 });
  expect(message.usage.input_tokens).toBeGreaterThan(10);
  expect(message.usage.output_tokens).toBeGreaterThan(10);
  expect(api.answers[0]?.content).toEqual(message.content);
  api.done();
});

test('the same without a stream', async () => {
  const client = await start([{ reply: called }]);
  const message = await client.messages.create({ ...ask, tools });
  expect(message.content).toEqual(api.answers[0]?.content);
});

test('a conversation goes on with what was answered', async () => {
  const client = await start([
    { reply: called },
    { reply: (request) => ({ text: `${request.messages.length} messages` }) },
  ]);
  const first = await client.messages.create({ ...ask, tools });
  const second = await client.messages.create({
    ...{ ...ask, tools },
    messages: [
      ...ask.messages,
      { role: 'assistant', content: first.content },
      { role: 'user', content: [{ type: 'tool_result', tool_use_id: 'toolu_1_2', content: '3' }] },
    ],
  });
  expect(second.content).toEqual([{ type: 'text', text: '3 messages', citations: null }]);
  expect(second.stop_reason).toBe('end_turn');
});

test.each(['max_tokens', 'refusal', 'pause_turn'] as const)('an answer ends for %s', async (stopReason) => {
  const client = await start([{ reply: { text: 'So far', stopReason } }]);
  expect((await client.messages.create(ask)).stop_reason).toBe(stopReason);
});

test('models are listed, and tokens counted without a step', async () => {
  const client = await start([]);
  const names: string[] = [];
  for await (const { id } of client.models.list()) names.push(id);
  expect(names).toContain(model);
  const { messages } = ask;
  const { input_tokens: few } = await client.messages.countTokens({ model, messages });
  const { input_tokens: more } = await client.messages.countTokens({ model, messages, tools });
  expect(more).toBeGreaterThan(few);
  api.done();
});

test('a request that was not expected is refused, and told at the end; so are steps that nobody took', async () => {
  const wants = (words: string): Step => ({
    expect: ({ messages }) => {
      if (!JSON.stringify(messages).includes(words)) throw new Error(`no word of ${words}`);
    },
    reply: { text: 'Good' },
  });
  const client = await start([wants('Add 1'), wants('Subtract'), wants('Divide')]);
  expect((await client.messages.create(ask)).content).toMatchObject([{ text: 'Good' }]);
  await expect(client.messages.create(ask)).rejects.toThrow('step 2 of the script: no word of Subtract');
  expect(() => api.done()).toThrow(/^step 2: no word of Subtract\n1 steps were left$/);
});

test('a request after the end of the script is refused', async () => {
  const client = await start([]);
  await expect(client.messages.create(ask)).rejects.toThrow('the script has ended');
  expect(() => api.done()).toThrow('step 1: the script has ended');
});

test('who does not say who they are is refused', async () => {
  await start([{ reply: { text: 'Hello' } }]);
  const body = JSON.stringify(ask);
  const post = (headers: Record<string, string>): Promise<Response> =>
    fetch(`${api.url}/v1/messages`, { method: 'POST', body, headers });
  expect((await post({})).status).toBe(401);
  expect((await post({ 'x-api-key': 'none' })).status).toBe(400);
  expect((await post({ 'x-api-key': 'none', 'anthropic-version': '2023-06-01' })).status).toBe(200);
  expect(
    (await fetch(`${api.url}/v1/other`, { headers: { 'x-api-key': 'a', 'anthropic-version': '2023-06-01' } }))
      .status,
  ).toBe(404);
});
