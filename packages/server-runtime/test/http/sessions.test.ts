import { chmodSync } from 'node:fs';
import { Client, StreamableHTTPClientTransport } from '@modelcontextprotocol/client';
import { describe, expect, onTestFinished, test, vi } from 'vitest';
import { z } from 'zod';
import { gate, modernEra, simpleTool } from '../fixtures.ts';
import { calling2025, honest, httpClient, initialize, post, rawSession, served } from './fixtures.ts';

const ping = { jsonrpc: '2.0', id: 9, method: 'ping' };
const PATIENT = { timeout: 15_000 };
/** Longer than a busy machine takes from the beginning of a session to its stream. */
const A_WHILE_MS = 1_000;

interface Event {
  readonly id: string;
  readonly data: string;
}

/** Reads events of a stream until `isLast`, or to its end. */
async function eventsOf(
  response: Response,
  isLast: (event: Event) => boolean = () => false,
): Promise<Event[]> {
  const events: Event[] = [];
  let text = '';
  const reader = response.body?.pipeThrough(new TextDecoderStream()).getReader();
  for (;;) {
    const chunk = await reader?.read();
    if (chunk?.value === undefined) return events;
    text += chunk.value;
    const frames = text.split('\n\n');
    text = frames.pop() ?? '';
    for (const frame of frames) {
      const event = {
        id: /^id: (.*)$/m.exec(frame)?.[1] ?? '',
        data: /^data: (.*)$/m.exec(frame)?.[1] ?? '',
      };
      events.push(event);
      if (!isLast(event)) continue;
      await reader?.cancel();
      return events;
    }
  }
}

const modernCall = (name: string, session?: unknown): object => ({
  jsonrpc: '2.0',
  id: 1,
  method: 'tools/call',
  params: {
    name,
    arguments: {},
    _meta: {
      'io.modelcontextprotocol/protocolVersion': modernEra,
      'io.modelcontextprotocol/clientInfo': { name: 'raw', version: '0.0.0' },
      'io.modelcontextprotocol/clientCapabilities': {},
      ...(session !== undefined && { 'deskhand/session': session }),
    },
  },
});

const modernHeaders = (token: string, name: string): Record<string, string> => ({
  ...honest(token),
  'mcp-protocol-version': modernEra,
  'mcp-method': 'tools/call',
  'mcp-name': name,
});

describe('a 2025 session', () => {
  test('is asked for when missing, not found when unknown, and found when named', async () => {
    const { service, owner } = await served();
    const session = await rawSession(service.url, owner);
    const without = { ...honest(owner), 'mcp-protocol-version': '2025-11-25' };
    const unknown = { ...session, 'mcp-session-id': crypto.randomUUID() };
    const statusesOf = async (headers: Record<string, string>): Promise<number[]> => {
      const posted = await post(service.url, headers, ping);
      const got = await fetch(service.url, { headers });
      const deleted = await fetch(service.url, { method: 'DELETE', headers });
      for (const { body } of [posted, got, deleted]) await body?.cancel();
      return [posted.status, got.status, deleted.status];
    };
    expect(await statusesOf(without)).toEqual([400, 400, 400]);
    expect(await statusesOf(unknown)).toEqual([404, 404, 404]);
    expect(await statusesOf(session)).toEqual([200, 200, 200]);
    expect(await statusesOf(session)).toEqual([404, 404, 404]);
  });

  test('of another token is not found, in the same words as one that never was', async () => {
    const { service, owner, tokens } = await served();
    const { token } = await tokens.create({ label: 'other' });
    const session = await rawSession(service.url, owner);
    const stranger = { ...session, authorization: `Bearer ${token}` };
    const never = { ...stranger, 'mcp-session-id': crypto.randomUUID() };
    for (const method of ['GET', 'DELETE', 'POST']) {
      const body = method === 'POST' ? { body: JSON.stringify(ping) } : {};
      const refused = await fetch(service.url, { method, headers: stranger, ...body });
      const absent = await fetch(service.url, { method, headers: never, ...body });
      expect([refused.status, await refused.text()]).toEqual([absent.status, await absent.text()]);
      expect(refused.status).toBe(404);
    }
    expect((await post(service.url, session, ping)).status).toBe(200);
  });

  test('ends when it was not used for too long, but not while a stream is open', async () => {
    const ended = gate();
    const gone: string[] = [];
    const { service, owner } = await served({
      sessionIdleMs: A_WHILE_MS,
      onSessionEnd: (id) => {
        gone.push(id);
        ended.open();
      },
    });
    const kept = await rawSession(service.url, owner);
    const stream = await fetch(service.url, { headers: { ...kept, accept: 'text/event-stream' } });
    const left = await rawSession(service.url, owner);
    await ended.passed;
    expect(gone).toEqual([left['mcp-session-id']]);
    expect((await post(service.url, left, ping)).status).toBe(404);
    expect((await post(service.url, kept, ping)).status).toBe(200);
    await stream.body?.cancel();
  });

  test('ends with its token, together with its streams', async () => {
    const { service, tokens } = await served({ sessionIdleMs: A_WHILE_MS });
    const { token } = await tokens.create({ label: 'brief' });
    const session = await rawSession(service.url, token);
    const stream = await fetch(service.url, { headers: { ...session, accept: 'text/event-stream' } });
    await tokens.revoke('brief');
    expect(await eventsOf(stream)).toEqual([]);
    const again = await tokens.create({ label: 'brief' });
    const renewed = { ...session, authorization: `Bearer ${again.token}` };
    expect((await post(service.url, renewed, ping)).status).toBe(404);
  });

  test('outlives a moment in which the tokens cannot be read, though nobody gets in then', async () => {
    const { service, owner, folder, logLines } = await served({ sessionIdleMs: A_WHILE_MS });
    const session = await rawSession(service.url, owner);
    const stream = await fetch(service.url, { headers: { ...session, accept: 'text/event-stream' } });
    chmodSync(`${folder}/fixture.token`, 0o644);
    await expect.poll(() => logLines.join('')).toContain('the tokens cannot be read');
    expect((await post(service.url, session, ping)).status).toBe(500);
    chmodSync(`${folder}/fixture.token`, 0o600);
    expect((await post(service.url, session, ping)).status).toBe(200);
    await stream.body?.cancel();
  });

  test('cannot be opened by a broken initialize', async () => {
    const { service, owner, opened } = await served();
    const deaf = { ...honest(owner), accept: 'text/html' };
    expect((await post(service.url, deaf, initialize)).status).toBe(406);
    expect((await post(service.url, honest(owner), { ...initialize, params: {} })).status).toBe(400);
    expect((await post(service.url, honest(owner), [initialize])).status).toBe(400);
    await expect.poll(() => service.active).toBe(0);
    expect(opened.length).toBe(1);
    await rawSession(service.url, owner);
    expect(opened.length).toBe(2);
  });
});

