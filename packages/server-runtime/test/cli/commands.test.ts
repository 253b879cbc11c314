import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { chmodSync, existsSync, readFileSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname } from 'node:path';
import { describe, expect, test, vi } from 'vitest';
import { z } from 'zod';
import { ended, PATIENCE_MS, Place } from '../fixtures/bin.ts';

vi.setConfig({ testTimeout: PATIENCE_MS });

describe('help', () => {
  test('names options, commands and where to read more', async () => {
    const { code, stdout, stderr } = await new Place().run(['--help']);
    expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
    for (const text of [
      '--attach',
      'daemon start',
      'token create',
      'call',
      'fixture-bin daemon start --help',
    ])
      expect(stdout).toContain(text);
  });

  test.each(['serve', 'daemon start', 'daemon doctor', 'token create', 'call'])(
    '%s has its own, with an example',
    async (name) => {
      const { code, stdout } = await new Place().run([...name.split(' '), '--help']);
      expect(code).toBe(0);
      expect(stdout).toContain(`Usage: fixture-bin ${name} [options]`);
      expect(stdout).toContain(`Example: fixture-bin ${name}`);
    },
  );
});

test.each([
  ['an unknown command', ['deamon'], 'there is no command `deamon`. Did you mean `daemon`?'],
  [
    'an unknown command of a group',
    ['daemon', 'strat'],
    'there is no command `daemon strat`. Did you mean `daemon start`',
  ],
  ['an unknown flag', ['daemon', 'status', '--jsn'], "unknown option '--jsn'"],
  ['a port that is none', ['serve', '--http', '--port', 'x'], '--port: '],
  [
    'a time that is none',
    ['daemon', 'start', '--idle-exit', '5'],
    '--idle-exit: Expected a number and ms, s, m, h, d or w',
  ],
  ['no way to serve', ['serve'], 'say over what to serve'],
  [
    'a server option where the server is not started',
    ['daemon', 'status', '--read-only'],
    "unknown option '--read-only'",
  ],
  ['a command behind an option', ['--session', 'x', 'tools'], 'A command comes first: fixture-bin tools ...'],
  ['a session that would be every session', ['tools', '--session', '*'], 'a session cannot be named *'],
  [
    'a variable to hand on that is not set',
    ['daemon', 'install', '--print', '--env', 'NO_SUCH_VARIABLE'],
    'the variable NO_SUCH_VARIABLE is not set',
  ],
  ['an address that others can reach', ['serve', '--http', '--host', '0.0.0.0'], '0.0.0.0'],
])('%s is said, with exit code 1', async (_name, args, message) => {
  const { code, stdout, stderr } = await new Place().run(args);
  expect({ code, stdout }).toEqual({ code: 1, stdout: '' });
  expect(stderr).toContain(message);
  expect(stderr).not.toMatch(/\n\s+at /);
  expect(stderr).not.toContain('fixture-bin: fixture-bin:');
});

describe.each([
  ['in a process of its own', false],
  ['through the daemon', true],
])('call, %s', (_name, isDaemon) => {
  const place = async (): Promise<Place> => {
    const made = new Place();
    if (isDaemon) await made.start();
    return made;
  };

  test('prints text, takes flags and JSON, and says who called', async () => {
    const here = await place();
    const expected = '{"count":3,"isLarge":true,"at":[1,2]}\n';
    expect(await here.run(['call', 'shape', '--count', '3', '--is-large', '--at', '1,2'])).toEqual({
      code: 0,
      stdout: expected,
      stderr: '',
    });
    const { stdout } = await here.run(['call', '--session', 'mine', 'who', '--json']);
    expect(JSON.parse(stdout)).toMatchObject({
      isError: false,
      structuredContent: { session: 'mine', actor: isDaemon ? 'attach' : 'call' },
    });
  });

  test('ends with 5 when the tool fails, with 1 when the call is wrong', async () => {
    const here = await place();
    expect(await here.run(['call', 'fail'])).toEqual({
      code: 5,
      stdout: '',
      stderr: 'It is broken. Mend it.\n',
    });
    const unknown = await here.run(['call', 'shap']);
    expect(unknown.code).toBe(1);
    expect(unknown.stderr).toContain('Did you mean `shape`?');
    expect(await here.run(['call', 'shape', '{"count":"x"}'])).toMatchObject({ code: 5 });
  });

  test('writes a picture to a file of the person alone', async () => {
    const { code, stdout } = await (await place()).run(['call', 'picture']);
    const [text, path = ''] = stdout.trim().split('\n');
    expect({ code, text }).toEqual({ code: 0, text: 'one pixel' });
    expect(path).toMatch(/\.png$/);
    expect(dirname(path)).toBe(tmpdir());
    expect(readFileSync(path).subarray(1, 4).toString()).toBe('PNG');
    expect(statSync(path).mode & 0o777).toBe(0o600);
    rmSync(path);
  });

  test('lists the tools', async () => {
    const here = await place();
    expect((await here.run(['tools'])).stdout).toContain('picture\n  Gives a picture.\n');
    const listed = z
      .array(z.object({ name: z.string() }))
      .parse(JSON.parse((await here.run(['tools', '--json'])).stdout));
    expect(listed.map(({ name }) => name)).toEqual(['who', 'shape', 'picture', 'fail', 'slow']);
  });
});

