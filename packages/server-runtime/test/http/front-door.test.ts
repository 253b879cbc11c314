import { chmodSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { calling2025, honest, initialize, post, rawSession, served, tokenless } from './fixtures.ts';
import { rawRequest } from './raw-request.ts';

const opening = JSON.stringify(initialize);
const portOf = (url: string): string => new URL(url).port;

describe('the Host header', () => {
  test.each([
    ['evil.example', 403],
    ['evil.example:PORT', 403],
    ['127.0.0.1', 403],
    ['127.0.0.1:1', 403],
    ['localhost.evil.example:PORT', 403],
    ['localhost.:PORT', 403],
    ['user@localhost:PORT', 403],
    ['localhost:PORT/mcp', 403],
    [' ', 403],
    ['127.0.0.1:PORT', 200],
    ['LOCALHOST:PORT', 200],
    ['[::1]:PORT', 200],
  ])('%s is answered with %i', async (host, status) => {
    const { service, owner } = await served();
    const headers = { ...honest(owner), host: host.replace('PORT', portOf(service.url)) };
    expect(await rawRequest(service.url, { headers, body: opening })).toMatchObject({ status });
  });

  test('that the operator allowed is served, and no other port of a name that came with one', async () => {
    const { service, owner } = await served({ allowedHosts: ['desk.example', 'lab.example:8443'] });
    const statusOf = async (host: string): Promise<unknown> =>
      (await rawRequest(service.url, { headers: { ...honest(owner), host }, body: opening })).status;
    expect(await statusOf('desk.example')).toBe(200);
    expect(await statusOf('desk.example:9')).toBe(200);
    expect(await statusOf('lab.example:8443')).toBe(200);
    expect(await statusOf('lab.example')).toBe(403);
  });

  test('is checked before the token, and also for what needs none', async () => {
    const { service } = await served();
    const headers = { host: 'rebound.example' };
    expect(await rawRequest(service.url, { headers })).toMatchObject({ status: 403 });
    expect(await rawRequest(service.url, { headers, path: '/health' })).toMatchObject({ status: 403 });
    expect(await rawRequest(service.url, { headers, path: '/ready' })).toMatchObject({ status: 403 });
  });
});

describe('the Origin header', () => {
  test.each([
    ['http://evil.example', 403],
    ['http://localhost:1', 403],
    ['https://localhost:PORT', 403],
    ['http://localhost:PORT.evil.example', 403],
    ['null', 403],
    ['', 403],
    ['http://localhost:PORT', 200],
    ['http://127.0.0.1:PORT', 200],
    ['https://desk.example', 200],
  ])('%s is answered with %i', async (origin, status) => {
    const { service, owner } = await served({ allowedHosts: ['desk.example'] });
    const headers = { ...honest(owner), origin: origin.replace('PORT', portOf(service.url)) };
    expect(await rawRequest(service.url, { headers, body: opening })).toMatchObject({ status });
  });

  test('of another site gets no answer to a preflight', async () => {
    const { service } = await served();
    const headers = { origin: 'http://evil.example', 'access-control-request-method': 'POST' };
    const { status, headers: answered } = await rawRequest(service.url, { method: 'OPTIONS', headers });
    expect(status).toBe(403);
    expect(answered['access-control-allow-origin']).toBeUndefined();
  });
});

describe('the token', () => {
  test('is asked for when missing or wrong, and let in when right', async () => {
    const { service, owner } = await served();
    const withToken = (authorization?: string): Promise<Response> =>
      post(service.url, { ...tokenless, ...(authorization !== undefined && { authorization }) }, opening);
    const missing = await withToken();
    expect(missing.status).toBe(401);
    expect(missing.headers.get('www-authenticate')).toBe('Bearer realm="deskhand"');
    expect(await missing.json()).toEqual({
      jsonrpc: '2.0',
      error: { code: -32_000, message: 'A token is missing. Send it as: Authorization: Bearer TOKEN' },
      id: null,
    });
    for (const wrong of [
      `Bearer ${owner}x`,
      `Bearer ${owner.slice(0, -1)}`,
      `Basic ${owner}`,
      'Bearer',
      owner,
    ]) {
      const refused = await withToken(wrong);
      expect(refused.status).toBe(401);
      expect(refused.headers.get('www-authenticate')).toBe('Bearer realm="deskhand", error="invalid_token"');
    }
    expect((await withToken(`Bearer ${owner}`)).status).toBe(200);
    expect((await withToken(`bearer  ${owner}`)).status).toBe(200);
  });

  test('in the address is ignored', async () => {
    const { service, owner } = await served();
    expect((await post(`${service.url}?token=${owner}`, tokenless, opening)).status).toBe(401);
  });

  test('stops counting in a running server when revoked, and at the moment it expires', async () => {
    let now = Date.now();
    const { service, tokens } = await served({ now: () => now });
    const lasting = await tokens.create({ label: 'lasting' });
    const brief = await tokens.create({ label: 'brief', expiresInMs: 60_000 });
    const statusOf = async (token: string): Promise<number> =>
      (await post(service.url, honest(token), opening)).status;
    expect([await statusOf(lasting.token), await statusOf(brief.token)]).toEqual([200, 200]);
    now += 59_999;
    expect(await statusOf(brief.token)).toBe(200);
    now += 1;
    expect([await statusOf(lasting.token), await statusOf(brief.token)]).toEqual([200, 401]);
    expect(await tokens.revoke('lasting')).toBe(true);
    expect(await statusOf(lasting.token)).toBe(401);
  });

  test('that a file cannot vouch for any more lets nobody in, and the log says how to mend it', async () => {
    const { service, owner, folder, logLines } = await served();
    chmodSync(`${folder}/fixture.token`, 0o644);
    expect((await post(service.url, honest(owner), opening)).status).toBe(500);
    expect(logLines.join('')).toContain(`chmod 600 '${folder}/fixture.token'`);
    chmodSync(`${folder}/fixture.token`, 0o600);
    expect((await post(service.url, honest(owner), opening)).status).toBe(200);
  });
});

describe('what comes in a request', () => {
  test('must be JSON, by its type and by itself', async () => {
    const { service, owner } = await served();
    const typed = (type: string, body: string): Promise<Response> =>
      post(service.url, { ...honest(owner), 'content-type': type }, body);
    expect((await typed('text/plain', opening)).status).toBe(415);
    expect((await typed('application/jsonx', opening)).status).toBe(415);
    expect((await typed('application/json; charset=utf-8', opening)).status).toBe(200);
    for (const broken of ['', '{', '\u0000', '{"jsonrpc":']) {
      const refused = await typed('application/json', broken);
      expect(refused.status).toBe(400);
      expect(await refused.json()).toMatchObject({ error: { code: -32_700 }, id: null });
    }
    for (const senseless of ['null', '[]', '7', '{}', '{"jsonrpc":"2.0","id":1}']) {
      expect((await typed('application/json', senseless)).status).toBe(400);
    }
  });

  test('may be nested as deep as it fits, and breaks nothing', async () => {
    const { service, owner } = await served();
    const session = await rawSession(service.url, owner);
    const nested = `${'['.repeat(100_000)}${']'.repeat(100_000)}`;
    const call = JSON.stringify(calling2025(2, 'echo', { text: 'NESTED' })).replace('"NESTED"', nested);
    for (const body of [nested, call, `{"jsonrpc":"2.0","id":1,"method":"x","params":{"_meta":${nested}}}`]) {
      expect((await post(service.url, session, body)).status).toBeLessThan(500);
    }
    expect((await post(service.url, session, calling2025(3, 'echo', { text: 'hi' }))).status).toBe(200);
  });

  test('must come by a method that exists', async () => {
    const { service, owner } = await served();
    for (const method of ['PUT', 'PATCH', 'OPTIONS', 'HEAD']) {
      const { status, headers } = await rawRequest(service.url, { method, headers: honest(owner) });
      expect([status, headers.allow]).toEqual([405, 'GET, POST, DELETE']);
    }
    const { status, headers } = await rawRequest(service.url, { method: 'POST', path: '/health' });
    expect([status, headers.allow]).toEqual([405, 'GET, HEAD']);
  });

  test('must be for an address that exists', async () => {
    const { service, owner } = await served();
    for (const path of ['/', '/mcp/', '/mcpx', '/mcp;x', '/.well-known/oauth-protected-resource']) {
      expect(await rawRequest(service.url, { path, headers: honest(owner) })).toMatchObject({ status: 404 });
    }
  });

  test('must speak a version that is served', async () => {
    const { service, owner } = await served();
    const session = await rawSession(service.url, owner);
    const listing = { jsonrpc: '2.0', id: 2, method: 'tools/list' };
    const versioned = async (version: string): Promise<number> =>
      (await post(service.url, { ...session, 'mcp-protocol-version': version }, listing)).status;
    expect(await versioned('2025-11-25')).toBe(200);
    expect(await versioned('2025-06-18')).toBe(200);
    expect(await versioned('1999-01-01')).toBe(400);
    expect(await versioned('2026-07-28')).toBe(400);
  });

  test('is neither kept nor sniffed by those between', async () => {
    const { service, owner } = await served();
    const { headers } = await rawRequest(service.url, { path: '/ready', headers: honest(owner) });
    expect(headers).toMatchObject({ 'cache-control': 'no-store', 'x-content-type-options': 'nosniff' });
    const session = await rawSession(service.url, owner);
    const answer = await post(service.url, session, calling2025(2, 'echo', { text: 'hi' }));
    expect(answer.headers.get('x-accel-buffering')).toBe('no');
    expect(answer.headers.get('cache-control')).toContain('no-cache');
  });
});

describe('/health and /ready', () => {
  test('health says that it lives and nothing else, to anybody', async () => {
    const { service } = await served({ ready: () => Promise.reject(new Error('no display')) });
    expect(await rawRequest(service.url, { path: '/health' })).toMatchObject({
      status: 200,
      body: '{"status":"ok"}',
    });
  });

  test('ready says a number to anybody, and the reason to those with a token', async () => {
    let isReady = false;
    const ready = (): Promise<void> =>
      isReady ? Promise.resolve() : Promise.reject(new Error('no display'));
    const { service, owner } = await served({ ready });
    const headers = honest(owner);
    expect(await rawRequest(service.url, { path: '/ready' })).toMatchObject({ status: 503, body: '' });
    const refused = await rawRequest(service.url, { path: '/ready', headers });
    expect(refused.status).toBe(503);
    expect(JSON.parse(refused.body)).toEqual({
      status: 'not ready',
      reason: 'no display',
      name: 'fixture',
      version: '1.2.3',
      sessions: 0,
      active: 0,
    });
    isReady = true;
    expect(await rawRequest(service.url, { path: '/ready' })).toMatchObject({ status: 200, body: '' });
    const answered = await rawRequest(service.url, { path: '/ready', headers });
    expect(JSON.parse(answered.body)).toMatchObject({ status: 'ready', name: 'fixture' });
    const wrong = { authorization: 'Bearer wrong' };
    expect(await rawRequest(service.url, { path: '/ready', headers: wrong })).toMatchObject({ status: 401 });
  });

  test('ready gives up on what hangs, and asks once for many', async () => {
    let asked = 0;
    const ready = (): Promise<void> => {
      asked += 1;
      return new Promise(() => undefined);
    };
    const { service } = await served({ ready, limits: { readyMs: 1_000 } });
    const answers = await Promise.all([1, 2, 3].map(() => rawRequest(service.url, { path: '/ready' })));
    expect(answers.map(({ status }) => status)).toEqual([503, 503, 503]);
    expect(asked).toBe(1);
  });
});

test.runIf(process.platform === 'linux')(
  'another loopback address may be listened on, and is addressed by itself alone',
  async () => {
    const { service } = await served({ host: '127.0.0.2' });
    const statusFor = async (host: string): Promise<number | undefined> =>
      (await rawRequest(service.url, { path: '/health', headers: { host } })).status;
    const port = portOf(service.url);
    expect(service.url).toBe(`http://127.0.0.2:${port}/mcp`);
    expect(await statusFor(`127.0.0.2:${port}`)).toBe(200);
    expect(await statusFor(`127.0.0.3:${port}`)).toBe(403);
  },
);
