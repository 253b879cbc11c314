import { describe, expect, test } from 'vitest';
import { ToolError } from '../src/index.ts';
import { Limits } from '../src/pipeline/limits.ts';
import { connected, gate, plain, recordedServer, simpleTool } from './fixtures.ts';

const look = simpleTool('look', () => ({ text: 'seen' }));
const point = simpleTool('point', () => ({ text: 'pointed' }));
const limited = { structuredContent: { retryAfter: 20, error: { code: 'rate_limited' } } };
const seen = { content: [{ type: 'text', text: 'seen' }] };

const codeOf = (error: unknown): string => (error instanceof ToolError ? error.code : String(error));

/** Three calls a minute, one at once, by a clock that stands until it is set. */
function slowly(): { readonly limits: Limits; readonly clock: { now: number } } {
  const clock = { now: 0 };
  return { limits: new Limits({ perMinute: 3 }, () => clock.now), clock };
}

test('a tool that is called too often says when to come back, and keeps its word', async () => {
  const { limits, clock } = slowly();
  const { server, rows } = recordedServer([look, point], { limits });
  const client = await connected(server, { era: '2025' });
  expect(await client.callTool({ name: 'look' })).toMatchObject(seen);
  expect(await client.callTool({ name: 'look' })).toMatchObject({
    isError: true,
    content: [{ text: 'look was called too often. Try again in 20 s.' }],
    ...limited,
  });
  clock.now = 19_999;
  expect(await client.callTool({ name: 'look' })).toMatchObject({ structuredContent: { retryAfter: 1 } });
  clock.now = 20_000;
  expect(await client.callTool({ name: 'look' })).toMatchObject(seen);
  expect(plain(rows).at(3)).toEqual({
    phase: 'outcome',
    name: 'look',
    decision: { status: 'error', code: 'rate_limited' },
  });
});

test('another tool and another actor have limits of their own, another session has not', async () => {
  const { limits } = slowly();
  const call = async (name: string, actor: string, session: string): Promise<unknown> => {
    const client = await connected(recordedServer([look, point], { limits, actor, session }).server, {
      era: '2026',
    });
    return client.callTool({ name });
  };
  expect(await call('look', 'ann', 'a')).toMatchObject(seen);
  expect(await call('look', 'ann', 'b')).toMatchObject(limited);
  expect(await call('point', 'ann', 'a')).toMatchObject({ content: [{ text: 'pointed' }] });
  expect(await call('look', 'bob', 'b')).toMatchObject(seen);
});

test('a step counts as the call that it would be', async () => {
  const { limits, clock } = slowly();
  const stepping = simpleTool('stepping', async (call) => {
    clock.now += 20_000;
    const step = () => call.step('look', {}).then(({ text }) => text, codeOf);
    return { text: `${await step()}, ${await step()}` };
  });
  const client = await connected(recordedServer([look, stepping], { limits }).server, { era: '2026' });
  expect(await client.callTool({ name: 'stepping' })).toMatchObject({
    content: [{ text: 'seen, rate_limited' }],
  });
  expect(await client.callTool({ name: 'look' })).toMatchObject(limited);
});

test('names that are no tools count as one', async () => {
  const { limits } = slowly();
  const client = await connected(recordedServer([look], { limits }).server, { era: '2025' });
  expect(await client.callTool({ name: 'a' })).toMatchObject({
    structuredContent: { error: { code: 'unknown_tool' } },
  });
  expect(await client.callTool({ name: 'b' })).toMatchObject(limited);
  expect(await client.callTool({ name: 'look' })).toMatchObject(seen);
});

test('without a rate any number of calls is served', async () => {
  const limits = new Limits({ perMinute: 0 }, () => 0);
  const client = await connected(recordedServer([look], { limits }).server, { era: '2025' });
  for (let call = 0; call < 50; call += 1)
    expect(await client.callTool({ name: 'look' })).toMatchObject(seen);
});

describe('calls in flight', () => {
  const tooMany = { isError: true, structuredContent: { error: { code: 'too_many_calls' } } };

  test('are bounded over all sessions, and one that ends makes room', async () => {
    const limits = new Limits({ inFlight: 2 });
    const { passed, open } = gate();
    const wait = simpleTool('wait', async () => passed.then(() => ({ text: 'waited' })));
    const one = recordedServer([wait, look], { limits, session: 'one' });
    const other = recordedServer([wait, look], { limits, session: 'other' });
    const first = await connected(one.server, { era: '2025' });
    const second = await connected(other.server, { era: '2026' });
    const running = [first.callTool({ name: 'wait' }), second.callTool({ name: 'wait' })];
    await one.row(({ phase }) => phase === 'intent');
    await other.row(({ phase }) => phase === 'intent');
    expect(await first.callTool({ name: 'look' })).toMatchObject(tooMany);
    open();
    await Promise.all(running);
    expect(await first.callTool({ name: 'look' })).toMatchObject(seen);
  });

  test('leave room for other sessions and other actors', () => {
    const limits = new Limits({ inFlight: 8 });
    const begun = (actor: string, session: string): number => {
      let count = 0;
      while (limits.begin({ actor, session })) count += 1;
      return count;
    };
    expect([begun('ann', 'a'), begun('ann', 'b'), begun('bob', 'c')]).toEqual([4, 2, 2]);
    limits.end({ actor: 'bob', session: 'c' });
    expect([begun('ann', 'a'), begun('ann', 'd'), begun('bob', 'c')]).toEqual([0, 0, 1]);
  });
});
