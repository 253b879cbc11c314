import Anthropic from '@anthropic-ai/sdk';
import { expect, onTestFinished, test } from 'vitest';
import { replay, startFakeMessages } from '../src/index.ts';

type Messages = Anthropic.MessageParam[];

/** A client of a server of its own, as after a restart. */
async function start(turns: readonly unknown[]): Promise<(messages: Messages) => Promise<Anthropic.Message>> {
  const api = await startFakeMessages({ steps: replay(JSON.stringify(turns)) });
  onTestFinished(() => api.close());
  const client = new Anthropic({ baseURL: api.url, apiKey: 'none', maxRetries: 0, authToken: null });
  const tools = [{ name: 'click', description: 'Clicks', input_schema: { type: 'object' as const } }];
  return (messages) =>
    client.messages.create({ model: 'claude-sonnet-5-5', max_tokens: 1_000, tools, messages });
}

const asked: Messages = [{ role: 'user', content: 'Buy it at http://127.0.0.1:81/' }];

/** The conversation after the calls of a turn were answered. */
function answered(before: Messages, { content }: Anthropic.Message, ...results: string[]): Messages {
  const calls = content.filter((block) => block.type === 'tool_use');
  return [
    ...before,
    { role: 'assistant', content },
    {
      role: 'user',
      content: calls.map(({ id }, index) => ({
        type: 'tool_result',
        tool_use_id: id,
        content: [{ type: 'text', text: results[index] ?? '' }],
      })),
    },
  ];
}

const click = (input: unknown): unknown => ({ toolCalls: [{ name: 'click', input }] });

test('what a recording cannot know is filled in: words, numbers, parts of a text, the newest first', async () => {
  const ask = await start([
    { toolCalls: [1, 2].map(() => ({ name: 'click', input: {} })) },
    click({
      ref: '«button "Buy" \\[(e\\d+)\\]»',
      at: ['«#x (\\d+)»'],
      note: 'for «(\\d+) EUR» €',
      url: '«(http:\\S+)»',
    }),
    { text: 'Bought.' },
  ]);
  const first = await ask(asked);
  const second = await ask(answered(asked, first, 'button "Buy" [e7]\n12 EUR', 'button "Buy" [e9]\nx 640'));
  expect(second.content).toMatchObject([
    { input: { ref: 'e9', at: [640], note: 'for 12 €', url: 'http://127.0.0.1:81/' } },
  ]);
});

test('a server that begins anew goes on with the turn that follows, and calls keep names of their own', async () => {
  const turns = [click({}), click({ n: 2 }), { text: 'Done.' }];
  const first = await (await start(turns))(asked);
  const after = answered(asked, first, 'clicked');
  const second = await (await start(turns))(after);
  const last = await (await start(turns))(answered(after, second, 'clicked'));
  expect(second.content).toMatchObject([{ input: { n: 2 } }]);
  expect(last.content).toMatchObject([{ text: 'Done.' }]);
  const ids = [first, second].flatMap(({ content }) => content.map((block) => 'id' in block && block.id));
  expect(new Set(ids).size).toBe(2);
});

test('what is nowhere, and what comes after the end, is refused and says why', async () => {
  const ask = await start([click({}), click({ ref: '«button "Buy" \\[(e\\d+)\\]»' })]);
  const first = await ask(asked);
  await expect(ask(answered(asked, first, 'nothing'))).rejects.toThrow('nothing that was told has button');
  const whole = answered(asked, first, 'button "Buy" [e1]');
  const after = answered(whole, await ask(whole), 'clicked');
  await expect(ask(after)).rejects.toThrow('the recording has 2 turns');
});

test('what is no recording is refused', () => {
  expect(() => replay('[{"words":"Recorded"}]')).toThrow('words');
  expect(() => replay('{')).toThrow(SyntaxError);
});
