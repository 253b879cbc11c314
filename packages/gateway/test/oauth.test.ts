import { readdirSync, readFileSync, statSync } from 'node:fs';
import { createServer, type ServerResponse } from 'node:http';
import { once } from 'node:events';
import { join } from 'node:path';
import { expect, onTestFinished, test } from 'vitest';
import { login, logout, type GatewayServer } from '../src/index.ts';
import { carefulFetch } from '../src/oauth/careful-fetch.ts';
import { eventually, fixtureServer, opened, temporaryFolder, textOf, wordsOf } from './fixtures/opened.ts';
import { oauthServer, type OAuthServer } from './fixtures/oauth-server.ts';

const guarded = (url: string): GatewayServer =>
  fixtureServer('guarded', { reached: { kind: 'http', url, headers: {} } });

const signal = new AbortController().signal;

/** A person who opens the page at once and agrees to all. */
const agree = (url: URL): void => void fetch(url).then((response) => response.text());

const loggedIn = async ({ url }: OAuthServer, home: string): Promise<void> =>
  login(guarded(url), { home, show: agree, signal });

const allowed = { answer: { kind: 'allow', scope: 'session' } } as const;

const logins = (home: string): string => join(home, 'gateway', 'logins');

function allTextOf(folder: string): string {
  return readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map(({ parentPath, name }) => readFileSync(join(parentPath, name), 'utf8'))
    .join('\n');
}

test.each([false, true])(
  'a session waits for a login, goes on with it, and other servers go on (old: %s)',
  async (isOld) => {
    const server = await oauthServer({ isOld });
    const { call, gateway, home } = await opened([guarded(server.url), fixtureServer('files')], allowed);
    const state = () => gateway.servers().find(({ name }) => name === 'guarded');
    expect(state()).toMatchObject({
      state: 'needs-auth',
      problem: 'it wants to know who you are. The person can log in: deskhand mcp login guarded',
    });
    expect(await call('files__echo', { text: 'here' })).toMatchObject({ isError: false });

    await loggedIn(server, home);
    await eventually(() => state()?.state === 'ready');
    expect(wordsOf(await call('guarded__whoami'))).toBe('you are Ada');
    const [file = ''] = readdirSync(logins(home));
    expect(statSync(join(logins(home), file)).mode & 0o777).toBe(0o600);
    expect(statSync(logins(home)).mode & 0o777).toBe(0o700);
    for (const place of ['ledger', 'logs', 'gateway/seen'])
      expect(allTextOf(join(home, place))).not.toMatch(/access-|refresh-/);
  },
);

test('a token that is taken back in the middle is renewed once, whoever asks', async () => {
  const server = await oauthServer();
  const home = temporaryFolder();
  await loggedIn(server, home);
  const one = await opened([guarded(server.url)], { ...allowed, home });
  const two = await opened([guarded(server.url)], { ...allowed, home });
  server.good.clear();
  const answers = await Promise.all([one, two, one, two].map(({ call }) => call('guarded__whoami')));
  expect(answers.map(wordsOf)).toEqual(answers.map(() => 'you are Ada'));
  expect(server.log.filter((line) => line === 'token refresh_token')).toHaveLength(1);
});

test('a token that ends soon is renewed before it is sent', async () => {
  const server = await oauthServer();
  const home = temporaryFolder();
  server.seconds = 30;
  await loggedIn(server, home);
  const [ending = ''] = server.good;
  server.seconds = 3600;
  server.log.length = 0;
  const { call } = await opened([guarded(server.url)], { ...allowed, home });
  expect(wordsOf(await call('guarded__whoami'))).toBe('you are Ada');
  expect(server.log.filter((line) => line === 'token refresh_token')).toHaveLength(1);
  expect(server.log.filter((line) => line.includes(ending))).toEqual([]);
});

test('when nothing renews it, the call says who can do what, and a new login mends the session', async () => {
  const server = await oauthServer();
  const home = temporaryFolder();
  await loggedIn(server, home);
  const { call, gateway } = await opened([guarded(server.url), fixtureServer('files')], { ...allowed, home });
  expect(wordsOf(await call('guarded__whoami'))).toBe('you are Ada');
  server.good.clear();
  server.renews = false;
  const refused = await call('guarded__whoami');
  expect(refused).toMatchObject({ code: 'needs_auth', isError: true });
  expect(textOf(refused)).toContain('deskhand mcp login guarded');
  expect(await call('files__echo', { text: 'here' })).toMatchObject({ isError: false });
  expect(gateway.servers()).toMatchObject([{ state: 'needs-auth' }, { state: 'ready' }]);
  await loggedIn(server, home);
  await eventually(() => gateway.servers()[0]?.state === 'ready');
  expect(wordsOf(await call('guarded__whoami'))).toBe('you are Ada');

  expect(logout(guarded(server.url), home)).toBe(true);
  expect(logout(guarded(server.url), home)).toBe(false);
  expect(await call('guarded__whoami')).toMatchObject({ code: 'needs_auth' });
});

