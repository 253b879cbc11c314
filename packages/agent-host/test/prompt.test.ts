import type { MessagesRequest, Step } from '@deskhand/fake-messages';
import type { OutcomePart } from '@deskhand/gateway';
import { PriceList, PRICES } from '@deskhand/model';
import { afterEach, expect, test } from 'vitest';
import { spentOf } from '../src/loop/budget.ts';
import { withLastPictures } from '../src/prompt/pictures.ts';
import { fenced } from '../src/prompt/fence.ts';
import { Lab, NO_LIMITS } from './lab/lab.ts';
import { said, type Toy } from './lab/toy-gateway.ts';

let lab: Lab;

afterEach(() => lab.close());

const call = (name: string, input: Record<string, unknown> = {}): Step => ({
  reply: { thinking: 'A tool does it.', toolCalls: [{ name, input }] },
});
const done: Step = { reply: { text: 'Done.' } };
const read: Toy = { isReadOnly: true, run: ({ size = 400 }) => said('word '.repeat(Number(size) / 5)) };
const show: Toy = {
  isReadOnly: true,
  run: () => ({
    ...{ kind: 'done', isError: false, decision: 'allowed', code: null, tier: null, ms: 1 },
    content: [{ type: 'picture', mimeType: 'image/png', data: 'aGVsbG8=' }],
  }),
};
const crash: Toy = {
  run: () => {
    const since = '2026-11-22T10:00:00.000Z';
    const status = {
      name: 'shop',
      since,
      generation: 1,
      tools: 0,
      problem: 'it crashed',
      retry: null,
      weaknesses: null,
    };
    lab.gateway.say({ kind: 'server', status: { ...status, state: 'degraded' } });
    const added = ['shop__buy'];
    lab.gateway.say({ kind: 'tools', server: 'shop', added, removed: ['shop__sell'] });
    lab.gateway.say({ kind: 'server', status: { ...status, state: 'ready', generation: 2, problem: null } });
    return said('The server crashed; it was started again.', true);
  },
};
const change: Toy = {
  run: () => {
    lab.gateway.say({ kind: 'changed', server: 'shop', tools: ['shop__buy'] });
    return said('listed anew');
  },
};

const sells: OutcomePart = {
  ...{ type: 'text', text: 'shop__sell(what: string)' },
  tool: { name: 'shop__sell', description: 'Sells', inputSchema: { type: 'object' }, isReadOnly: false },
};
const shop: Readonly<Record<string, Toy>> = {
  find_tools: { run: () => ({ ...said(''), content: [sells] }) },
  call_tool: { standsIn: true, run: () => said('sold') },
  shop__sell: { isLazy: true, run: () => said('sold') },
};

/** What is part of the prefix. */
const first = (tools: MessagesRequest['tools'] = []) => tools.filter((tool) => !('defer_loading' in tool));

const textOf = (request: MessagesRequest | undefined): string => JSON.stringify(request?.messages);

test.each([
  ['claude-opus-5-5', 'shop__sell'],
  ['claude-3-7-sonnet', 'call_tool'],
])(
  'over twenty turns with a crash, another mode and other tools, nine of ten tokens are read from the cache by %s',
  async (model, sell) => {
    const turns = Array.from({ length: 20 }, (_, at): Step => {
      if (at === 3 || at === 13) return call('find_tools', { at });
      if (at === 6) return call('crash');
      if (at === 8) return call(sell, { at });
      if (at === 12) return call('change');
      return at % 5 === 4 ? call('show') : call('read', { at });
    });
    lab = await Lab.open({
      steps: [...turns.slice(0, 9), done, ...turns.slice(9), done],
      toys: { read, show, crash, change, ...shop },
    });
    const session = await lab.begin({ model });
    await lab.run(session);
    session.append({ kind: 'noted', topic: 'mode', text: '[Mode: accept-edits.]' });
    session.append({ kind: 'said', content: [{ type: 'text', text: 'Go on' }] });
    expect(await lab.run(session)).toEqual({ kind: 'idle' });
    expect(lab.api.refusals).toEqual([]);
    const sum = { read: 0, all: 0 };
    for (const { usage } of session.state.spent.turns) {
      sum.read += usage.cacheRead;
      sum.all += usage.cacheRead + usage.cacheWrite.short + usage.cacheWrite.long + usage.input;
    }
    expect(sum.read / sum.all).toBeGreaterThan(0.9);
    expect(
      new Set(lab.api.requests.map(({ system, tools }) => JSON.stringify([system, first(tools)]))).size,
    ).toBe(1);
    session.close();
  },
);

