import { createHash } from 'node:crypto';
import type { Client } from '@modelcontextprotocol/client';
import { describe, expect, onTestFinished, test, vi } from 'vitest';
import { z } from 'zod';
import { createLog, defineConfig, Live, standardOptions } from '../src/index.ts';
import type { AuditRow, Tool } from '../src/index.ts';
import type { Surface } from '../src/server-definition.ts';
import { Sessions, type SessionRequest, type SessionsOptions } from '../src/sessions.ts';
import { connected, gate, simpleTool } from './fixtures.ts';

const config = defineConfig(z.object(standardOptions), {
  name: 'surface',
  version: '1.0.0',
  description: '',
});

interface Opened {
  readonly sessions: Sessions;
  readonly rows: AuditRow[];
  readonly client: (request: Partial<SessionRequest> & { id: string }) => Promise<Client>;
}

function opened(
  tools: readonly Tool[] | Live<readonly Tool[]>,
  { surface = {}, ...more }: Partial<Omit<SessionsOptions, 'surface'>> & { surface?: Partial<Surface> } = {},
): Opened {
  const rows: AuditRow[] = [];
  const sessions = new Sessions({
    definition: { config },
    surface: {
      session: () => ({ tools, permission: () => ({ allowed: true }) }),
      close: () => undefined,
      ...surface,
    },
    selection: {},
    audit: { append: (row) => void rows.push(row) },
    log: createLog({ level: 'silent', write: () => undefined }),
    ...more,
  });
  onTestFinished(() => sessions.close());
  return {
    sessions,
    rows,
    client: async (request) => connected(sessions.server({ actor: request.id, ...request }), { era: '2026' }),
  };
}

const quick = simpleTool('quick', () => ({ text: 'done' }));
const done = { content: [{ text: 'done' }] };

/** A tool that stays at work until it is let go, and says when it starts. */
function slow(): { tool: Tool; started: Promise<void>; finish: () => void } {
  const start = gate();
  const end = gate();
  const tool = simpleTool('slow', async () => {
    start.open();
    await end.passed;
    return { text: 'slow is done' };
  });
  return { tool, started: start.passed, finish: end.open };
}

/** Resolves when a row of this session and tool says that its call has come in. */
async function cameIn(rows: readonly AuditRow[], session: string, name: string): Promise<void> {
  while (!rows.some((row) => row.phase === 'intent' && row.session === session && row.name === name)) {
    await new Promise(setImmediate);
  }
}

/** What others see of a session's id. */
const labelOf = (session: string): string =>
  createHash('sha256').update(JSON.stringify(session)).digest('hex').slice(0, 8);

