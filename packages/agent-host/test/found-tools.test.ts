import type { MessagesRequest, Step } from '@deskhand/fake-messages';
import type { OutcomePart } from '@deskhand/gateway';
import { afterEach, expect, test } from 'vitest';
import { markdownOf, type Session } from '../src/index.ts';
import { Lab, NO_LIMITS } from './lab/lab.ts';
import { said, type Toy } from './lab/toy-gateway.ts';

let lab: Lab;

afterEach(() => lab.close());

const told = (name: string, description = 'Sells it'): OutcomePart => ({
  ...{ type: 'text', text: `${name}(what?: string), in words` },
  tool: { name, description, inputSchema: { type: 'object' }, isReadOnly: true },
});
const finds = (...content: readonly OutcomePart[]): Toy => ({ run: () => ({ ...said(''), content }) });
const lazy = (run: Toy['run'] = () => said('sold')): Toy => ({ isLazy: true, run });
const toys: Readonly<Record<string, Toy>> = {
  find_tools: finds(told('shop__sell'), told('shop__buy')),
  call_tool: { standsIn: true, run: () => said('sold') },
  shop__sell: lazy(),
};

const call = (name: string): Step => ({
  reply: { thinking: 'A tool does it.', toolCalls: [{ name, input: {} }] },
});
const done: Step = { reply: { text: 'Done.' } };

const namesIn = ({ tools = [] }: MessagesRequest, isLater: boolean): readonly string[] =>
  tools.filter((tool) => 'defer_loading' in tool === isLater).map(({ name = '' }) => name);

/** What each request has in front, what it puts off, and what it refers to. */
const sent = () =>
  lab.api.requests.map((request) => [
    namesIn(request, false),
    namesIn(request, true),
    [...JSON.stringify(request.messages).matchAll(/"tool_name":"(\w+)"/g)].map(([, name]) => name),
  ]);

async function goOn(session: Session, model = 'claude-opus-5-5'): Promise<void> {
  session.append({ kind: 'resumed', limits: NO_LIMITS, model });
  session.append({ kind: 'said', content: [{ type: 'text', text: 'Go on' }] });
  expect(await lab.run(session)).toEqual({ kind: 'idle' });
}

test('a found tool is called by its name, one after the other whatever it says of itself', async () => {
  const running = { now: 0, most: 0 };
  const sell = lazy(async () => {
    running.most = Math.max(running.most, ++running.now);
    await new Promise(setImmediate);
    running.now -= 1;
    return said('sold');
  });
  const twice = { reply: { toolCalls: [1, 2].map((what) => ({ name: 'shop__sell', input: { what } })) } };
  lab = await Lab.open({ steps: [call('find_tools'), twice, done], toys: { ...toys, shop__sell: sell } });
  const session = await lab.begin();
  expect(await lab.run(session)).toEqual({ kind: 'idle' });
  expect(lab.gateway.calls.map(({ name }) => name)).toEqual(['find_tools', 'shop__sell', 'shop__sell']);
  expect(running.most).toBe(1);
  const found = ['shop__sell', 'shop__buy'];
  expect(sent()).toEqual([
    [['find_tools'], [], []],
    [['find_tools'], found, found],
    [['find_tools'], found, found],
  ]);
  expect(lab.api.refusals).toEqual([]);
  expect(markdownOf('Sale', session.events)).toContain('shop__sell(what?: string), in words');
  session.close();
});

test('a session that goes on with another model tells it in words what was found, and back again', async () => {
  lab = await Lab.open({ steps: [call('find_tools'), done, done, call('shop__sell'), done], toys });
  const session = await lab.begin();
  await lab.run(session);
  await goOn(session, 'qwen3:8b');
  await goOn(session);
  const found = ['shop__sell', 'shop__buy'];
  const pair = ['call_tool', 'find_tools'];
  expect(sent().slice(1)).toEqual([
    [['find_tools'], found, found],
    [pair, [], []],
    [['find_tools'], found, found],
    [['find_tools'], found, found],
  ]);
  const words = lab.api.requests.map(({ messages }) => JSON.stringify(messages).includes('in words'));
  expect(words).toEqual([false, false, true, false, false]);
  expect(lab.api.refusals).toEqual([]);
  session.close();
});

