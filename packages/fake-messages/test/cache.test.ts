import Anthropic from '@anthropic-ai/sdk';
import { afterEach, expect, test } from 'vitest';
import { startFakeMessages, type FakeMessages } from '../src/index.ts';

let api: FakeMessages;
let client: Anthropic;
let now: number;

afterEach(() => api.close());

async function start(): Promise<void> {
  now = 0;
  api = await startFakeMessages({
    steps: Array.from({ length: 9 }, () => ({ reply: { text: 'Yes' } })),
    now: () => now,
  });
  client = new Anthropic({ baseURL: api.url, apiKey: 'none', maxRetries: 0, authToken: null });
}

const marked = { cache_control: { type: 'ephemeral' as const } };
const long = 'A rule of the house. '.repeat(400);
const system = [{ type: 'text' as const, text: long, ...marked }];
const tool = (name: string) => ({ name, description: long, input_schema: { type: 'object' as const } });

type More = Partial<Anthropic.MessageCreateParamsNonStreaming>;

async function usage(more: More = {}): Promise<{ input: number; read: number; written: number }> {
  const { usage: used } = await client.messages.create({
    ...{ model: 'claude-sonnet-5-5', max_tokens: 100, system },
    messages: [{ role: 'user', content: 'Words' }],
    ...more,
  });
  return {
    input: used.input_tokens,
    read: used.cache_read_input_tokens ?? 0,
    written: used.cache_creation_input_tokens ?? 0,
  };
}

test('what was written is read by the next request that begins the same, and nothing is counted twice', async () => {
  await start();
  const first = await usage();
  expect(first.read).toBe(0);
  expect(first.written).toBeGreaterThan(2_000);
  const second = await usage({ messages: [{ role: 'user', content: 'Other words' }] });
  expect(second).toMatchObject({ read: first.written, written: 0 });
  expect(second.input).toBeLessThan(50);
});

test('a turn reads what the turn before it wrote, though the mark has moved on', async () => {
  await start();
  const turn = (content: Anthropic.ContentBlockParam[]): Anthropic.MessageParam => ({
    role: 'user',
    content,
  });
  const before = { type: 'text' as const, text: long };
  const one = await usage({ messages: [turn([{ ...before, ...marked }])] });
  const two = await usage({
    messages: [
      turn([before]),
      { role: 'assistant', content: 'Yes' },
      turn([{ type: 'text', text: 'More', ...marked }]),
    ],
  });
  expect(two).toMatchObject({ read: one.written, input: 0 });
  expect(two.written).toBeGreaterThan(0);
});

test.each<readonly [string, More]>([
  ['a tool more', { tools: [tool('add'), tool('sub')] }],
  ['tools in another order', { tools: [tool('sub'), tool('add')] }],
  ['another word of the system', { system: [{ type: 'text', text: `${long}!`, ...marked }] }],
  ['another model', { model: 'claude-opus-5-5' }],
  ['another effort', { output_config: { effort: 'high' } }],
])('%s makes it read nothing', async (_name, more) => {
  await start();
  const { written } = await usage({ tools: [tool('add')] });
  expect(await usage({ tools: [tool('add')] })).toMatchObject({ read: written });
  expect(await usage({ tools: [tool('add')], ...more })).toMatchObject({ read: 0 });
});

test('a tool that is put off changes nothing', async () => {
  await start();
  const { written } = await usage({ tools: [tool('add')] });
  const more = { tools: [tool('add'), { ...tool('sub'), defer_loading: true }] };
  expect(await usage(more)).toMatchObject({ read: written, written: 0 });
});

test('a tool that is put off is counted where it is referred to, and has to stay as it was', async () => {
  await start();
  const later = { ...tool('sub'), defer_loading: true };
  const content = [{ type: 'tool_reference' as const, tool_name: 'sub' }];
  const messages: Anthropic.MessageParam[] = [
    { role: 'user', content: 'Find' },
    { role: 'assistant', content: [{ type: 'tool_use', id: 'a', name: 'add', input: {} }] },
    { role: 'user', content: [{ type: 'tool_result', tool_use_id: 'a', content, ...marked }] },
  ];
  const before = await usage({ tools: [tool('add')] });
  const first = await usage({ tools: [tool('add'), later], messages });
  expect(first.read).toBe(before.written);
  expect(first.written).toBeGreaterThan(2_000);
  const all = first.read + first.written;
  expect(await usage({ tools: [tool('add'), later], messages })).toMatchObject({ read: all, written: 0 });
  const other = { ...later, description: 'Another' };
  expect(await usage({ tools: [tool('add'), other], messages })).toMatchObject({ read: before.written });
  const { input_tokens: counted } = await client.messages.countTokens({
    ...{ model: 'claude-sonnet-5-5', system, tools: [tool('add'), later], messages },
  });
  expect(Math.abs(counted - all)).toBeLessThan(100);
});

test('it is forgotten after five minutes, or an hour where that was asked; reading it begins the time anew', async () => {
  await start();
  const { written } = await usage();
  now += 4 * 60_000;
  expect(await usage()).toMatchObject({ read: written });
  now += 4 * 60_000;
  expect(await usage()).toMatchObject({ read: written });
  now += 6 * 60_000;
  expect(await usage()).toMatchObject({ read: 0, written });
  const hour = {
    system: [
      {
        type: 'text' as const,
        text: long,
        cache_control: { type: 'ephemeral' as const, ttl: '1h' as const },
      },
    ],
  };
  now += 6 * 60_000;
  await usage(hour);
  now += 50 * 60_000;
  expect(await usage(hour)).toMatchObject({ read: written });
});

test('what is too short is not kept', async () => {
  await start();
  const short = { system: [{ type: 'text' as const, text: 'Short', ...marked }] };
  expect(await usage(short)).toMatchObject({ read: 0, written: 0 });
  expect(await usage(short)).toMatchObject({ read: 0, written: 0 });
});