test('tokens of one server go to no other: not by the same name, not by a redirect', async () => {
  const server = await oauthServer();
  const home = temporaryFolder();
  await loggedIn(server, home);
  const seen: string[] = [];
  const thief = createServer((request, response) => {
    seen.push(request.headers.authorization ?? '-');
    response.writeHead(401).end();
  });
  const mover = createServer((_request, response) => {
    const at = thief.address();
    const port = typeof at === 'object' ? at?.port : 0;
    response.writeHead(307, { location: `http://127.0.0.1:${port}/mcp` }).end();
  });
  for (const http of [thief, mover]) {
    http.listen(0, '127.0.0.1');
    await once(http, 'listening');
    onTestFinished(() => void http.close());
  }
  const portOf = (http: typeof thief): number => {
    const at = http.address();
    return typeof at === 'object' ? (at?.port ?? 0) : 0;
  };
  const other = await opened([guarded(`http://127.0.0.1:${portOf(thief)}/mcp`)], { ...allowed, home });
  expect(other.gateway.servers()).toMatchObject([{ state: 'needs-auth' }]);
  const headers = { authorization: 'Bearer of-the-config', 'x-key': 'secret' };
  const moved = fixtureServer('moved', {
    reached: { kind: 'http', url: `http://127.0.0.1:${portOf(mover)}/mcp`, headers },
  });
  const { gateway } = await opened([moved], { ...allowed, home });
  expect(gateway.servers()).toMatchObject([{ state: 'degraded' }]);
  expect(seen.length).toBeGreaterThan(0);
  expect(new Set(seen)).toEqual(new Set(['-']));
});

test('a code that comes without the secret of the login is not taken', async () => {
  const server = await oauthServer();
  const home = temporaryFolder();
  const answers: number[] = [];
  const given = new AbortController();
  const attacked = login(guarded(server.url), {
    home,
    show: (url) => {
      const back = new URL(url.searchParams.get('redirect_uri') ?? '');
      void (async () => {
        for (const query of ['code=stolen', 'code=stolen&state=guess', 'error=access_denied'])
          answers.push((await fetch(`${back.href}?${query}`)).status);
        given.abort();
      })();
    },
    signal: given.signal,
  });
  await expect(attacked).rejects.toThrow();
  expect(answers).toEqual([404, 404, 404]);
  expect(server.log.filter((line) => line.startsWith('token'))).toEqual([]);
  expect(readdirSync(logins(home))).toEqual([]);
});

test.each([
  ['the token', { tokenOrigin: 'http://tokens.example' }],
  ['the person', { loginOrigin: 'http://login.example' }],
  ['the person, to a program,', { loginOrigin: 'vscode://login' }],
])('a server of this computer cannot send %s elsewhere without https', async (_, elsewhere) => {
  const server = await oauthServer();
  Object.assign(server, elsewhere);
  const shown: string[] = [];
  const show = (url: URL): void => {
    shown.push(url.protocol);
    agree(url);
  };
  const failed = login(guarded(server.url), { home: temporaryFolder(), show, signal });
  await expect(failed).rejects.toMatchObject({ code: 'login_failed' });
  expect(shown).toEqual('loginOrigin' in elsewhere ? [] : ['http:']);
});

/** A server of this computer that answers as it is told. */
async function serverThat(answer: (path: string, response: ServerResponse) => void): Promise<string> {
  const server = createServer((request, response) => answer(request.url ?? '', response));
  onTestFinished(() => {
    server.closeAllConnections();
    server.close();
  });
  await once(server.listen(0, '127.0.0.1'), 'listening');
  const address = server.address();
  return `http://127.0.0.1:${typeof address === 'object' ? address?.port : ''}/mcp`;
}

const stalls: readonly (readonly [string, (response: ServerResponse) => void])[] = [
  ['nothing', () => undefined],
  ['half an answer', (response) => void response.writeHead(200).write('{"issuer":')],
];

test.each(stalls)(
  'a login at a server that says %s is given up when the person gives it up',
  async (_, stall) => {
    const giveUp = new AbortController();
    const url = await serverThat((path, response) => {
      if (path === '/mcp') response.writeHead(401).end();
      else {
        stall(response);
        giveUp.abort(new Error('enough'));
      }
    });
    const failed = login(guarded(url), { home: temporaryFolder(), show: agree, signal: giveUp.signal });
    await expect(failed).rejects.toThrow('enough');
  },
);

test.each(stalls)('a request on the way to a login that gets %s ends by itself', async (_, stall) => {
  const url = await serverThat((path, response) => {
    if (path === '/good') response.end('all of it');
    else stall(response);
  });
  await expect(carefulFetch(url, { ms: 500 })(url)).rejects.toThrow('it took too long');
  expect(await (await carefulFetch(url)(new URL('/good', url))).text()).toBe('all of it');
});

test('an answer on the way to a login is not larger than any such answer has to be', async () => {
  const url = await serverThat((path, response) => response.end('x'.repeat(path === '/good' ? 1e6 : 2e6)));
  await expect(carefulFetch(url)(url)).rejects.toThrow('more than 1048576 bytes');
  expect((await (await carefulFetch(url)(new URL('/good', url))).text()).length).toBe(1e6);
});