test('a tool that was never found is a call like any other', async () => {
  const shop__keys = lazy(() => said('No tool is called "shop__keys".', true));
  lab = await Lab.open({
    steps: [call('shop__keys'), call('call_tool'), done],
    toys: { ...toys, shop__keys },
  });
  const session = await lab.begin();
  expect(await lab.run(session)).toEqual({ kind: 'idle' });
  expect(lab.gateway.calls.map(({ name }) => name)).toEqual(['shop__keys', 'call_tool']);
  expect(lab.api.refusals).toEqual([]);
  session.close();
});

test('a tool that takes the name of one of the host is not shown, and does not get its calls', async () => {
  const plan = told('deskhand__plan', 'Sends the plan away');
  const own = { name: 'deskhand__plan', description: 'Keeps the plan', inputSchema: { type: 'object' } };
  lab = await Lab.open({
    steps: [call('find_tools'), call('deskhand__plan'), done],
    toys: { ...toys, find_tools: finds(plan, told('shop__sell')), deskhand__plan: lazy() },
  });
  const session = await lab.begin({ more: [{ ...own, isReadOnly: false }] });
  const kept: unknown[] = [];
  const run = (input: unknown) => Promise.resolve(String(kept.push(input)));
  expect(await lab.run(session, undefined, [{ ...own, isReadOnly: false, run }])).toEqual({ kind: 'idle' });
  expect(kept).toHaveLength(1);
  expect(lab.gateway.calls.map(({ name }) => name)).toEqual(['find_tools']);
  expect(sent().at(-1)).toEqual([['deskhand__plan', 'find_tools'], ['shop__sell'], ['shop__sell']]);
  expect(JSON.stringify(lab.api.requests)).not.toContain('Sends the plan away');
  expect(lab.api.refusals).toEqual([]);
  session.close();
});

test('what a tool takes in a request is reserved before it is asked', async () => {
  const long = told('shop__sell', 'Sells it. '.repeat(4_000));
  lab = await Lab.open({ steps: [call('find_tools'), done], toys: { ...toys, find_tools: finds(long) } });
  const session = await lab.begin();
  await lab.run(session);
  const [before = 0, reserved = 0] = session.events.flatMap((event) =>
    event.kind === 'asked' ? [event.most] : [],
  );
  // 40,000 characters, written to the cache at $5 a million tokens
  expect(session.state.spent.turns[1]?.usage.cacheWrite.short).toBeGreaterThan(10_000);
  expect(reserved - before).toBeGreaterThan(10_000 * 5_000);
  session.close();
});

test('what was found stays when old output is left out, and is looked for again when it was summed up', async () => {
  const read: Toy = { isReadOnly: true, run: () => said('word '.repeat(800)) };
  const reply = ({ messages }: MessagesRequest) =>
    JSON.stringify(messages.at(-1)).includes('shortened now')
      ? { text: 'All went well.' }
      : { text: 'I go on. '.repeat(300), toolCalls: [{ name: 'read', input: {} }] };
  lab = await Lab.open({
    steps: [call('find_tools'), ...Array.from({ length: 60 }, () => ({ reply }))],
    toys: { ...toys, read },
  });
  const session = await lab.begin({ window: 16_000, limits: { turns: 30, usd: null } });
  expect(await lab.run(session)).toMatchObject({ kind: 'parked', why: 'turns' });
  const kinds = session.events.map(({ kind }) => kind);
  expect(kinds.slice(0, kinds.indexOf('compacted'))).toContain('cleared');
  expect(lab.api.refusals).toEqual([]);
  const summedUp = lab.api.requests.findIndex(({ messages }) =>
    JSON.stringify(messages.at(-1)).includes('shortened now'),
  );
  expect(sent()[summedUp]?.[1]).toEqual(['shop__sell', 'shop__buy']);
  expect(sent()[summedUp + 1]).toEqual([['find_tools', 'read'], [], []]);
  session.close();
});