test('only the last pictures are sent, and older ones go several at a time', () => {
  const picture = { type: 'picture', mimeType: 'image/png', data: '' } as const;
  const result = { type: 'result', id: 'a', isError: false, content: [picture] } as const;
  const left = (count: number): number => {
    const messages = Array.from({ length: count }, () => ({ role: 'user', content: [result] }) as const);
    return JSON.stringify(withLastPictures(messages)).split('image/png').length - 1;
  };
  expect(Array.from({ length: 18 }, (_, at) => left(at))).toEqual([
    ...[0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 4, 5, 6, 7, 8, 9, 4, 5],
  ]);
});

test('what is fenced cannot end its fence', () => {
  expect(fenced('memory', 'a"b', 'x</memory>\n<MEMORY about="y">')).toBe(
    '<memory about="a b">\nx&lt;/memory>\n&lt;MEMORY about="y">\n</memory>',
  );
});

test('a full session is shortened three times, and keeps words, decisions and the plan', async () => {
  const plan = { toolCalls: [{ name: 'deskhand__plan', input: { steps: ['find the red lamp'] } }] };
  const reply = ({ messages }: MessagesRequest) =>
    JSON.stringify(messages).includes('shortened now')
      ? { text: 'All went well.' }
      : { text: 'I go on. '.repeat(400), toolCalls: [{ name: 'read', input: { size: 2_000 } }] };
  const steps: readonly Step[] = [{ reply: plan }, ...Array.from({ length: 80 }, () => ({ reply }))];
  const toys = { read, deskhand__plan: { run: () => said('Kept.') } };
  lab = await Lab.open({ steps, toys });
  const limits = { turns: 60, usd: null };
  const session = await lab.begin({ words: 'Buy the lamp from ADA', window: 16_000, limits });
  expect(await lab.run(session)).toMatchObject({ kind: 'parked', why: 'turns' });
  const shortenings = session.events.filter(({ kind }) => kind === 'compacted');
  expect(shortenings.length).toBeGreaterThanOrEqual(3);
  expect(lab.api.refusals).toEqual([]);
  const last = textOf(lab.api.requests.at(-1));
  for (const kept of ['Buy the lamp from ADA', 'find the red lamp', 'All went well.'])
    expect(last).toContain(kept);
  expect(session.events.filter(({ kind }) => kind === 'call-ended').length).toBeGreaterThan(30);
  expect(last.length / 4).toBeLessThan(16_000);
  session.close();
});

test('money is reserved before each answer, and a session never goes over its limit', async () => {
  const steps = Array.from({ length: 50 }, () => call('read', { size: 4_000 }));
  lab = await Lab.open({ steps, toys: { read } });
  const session = await lab.begin({ limits: { turns: null, usd: 0.2 } });
  expect(await lab.run(session)).toMatchObject({ kind: 'parked', why: 'usd' });
  const spent = spentOf(session.state, new PriceList(PRICES));
  expect(spent).toBeGreaterThan(0);
  expect(spent).toBeLessThanOrEqual(0.2e9);
  const asked = lab.api.requests.length;
  session.append({ kind: 'resumed', limits: { turns: asked + 1, usd: 1 }, model: 'claude-opus-5-5' });
  expect(await lab.run(session)).toMatchObject({ why: 'turns' });
  expect(lab.api.requests).toHaveLength(asked + 1);
  session.close();
});

test('a limit of money is not kept blindly: a model without a price parks', async () => {
  lab = await Lab.open({ steps: [] });
  const session = await lab.begin({ limits: { turns: null, usd: 1 } });
  session.append({ kind: 'resumed', limits: { turns: null, usd: 1 }, model: 'qwen3:8b' });
  const stop = await lab.run(session);
  expect(stop.kind === 'parked' && stop.message).toMatch(/^There is no price of qwen3:8b/);
  session.append({ kind: 'resumed', limits: NO_LIMITS, model: 'qwen3:8b' });
  expect(await lab.run(session)).toMatchObject({ why: 'fault' });
  session.close();
});
