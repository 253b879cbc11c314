import { execFile, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { createServer } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { HostProcess } from './lab/host-process.ts';
import { afterEach, beforeEach, expect, onTestFinished, test } from 'vitest';

const BIN = new URL('../dist/cli.js', import.meta.url).pathname;
const SERVER = new URL('../../gateway/test/fixtures/server.mjs', import.meta.url).pathname;

let home: string;

beforeEach(() => {
  home = mkdtempSync(join(tmpdir(), 'deskhand-mcp-'));
});
afterEach(() => rmSync(home, { recursive: true, force: true }));

interface Ran {
  readonly code: number | string;
  readonly out: string;
  readonly err: string;
}

function mcp(...args: readonly string[]): Promise<Ran> {
  const env = { PATH: process.env['PATH'], HOME: home, DESKHAND_HOME: join(home, 'state') };
  return new Promise((resolve) => {
    execFile(process.execPath, [BIN, 'mcp', ...args], { env }, (error, out, err) =>
      resolve({ code: error?.code ?? 0, out, err }),
    );
  });
}

test('a server that is there and one that is not are told apart, and remembered', async () => {
  await mcp('add', 'good', '--', process.execPath, SERVER);
  expect((await mcp('list')).out).toContain(
    `good: ${process.execPath} ${SERVER}\n  with all your rights, in no sandbox\n  no session has used it`,
  );
  expect(await mcp('check')).toEqual({ code: 0, out: 'good: ready, 13 tools\n', err: '' });
  await mcp('add', 'bad', '--', 'no-such-program');
  const both = await mcp('check', 'good', 'bad');
  expect(both).toMatchObject({ code: 1, err: '' });
  expect(both.out).toContain('good: ready, 13 tools\n');
  expect(both.out).toContain('bad: DEGRADED. the command no-such-program is not there');
  // nothing is left that would
  expect(both.out).not.toContain('started again');
  expect((await mcp('list')).out).toMatch(
    /good: .*\n.*\n {2}ready since [-\d]{10} [\d:]{5} UTC, 13 tools\nbad: .*\n.*\n {2}degraded since .*: the command no-such-program/,
  );
  const unknown = await mcp('check', 'ugly');
  expect(unknown.code).toBe(2);
  expect(unknown.err).toContain('There is no server ugly.');
});

test('a login says where to go, ends at Ctrl-C, and is only for servers that are there over HTTP', async () => {
  await mcp('add', 'local', '--', process.execPath, SERVER);
  const local = await mcp('login', 'local');
  expect(local.code).toBe(1);
  expect(local.err).toContain('it is started by a command');
  expect((await mcp('login', 'nowhere')).code).toBe(2);
  expect(await mcp('logout', 'local')).toEqual({ code: 0, out: 'Nobody was logged in at local.\n', err: '' });

  const http = createServer((request, response) => {
    const { host = '' } = request.headers;
    const origin = `http://${host}`;
    const answers: Readonly<Record<string, object>> = {
      '/.well-known/oauth-protected-resource/mcp': {
        resource: `${origin}/mcp`,
        authorization_servers: [origin],
      },
      '/.well-known/oauth-authorization-server': {
        ...{
          issuer: origin,
          authorization_endpoint: `${origin}/authorize`,
          token_endpoint: `${origin}/token`,
        },
        ...{ registration_endpoint: `${origin}/register`, response_types_supported: ['code'] },
        code_challenge_methods_supported: ['S256'],
      },
      '/register': { client_id: 'c1', redirect_uris: ['http://127.0.0.1/callback'] },
    };
    const answer = answers[request.url ?? ''];
    response.writeHead(answer === undefined ? 401 : 200, { 'content-type': 'application/json' });
    response.end(JSON.stringify(answer ?? {}));
  });
  http.listen(0, '127.0.0.1');
  await once(http, 'listening');
  onTestFinished(() => {
    http.closeAllConnections();
    http.close();
  });
  const at = http.address();
  await mcp('add', 'far', '--url', `http://127.0.0.1:${typeof at === 'object' ? at?.port : ''}/mcp`);
  const env = { PATH: process.env['PATH'], HOME: home, DESKHAND_HOME: join(home, 'state') };
  const child = spawn(process.execPath, [BIN, 'mcp', 'login', 'far'], { env });
  let said = '';
  child.stderr.on('data', (bytes: Buffer) => {
    said += bytes.toString();
    if (/\/authorize\?.*\n$/.test(said)) child.kill('SIGINT');
  });
  const code: unknown = (await once(child, 'close')).at(0);
  expect(code).toBe(130);
  expect(said).toMatch(/code_challenge=[\w-]{43}&code_challenge_method=S256/);
  expect(said).toContain('Given up.');
});

test('a server in a sandbox is started with its folders only, and the list says what each may', async () => {
  const maps = join(home, 'maps');
  mkdirSync(maps);
  const good = await mcp(
    'add',
    'tame',
    '--sandbox',
    '--mount',
    `maps=${maps}:ro`,
    '--',
    process.execPath,
    SERVER,
  );
  expect(good).toMatchObject({ code: 0, err: '' });
  await mcp('add', 'wild', '--', process.execPath, SERVER);
  const { out } = await mcp('list');
  expect(out).toContain(
    `tame: ${process.execPath} ${SERVER}\n  in a sandbox, with ${maps} (ro) and no network\n`,
  );
  expect(out).toContain(`wild: ${process.execPath} ${SERVER}\n  with all your rights, in no sandbox\n`);
  expect((await mcp('check', 'tame')).out).toMatch(/^tame: ready, 13 tools\n/);
  for (const wrong of [
    ['add', 'x', '--mount', `maps=${maps}`, '--', 'node'],
    ['add', 'x', '--sandbox', '--url', 'https://x.example/mcp'],
    ['add', 'x', '--sandbox', '--mount', 'maps=/no/such/folder', '--', 'node'],
  ])
    expect(await mcp(...wrong)).toMatchObject({ code: 2 });
  const noDomain = await mcp('add', 'x', '--sandbox', '--domain', '*', '--', 'node');
  expect(noDomain.code).toBe(1);
  expect(noDomain.err).toContain('is no domain');
  expect((await mcp('list')).out).not.toContain('\nx: ');
});

test('what a sandbox does not hold is told by the check, the list and the doctor; of a whole one nothing is', async () => {
  const host = new HostProcess();
  await host.run('mcp', 'add', 'tame', '--sandbox', '--', process.execPath, SERVER);
  await host.run('mcp', 'add', 'wild', '--', process.execPath, SERVER);
  const weak =
    'weak sandbox: it has the rights of root on the mounted folders: start it as the owner of the folders\n';
  const checked = await host.asLoneRoot('mcp', 'check');
  expect([checked.code, checked.out]).toEqual([
    0,
    expect.stringMatching(/^tame: ready, 13 tools\n( {2}weak sandbox: .*\n)+wild: ready, 13 tools\n$/),
  ]);
  expect(checked.out).toContain(`  ${weak}`);
  expect((await host.run('mcp', 'list')).out).toMatch(
    /tame: .*\n {2}in a sandbox, .*\n( {2}weak sandbox: .*\n)+ {2}ready since .*\nwild: .*\n {2}with all .*\n {2}ready since/,
  );
  const diagnosed = await host.asLoneRoot('doctor');
  expect([diagnosed.code, diagnosed.out]).toEqual([
    0,
    expect.stringMatching(/^sandbox: bubblewrap [\d.]+; it has the rights of root/m),
  ]);

  const none = await host.withoutSandbox('doctor');
  expect([none.code, none.out]).toEqual([1, expect.stringMatching(/^sandbox: NOT READY\. .*bwrap/m)]);
  const own = (await host.run('doctor')).out.match(/^sandbox: bubblewrap [\d.]+(.*)$/m)?.[1];
  await host.run('mcp', 'check');
  expect((await host.run('mcp', 'list')).out.includes('weak sandbox: ')).toBe(own !== '');
});
