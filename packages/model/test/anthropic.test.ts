import { startFakeMessages, type FakeMessages, type Step } from '@deskhand/fake-messages';
import { afterEach, expect, test } from 'vitest';
import { AnthropicModel, type Message, type ModelRequest, type TurnPart } from '../src/index.ts';

let api: FakeMessages;

afterEach(() => api.close());

const signal = new AbortController().signal;
const tools = [{ name: 'add', description: 'Adds', inputSchema: { type: 'object' } }];
const said = (text: string): Message => ({ role: 'user', content: [{ type: 'text', text }] });
const system = 'A rule of the house. '.repeat(400);
const request: ModelRequest = { system, tools, messages: [said('Add')], maxTokens: 1_000 };
const called = { thinking: 'A tool adds.', toolCalls: [{ name: 'add', input: {} }] };

async function start(...steps: readonly Step[]): Promise<(name?: string) => AnthropicModel> {
  api = await startFakeMessages({ steps });
  return (model = 'claude-sonnet-5-5') =>
    new AnthropicModel({ model, apiKey: 'none', baseUrl: api.url, retries: 2 });
}

const answered = (content: readonly TurnPart[]): Message => ({
  role: 'user',
  content: content.flatMap((part) =>
    part.type === 'call' ? [{ type: 'result' as const, id: part.id, isError: false, content: [] }] : [],
  ),
});

test('thinking goes back as it came, and not to another model', async () => {
  const modelOf = await start({ reply: called }, { reply: { text: 'Three' } }, { reply: { text: 'Drei' } });
  const { content } = await modelOf().respond(request, { signal });
  expect(content[0]).toMatchObject({ type: 'thinking', model: 'claude-sonnet-5-5', text: 'A tool adds.' });
  const messages = [said('Add'), { role: 'assistant' as const, content }, answered(content)];
  expect((await modelOf().respond({ ...request, messages }, { signal })).stop).toBe('end');
  const other = await modelOf('claude-opus-5-5').respond({ ...request, messages }, { signal });
  expect(other.content).toEqual([{ type: 'text', text: 'Drei' }]);
  expect(api.requests.map((one) => JSON.stringify(one.messages).includes('A tool adds.'))).toEqual([
    false,
    true,
    false,
  ]);
  expect(api.refusals).toEqual([]);
});

test('over twenty turns with calls nine of ten tokens are read from the cache', async () => {
  const turns = Array.from({ length: 20 }, (_, index) => ({
    reply: { ...called, text: `Step ${index}` },
  }));
  const model = (await start(...turns))();
  const messages: Message[] = [said('Add all')];
  const sum = { read: 0, all: 0 };
  for (let turn = 0; turn < 20; turn++) {
    const { content, usage } = await model.respond({ ...request, messages }, { signal });
    messages.push({ role: 'assistant', content }, answered(content));
    sum.read += usage.cacheRead;
    sum.all += usage.cacheRead + usage.cacheWrite.short + usage.cacheWrite.long + usage.input;
  }
  expect(sum.read / sum.all).toBeGreaterThan(0.9);
});

test('what is passing is tried again by itself', async () => {
  const model = (await start({ fault: { kind: 'overloaded' } }, { reply: { text: 'Yes' } }))();
  expect(await model.respond(request, { signal })).toMatchObject({ content: [{ text: 'Yes' }] });
  api.done();
});

test('a turn may pause, and goes on when it is sent back', async () => {
  const modelOf = await start({ reply: { text: 'So far', stopReason: 'pause_turn' } });
  expect((await modelOf().respond(request, { signal })).stop).toBe('paused');
});

test('texts without a character are left out, which the service would refuse', async () => {
  const modelOf = await start({ reply: { text: 'Yes' } });
  const messages = [
    said('Add'),
    {
      role: 'assistant' as const,
      content: [
        { type: 'text' as const, text: '' },
        { type: 'text' as const, text: 'Yes' },
      ],
    },
    said('Go on'),
  ];
  expect((await modelOf().respond({ ...request, messages }, { signal })).stop).toBe('end');
});