describe('a stream that breaks', () => {
  test('is taken up where it was, and the call goes on', async () => {
    const lost = gate();
    const count = simpleTool('count', async (call) => {
      call.progress(1);
      await lost.passed;
      call.progress(2);
      return { text: 'counted' };
    });
    const { service, owner } = await served({ tools: [count] });
    const session = await rawSession(service.url, owner);
    const call = {
      jsonrpc: '2.0',
      id: 5,
      method: 'tools/call',
      params: { name: 'count', arguments: {}, _meta: { progressToken: 'p' } },
    };
    const before = await eventsOf(await post(service.url, session, call), ({ data }) =>
      data.includes('progress'),
    );
    lost.open();
    const last = before.at(-1)?.id ?? '';
    const resumed = await fetch(service.url, {
      headers: { ...session, accept: 'text/event-stream', 'last-event-id': last },
    });
    const after = await eventsOf(resumed);
    expect(after.map(({ data }): unknown => JSON.parse(data))).toMatchObject([
      { method: 'notifications/progress', params: { progress: 2 } },
      { id: 5, result: { content: [{ text: 'counted' }] } },
    ]);
    const strange = { ...session, accept: 'text/event-stream', 'last-event-id': 'never-was' };
    expect((await fetch(service.url, { headers: strange })).status).toBe(400);
    await expect.poll(() => service.active).toBe(0);
  });

  test.each(['2025', '2026'] as const)('for good cancels the call in %s', async (mode) => {
    const started = gate();
    const stopped = gate();
    const hang = simpleTool('hang', async ({ signal }) => {
      started.open();
      await new Promise((resolve) => signal.addEventListener('abort', resolve));
      stopped.open();
      return { text: 'late' };
    });
    const { service, owner } = await served({ tools: [hang], limits: { resumeMs: 50 } });
    const gone = new AbortController();
    const [headers, body] =
      mode === '2025'
        ? [await rawSession(service.url, owner), calling2025(5, 'hang')]
        : [modernHeaders(owner, 'hang'), modernCall('hang')];
    const init = { method: 'POST', headers, body: JSON.stringify(body), signal: gone.signal };
    const answer = fetch(service.url, init).then((response) => response.text());
    await started.passed;
    expect(service.active).toBe(1);
    gone.abort();
    await expect(answer).rejects.toThrow();
    await stopped.passed;
    await expect.poll(() => service.active).toBe(0);
  });
});

const textResult = z.object({
  result: z.object({ content: z.tuple([z.object({ text: z.string() })]) }),
});

