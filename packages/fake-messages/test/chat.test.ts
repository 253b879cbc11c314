import { afterEach, expect, test } from 'vitest';
import { z } from 'zod';
import { startFakeMessages, type FakeMessages, type Step } from '../src/index.ts';

let api: FakeMessages;

afterEach(() => api.close());

const start = async (steps: readonly Step[]): Promise<void> => {
  api = await startFakeMessages({ steps });
};

const post = (body: object): Promise<Response> =>
  fetch(`${api.url}/v1/chat/completions`, {
    method: 'POST',
    body: JSON.stringify({ model: 'qwen3', messages: [{ role: 'user', content: 'Add' }], ...body }),
  });

const called = { text: 'Let me add.', toolCalls: [{ name: 'add', input: { a: 1 } }] };
const tools = [{ type: 'function', function: { name: 'add', parameters: { type: 'object' } } }];
const call = { id: 'a', type: 'function', function: { name: 'add', arguments: '{"a":1}' } };

test('a chat is answered with words and calls', async () => {
  await start([{ reply: called }]);
  const response = await post({ tools });
  expect(await response.json()).toMatchObject({
    object: 'chat.completion',
    model: 'qwen3',
    choices: [
      {
        finish_reason: 'tool_calls',
        message: {
          role: 'assistant',
          content: 'Let me add.',
          tool_calls: [{ type: 'function', function: { name: 'add', arguments: '{"a":1}' } }],
        },
      },
    ],
  });
});

const chunk = z.looseObject({
  choices: z.array(
    z.looseObject({
      finish_reason: z.string().nullable(),
      delta: z.looseObject({
        content: z.string().optional(),
        tool_calls: z.array(z.looseObject({ function: z.looseObject({ arguments: z.string() }) })).optional(),
      }),
    }),
  ),
  usage: z.looseObject({ total_tokens: z.number() }).optional(),
});

test('a stream brings the same in pieces, with usage where it is asked for', async () => {
  await start([{ reply: called }]);
  const text = await (await post({ tools, stream: true, stream_options: { include_usage: true } })).text();
  const lines = text
    .trim()
    .split('\n\n')
    .map((line) => line.replace(/^data: /, ''));
  expect(lines.at(-1)).toBe('[DONE]');
  const chunks = lines.slice(0, -1).map((line) => chunk.parse(JSON.parse(line)));
  const deltas = chunks.flatMap(({ choices }) => choices.map(({ delta }) => delta));
  expect(deltas.map(({ content = '' }) => content).join('')).toBe('Let me add.');
  expect(
    deltas.flatMap(({ tool_calls: calls = [] }) => calls.map((one) => one.function.arguments)).join(''),
  ).toBe('{"a":1}');
  expect(chunks.flatMap(({ choices }) => choices.flatMap((one) => one.finish_reason ?? []))).toEqual([
    'tool_calls',
  ]);
  expect(chunks.at(-1)?.usage?.total_tokens).toBeGreaterThan(0);
});

test('results go back, several in a turn; a call without one is refused', async () => {
  await start([{ reply: { text: 'Done' } }]);
  const asked = [
    { role: 'system', content: 'Be short' },
    { role: 'user', content: 'Add' },
    { role: 'assistant', content: null, tool_calls: [call, { ...call, id: 'b' }] },
  ];
  const result = (id: string) => ({ role: 'tool', tool_call_id: id, content: '3' });
  const missing = await post({ tools, messages: [...asked, result('a')] });
  expect([missing.status, await missing.text()]).toEqual([400, expect.stringContaining(': b')]);
  const whole = await post({ tools, messages: [...asked, result('a'), result('b')] });
  expect([whole.status, await whole.json()]).toMatchObject([200, { choices: [{ finish_reason: 'stop' }] }]);
  expect(api.requests.map(({ system }) => system)).toEqual([[{ type: 'text', text: 'Be short' }]]);
  api.done();
});

test.each<readonly [string, object]>([
  [
    'arguments that are no JSON',
    {
      messages: [
        { role: 'user', content: 'Add' },
        { role: 'assistant', tool_calls: [{ ...call, function: { name: 'add', arguments: '{' } }] },
        { role: 'tool', tool_call_id: 'a', content: '3' },
      ],
    },
  ],
  ['a name that is too long', { tools: [{ type: 'function', function: { name: 'a'.repeat(65) } }] }],
  ['a key that is not known', { thinking: true }],
])('%s: refused', async (_name, body) => {
  await start([{ reply: { text: 'Done' } }]);
  expect((await post(body)).status).toBe(400);
  expect((await post({})).status).toBe(200);
});

test('faults come here too', async () => {
  await start([
    { fault: { kind: 'rate limit', retryAfter: 3 } },
    { reply: called, fault: { kind: 'overloaded later', after: 2 } },
  ]);
  const limited = await post({});
  expect([limited.status, limited.headers.get('retry-after')]).toEqual([429, '3']);
  expect(await (await post({ stream: true })).text()).toMatch(
    /"role":"assistant"[\s\S]*\n\ndata: \{"error":\{"message":"Overloaded"/,
  );
});