describe('doctor', () => {
  test('tries everything, leaves nothing behind and ends with 0', async () => {
    const place = new Place();
    const { code, stdout } = await place.run(['daemon', 'doctor', '--json']);
    expect(code).toBe(0);
    const { ok, checks } = z
      .object({ ok: z.boolean(), checks: z.array(z.object({ check: z.string(), ok: z.boolean() })) })
      .parse(JSON.parse(stdout));
    expect(ok).toBe(true);
    expect(checks.filter((each) => each.ok).map(({ check }) => check)).toContain('think');
    expect(existsSync(place.socket)).toBe(false);
    expect(existsSync(`${place.home}/daemons/fixture-bin.token`)).toBe(false);
    expect(place.notes().at(-1)).toBe('surface closed');
  });

  test('says what fails and how it is mended, and ends with 1', async () => {
    const place = new Place();
    const { code, stdout } = await place.run(['daemon', 'doctor', '--fault', 'think']);
    expect(code).toBe(1);
    expect(stdout).toContain('failed think: nothing comes to mind\n       Run: coffee\n');
  });

  test('finds a token that others can read', async () => {
    const place = new Place();
    await place.start('--http');
    const token = `${place.home}/daemons/fixture-bin.token`;
    expect((await place.run(['daemon', 'doctor'])).code).toBe(0);
    chmodSync(token, 0o644);
    const { code, stdout } = await place.run(['daemon', 'doctor']);
    expect(code).toBe(1);
    expect(stdout).toMatch(/failed check the token of the HTTP door: .*open to other users/);
  });

  test('says once what fails several checks', async () => {
    const place = new Place();
    expect((await place.run(['daemon', 'doctor'])).code).toBe(0);
    chmodSync(place.home, 0o777);
    const { code, stdout } = await place.run(['daemon', 'doctor']);
    expect(code).toBe(1);
    expect(stdout.match(/chmod/g)).toHaveLength(1);
    expect(stdout).toMatch(/^failed .*: for the same reason$/m);
  });
});

test('a token is shown once, listed without its secret, works over HTTP and stops when revoked', async () => {
  const place = new Place();
  const { stdout: made } = await place.run([
    'token',
    'create',
    '--label',
    'ci',
    '--tools',
    'who',
    '--expires',
    '7d',
  ]);
  const token = made.trim();
  await place.start('--http');
  const { url } = z
    .object({ url: z.string() })
    .parse(JSON.parse((await place.run(['daemon', 'status', '--json'])).stdout));
  const ping = () =>
    fetch(new URL('/ready', url), { headers: { authorization: `Bearer ${token}` } }).then((response) =>
      response.text(),
    );
  expect(await ping()).toContain('fixture-bin');
  const { stdout: listed } = await place.run(['token', 'list']);
  expect(listed).toMatch(/^ci {2}who {2}until \d{4}-/);
  expect(listed).not.toContain(token);
  expect(await place.run(['token', 'revoke', 'ci'])).toMatchObject({ code: 0 });
  expect(await ping()).not.toContain('fixture-bin');
  expect(await place.run(['token', 'revoke', 'ci'])).toMatchObject({ code: 1 });
  const log = readFileSync(`${place.home}/logs/fixture-bin.log`, 'utf8');
  expect(log).not.toContain(token);
});