describe('the sessions of one surface', () => {
  test('are told once that a client has come, and not before', async () => {
    const told: string[] = [];
    const { sessions } = opened([quick], {
      surface: {
        session: ({ id }) => ({
          ...{ tools: [quick], permission: () => ({ allowed: true }) },
          onClient: () => void told.push(id),
        }),
      },
    });
    const server = sessions.server({ id: 'ann', actor: 'ann' });
    sessions.server({ id: 'bob', actor: 'bob' });
    expect(told).toEqual([]);
    for (const era of ['2025', '2026'] as const) {
      const client = await connected(server, { era });
      expect(await client.callTool({ name: 'quick' })).toMatchObject(done);
    }
    await expect.poll(() => told).toEqual(['ann']);
  });

  test('take turns: the second waits and both get answers; the third is told who holds the turn', async () => {
    // its time is told, and is that of no machine
    vi.useFakeTimers({ toFake: ['performance'] });
    onTestFinished(() => void vi.useRealTimers());
    const { tool, started, finish } = slow();
    const { client, rows } = opened([tool, quick]);
    const [ann, bob, cid] = [
      await client({ id: 'ann' }),
      await client({ id: 'bob' }),
      await client({ id: 'cid' }),
    ];
    const first = ann.callTool({ name: 'slow' });
    await started;
    const second = bob.callTool({ name: 'quick' });
    await cameIn(rows, 'bob', 'quick');
    vi.advanceTimersByTime(2_500);
    const turnedAway = await cid.callTool({ name: 'quick' });
    expect(turnedAway).toMatchObject({
      isError: true,
      structuredContent: {
        holder: { actor: 'ann', tool: 'slow', seconds: 2, session: labelOf('ann') },
        error: { code: 'busy' },
      },
    });
    expect(JSON.stringify(turnedAway)).toContain(`ann (session ${labelOf('ann')}) runs slow, for 2 s so far`);
    finish();
    expect(await first).toMatchObject({ content: [{ text: 'slow is done' }] });
    expect(await second).toMatchObject(done);
    expect(await cid.callTool({ name: 'quick' })).toMatchObject(done);
  });

  test('never act at the same time, and calls of one keep their order', async () => {
    const order: string[] = [];
    let atWork = 0;
    const act = (name: string): Tool =>
      simpleTool(name, async ({ session }) => {
        expect(++atWork).toBe(1);
        await new Promise(setImmediate);
        order.push(`${session} ${name}`);
        atWork -= 1;
        return { text: 'done' };
      });
    const { tool, started, finish } = slow();
    const { client, rows } = opened([act('a'), act('b'), act('c'), tool]);
    const [ann, bob] = [await client({ id: 'ann' }), await client({ id: 'bob' })];
    const calls = [ann.callTool({ name: 'slow' })];
    await started;
    for (const name of ['a', 'b', 'c']) {
      calls.push(ann.callTool({ name }), bob.callTool({ name }));
      await cameIn(rows, 'ann', name);
      await cameIn(rows, 'bob', name);
    }
    finish();
    await Promise.all(calls);
    expect(order).toEqual(['bob a', 'ann a', 'bob b', 'ann b', 'bob c', 'ann c']);
  });

  test('do not wait for each other when they are independent', async () => {
    const { tool, started, finish } = slow();
    const { client } = opened([tool, quick], { surface: { independentSessions: true } });
    const ann = await client({ id: 'ann' });
    const first = ann.callTool({ name: 'slow' });
    await started;
    for (const id of ['bob', 'cid']) {
      expect(await (await client({ id })).callTool({ name: 'quick' })).toMatchObject(done);
    }
    finish();
    await first;
  });

  test('nor do calls of one session, when those are independent too', async () => {
    const { tool, started, finish } = slow();
    const { client } = opened([tool, quick], { surface: { independentCalls: true } });
    const ann = await client({ id: 'ann' });
    const first = ann.callTool({ name: 'slow' });
    await started;
    expect(await ann.callTool({ name: 'quick' })).toMatchObject(done);
    finish();
    expect(await first).toMatchObject({ content: [{ text: 'slow is done' }] });
  });

  test('leave their place when their caller gives up', async () => {
    const { tool, started, finish } = slow();
    const { client, rows } = opened([tool, quick]);
    const [ann, bob, cid] = [
      await client({ id: 'ann' }),
      await client({ id: 'bob' }),
      await client({ id: 'cid' }),
    ];
    const first = ann.callTool({ name: 'slow' });
    await started;
    const giveUp = new AbortController();
    const second = bob.callTool({ name: 'quick' }, { signal: giveUp.signal });
    await cameIn(rows, 'bob', 'quick');
    giveUp.abort();
    await expect(second).rejects.toThrow();
    while (!rows.some(({ phase, session }) => phase === 'outcome' && session === 'bob')) {
      await new Promise(setImmediate);
    }
    const third = cid.callTool({ name: 'quick' });
    await cameIn(rows, 'cid', 'quick');
    finish();
    expect(await third).toMatchObject(done);
    await first;
  });

  test('are held together to the limits of the process', async () => {
    const { client } = opened([quick], { limits: { perMinute: 3 } });
    const call = async (id: string): Promise<unknown> =>
      (await client({ id, actor: 'ann' })).callTool({ name: 'quick' });
    expect(await call('one')).toMatchObject(done);
    expect(await call('two')).toMatchObject({ structuredContent: { error: { code: 'rate_limited' } } });
  });
});

test('rows name the actor, and a session says once who its client is', async () => {
  const { client, rows } = opened([quick]);
  const caller = await client({ id: 'a-session', actor: 'a-token' });
  await caller.callTool({ name: 'quick' });
  await caller.callTool({ name: 'quick' });
  expect(rows.map(({ phase, session, actor, decision }) => ({ phase, session, actor, decision }))).toEqual(
    [
      ['intent', undefined],
      ['note', { client: { name: 'test', version: '0.0.0', protocol: '2026-07-28' } }],
      ['outcome', { status: 'ok' }],
      ['intent', undefined],
      ['outcome', { status: 'ok' }],
    ].map(([phase, decision]) => ({ phase, session: 'a-session', actor: 'a-token', decision })),
  );
});