describe('a 2026-07-28 session', () => {
  const textOf = async (response: Response): Promise<string> => {
    const { result } = textResult.parse(await response.json());
    return result.content[0].text;
  };

  test('is the token, or the one a host names, and never that of another token', async () => {
    const { service, owner, tokens, opened } = await served();
    const { token } = await tokens.create({ label: 'other' });
    const idOf = async (bearer: string, name?: string): Promise<string> =>
      textOf(await post(service.url, modernHeaders(bearer, 'whoami'), modernCall('whoami', name)));
    const own = await idOf(owner);
    expect(own).toMatch(/^owner\.[0-9a-f]{12}$/);
    expect(await idOf(owner)).toBe(own);
    expect(await idOf(owner, 'trip')).toBe(`${own}.trip`);
    const others = await idOf(token, 'trip');
    expect(others).toMatch(/^other\.[0-9a-f]{12}\.trip$/);
    expect(opened.map(({ id, actor }) => [id, actor])).toEqual([
      [own, 'owner'],
      [`${own}.trip`, 'owner'],
      [others, 'other'],
    ]);
  });

  test('has neither streams to GET nor an end to DELETE', async () => {
    const { service, owner } = await served();
    for (const method of ['GET', 'DELETE']) {
      const headers = { ...honest(owner), 'mcp-protocol-version': modernEra };
      const { status, headers: answered } = await fetch(service.url, { method, headers });
      expect([status, answered.get('allow')]).toEqual([405, 'POST']);
    }
  });

  test.each(['', 'a/b', '../x', 'x'.repeat(65), 7, null])('cannot be named %j', async (name) => {
    const { service, owner } = await served();
    const refused = await post(service.url, modernHeaders(owner, 'whoami'), modernCall('whoami', name));
    expect(refused.status).toBe(400);
    expect(await refused.json()).toMatchObject({ error: { code: -32_602 } });
  });

  test('is another one for a token that got the label of a revoked one', async () => {
    const { service, tokens } = await served();
    const idOf = async (bearer: string): Promise<string> =>
      textOf(await post(service.url, modernHeaders(bearer, 'whoami'), modernCall('whoami')));
    const first = await tokens.create({ label: 'ci' });
    const before = await idOf(first.token);
    await tokens.revoke('ci');
    const second = await tokens.create({ label: 'ci' });
    expect(await idOf(second.token)).not.toBe(before);
  });
});

test.each(['2025', '2026'] as const)(
  'a tool outside the scope of a token is neither listed nor callable in %s',
  async (mode) => {
    const { service, owner, tokens, rows } = await served();
    const { token } = await tokens.create({ label: 'scoped', tools: ['echo'] });
    const scoped = await httpClient(service.url, { token, mode });
    const full = await httpClient(service.url, { token: owner, mode });
    const namesOf = async (client: Client): Promise<string[]> =>
      (await client.listTools()).tools.map(({ name }) => name);
    expect([await namesOf(scoped), await namesOf(full)]).toEqual([['echo'], ['echo', 'ask', 'whoami']]);
    expect(await scoped.callTool({ name: 'whoami' })).toMatchObject({
      isError: true,
      structuredContent: { error: { code: 'unknown_tool' } },
    });
    expect(await full.callTool({ name: 'whoami' })).toMatchObject({ content: [{ type: 'text' }] });
    expect(await scoped.callTool({ name: 'echo', arguments: { text: 'hi' } })).toMatchObject({
      content: [{ text: 'hi' }],
    });
    expect(rows.filter(({ phase }) => phase === 'intent').length).toBe(3);
  },
);

test('a client that loses its session by a restart is told to start anew', async () => {
  const { service, owner } = await served();
  const transport = new StreamableHTTPClientTransport(new URL(service.url), {
    sessionId: crypto.randomUUID(),
    requestInit: { headers: { authorization: `Bearer ${owner}` } },
  });
  const client = new Client({ name: 'test', version: '0.0.0' }, { versionNegotiation: { mode: 'legacy' } });
  onTestFinished(() => client.close());
  await transport.start();
  await expect(transport.send({ jsonrpc: '2.0', id: 1, method: 'ping' })).rejects.toThrow(
    /Session not found/,
  );
});

test('a request with the id of one that still runs is refused, and the id is free again afterwards', async () => {
  const { passed, open } = gate();
  const wait = simpleTool('wait', async () => passed.then(() => ({ text: 'waited' })));
  const { service, owner } = await served({ tools: [wait] });
  const session = await rawSession(service.url, owner);
  const running = post(service.url, session, calling2025(7, 'wait')).then((response) => response.text());
  const other = await rawSession(service.url, owner);
  await vi.waitFor(async () => {
    const refused = await post(service.url, session, calling2025(7, 'whoami'));
    expect(refused.status).toBe(400);
    expect(await refused.json()).toEqual({
      jsonrpc: '2.0',
      error: { code: -32_600, message: 'Invalid request: the id is that of a request which still runs' },
      id: null,
    });
  }, PATIENT);
  const elsewhere = post(service.url, other, calling2025(7, 'whoami'));
  open();
  expect(await running).toContain('waited');
  expect((await elsewhere).status).toBe(200);
  expect((await post(service.url, session, calling2025(7, 'whoami'))).status).toBe(200);
});