test('serve prints where it is and where the token is, and Ctrl-C ends it', async () => {
  const place = new Place();
  const server = place.spawn(['serve', '--http']);
  const end = ended(server);
  const [line] = z.tuple([z.string()]).parse(await once(server.stdout ?? server, 'data'));
  const [url = ''] = line.split('\n');
  expect((await fetch(new URL('/health', url))).status).toBe(200);
  server.kill('SIGINT');
  expect(await end).toMatchObject({
    code: 0,
    stderr: '',
    stdout: `${url}\nThe token is in ${place.home}/daemons/fixture-bin.token\n`,
  });
  expect(place.notes().at(-1)).toBe('surface closed');
});

test('install --print shows units and writes nothing', async () => {
  const place = new Place();
  const { code, stdout } = await place.run(
    ['daemon', 'install', '--print', '--http', '--port', '4711', '--env', 'SECRET_A'],
    { env: { SECRET_A: 'x y' } },
  );
  expect(code).toBe(0);
  expect(stdout).toContain('Environment="SECRET_A=x y"');
  expect(stdout).toContain('"daemon" "run" "--http" "--port" "4711"\n');
  expect(stdout).toContain(`ListenStream=${place.socket}\n`);
  expect(existsSync(`${place.home}/.config`)).toBe(false);
});

test.runIf(process.platform === 'linux')(
  'install writes units that systemd itself accepts, and uninstall removes them',
  async () => {
    const place = new Place();
    const installed = await place.run(['daemon', 'install', '--note', `${place.home}/a b`], {
      env: { XDG_CONFIG_HOME: `${place.home}/config` },
    });
    const units = `${place.home}/config/systemd/user/fixture-bin`;
    expect(installed.stdout).toContain(`wrote ${units}.service\n`);
    if (existsSync('/usr/bin/systemd-analyze')) {
      const check = spawn(
        'systemd-analyze',
        ['verify', '--user', '--man=no', `${units}.service`, `${units}.socket`],
        { env: { PATH: process.env['PATH'] } },
      );
      expect((await ended(check)).stderr).not.toMatch(/fixture-bin/);
    }
    await place.run(['daemon', 'uninstall'], { env: { XDG_CONFIG_HOME: `${place.home}/config` } });
    expect(existsSync(`${units}.service`)).toBe(false);
  },
);

test('who stops reading ends a command without a stack, and a log nobody reads ends no server', async () => {
  const place = new Place();
  const tools = place.spawn(['tools']);
  tools.stdout?.destroy();
  expect(await ended(tools)).toMatchObject({ code: 0, stderr: '' });
  await place.start();
  const logs = place.spawn(['daemon', 'logs', '-f']);
  const closed = once(logs, 'close');
  await once(logs.stdout ?? logs, 'data');
  logs.stdout?.destroy();
  await place.run(['daemon', 'restart']);
  await closed;
  expect(logs.exitCode).toBe(0);
  const server = place.spawn(['--log-level', 'trace']);
  server.stderr?.destroy();
  const answered = once(server.stdout ?? server, 'data');
  server.stdin?.write('no JSON\n'.repeat(10));
  expect(String(await answered)).toContain('-32700');
  server.stdin?.end();
  await once(server, 'close');
  expect(server.exitCode).toBe(0);
});

test('doctor finds a state folder too long for a socket, and none to say about another', async () => {
  const place = new Place();
  const home = `${place.home}${'x'.repeat(100)}`;
  const { code, stdout } = await place.run(['daemon', 'doctor'], { env: { DESKHAND_HOME: home } });
  expect(code).toBe(1);
  expect(stdout).toMatch(
    /^failed open a local socket: .* is too long .*\n +Set DESKHAND_HOME to a shorter folder\.$/m,
  );
  expect(await place.run(['daemon', 'doctor'])).toMatchObject({ code: 0 });
});