describe('tools that come and go', () => {
  const extra = simpleTool('extra', () => ({ text: 'extra' }));

  test('leave prompts and resources to sessions without a scope', async () => {
    const note = {
      uri: 'note://one',
      name: 'one',
      read: () => Promise.resolve([{ uri: 'note://one', text: 'private' }]),
    };
    const { client } = opened([quick], {
      surface: {
        session: () => ({ tools: [quick], resources: [note], permission: () => ({ allowed: true }) }),
      },
    });
    const all = await client({ id: 'all' });
    const some = await client({ id: 'some', scope: ['quick'] });
    expect((await all.listResources()).resources).toMatchObject([{ uri: 'note://one' }]);
    expect(await all.readResource({ uri: 'note://one' })).toMatchObject({ contents: [{ text: 'private' }] });
    expect((await some.listResources()).resources).toEqual([]);
    await expect(some.readResource({ uri: 'note://one' })).rejects.toThrow();
    expect(await some.callTool({ name: 'quick', arguments: {} })).toMatchObject(done);
  });

  test('are listed and callable as they are now, within the scope of the session', async () => {
    const tools = new Live<readonly Tool[]>([quick]);
    const { client } = opened(tools);
    const all = await client({ id: 'all' });
    const some = await client({ id: 'some', scope: ['quick'] });
    tools.set([quick, extra]);
    expect((await all.listTools()).tools.map(({ name }) => name)).toEqual(['quick', 'extra']);
    expect((await some.listTools()).tools.map(({ name }) => name)).toEqual(['quick']);
    expect(await all.callTool({ name: 'extra' })).toMatchObject({ content: [{ text: 'extra' }] });
    expect(await some.callTool({ name: 'extra' })).toMatchObject({
      structuredContent: { error: { code: 'unknown_tool' } },
    });
    tools.set([quick]);
    expect(await all.callTool({ name: 'extra' })).toMatchObject({
      structuredContent: { error: { code: 'unknown_tool' } },
    });
  });

  test('are chosen by the names of all that may come, and by no others', async () => {
    const tools = new Live<readonly Tool[]>([quick]);
    const everyTool = ['quick', 'extra'];
    const surface = { session: () => ({ tools, everyTool, permission: () => ({ allowed: true }) as const }) };
    const { client } = opened(tools, { selection: { tools: ['extra'] }, surface });
    const caller = await client({ id: 's' });
    expect((await caller.listTools()).tools).toEqual([]);
    tools.set([quick, extra]);
    expect((await caller.listTools()).tools.map(({ name }) => name)).toEqual(['extra']);
    const { sessions } = opened(tools, { selection: { tools: ['extrs'] }, surface });
    expect(() => sessions.server({ id: 's', actor: 'stdio' })).toThrow(
      '--tools: there is no tool `extrs`. Did you mean `extra`? The tools are: quick, extra',
    );
  });

  test('are held to --read-only when they come', async () => {
    const reads = simpleTool('reads', () => ({ text: 'read' }), {
      annotations: { readOnly: true, destructive: false, idempotent: true, openWorld: false },
    });
    const tools = new Live<readonly Tool[]>([reads]);
    const { client } = opened(tools, { selection: { readOnly: true } });
    const caller = await client({ id: 's' });
    tools.set([reads, extra]);
    expect((await caller.listTools()).tools.map(({ name }) => name)).toEqual(['reads']);
  });
});

test('a session that one caller has open is not handed to another one, who gets it when it has ended', async () => {
  const { sessions } = opened([quick]);
  const mine = sessions.server({ id: 'one', actor: 'attach' });
  expect(sessions.server({ id: 'one', actor: 'attach' })).toBe(mine);
  const asCi = () => sessions.server({ id: 'one', actor: 'ci', scope: [] });
  expect(asCi).toThrow('session one: is in use by another caller. Choose another name');
  await sessions.end('one');
  expect(asCi().tools).toEqual([]);
});
