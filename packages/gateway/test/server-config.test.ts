import { expect, test } from 'vitest';
import { readServers } from '../src/index.ts';

const env = { TOKEN: 'secret', EMPTY: '' };

const common = {
  ...{ isOwn: false, alwaysLoad: false, seesRoots: false, maySample: false },
  ...{ timeoutMs: 600_000, startupMs: 30_000, disabledTools: [] },
};

test('the usual configuration is read, wrapped or bare', () => {
  const map = {
    files: {
      command: 'npx',
      args: ['-y', 'files', '${EMPTY:-/data}'],
      env: { KEY: '${TOKEN}' },
      cwd: '/srv',
    },
    web: {
      type: 'streamable-http',
      url: 'https://example.com/mcp',
      headers: { authorization: 'Bearer ${TOKEN}' },
    },
    slow: {
      type: 'stdio',
      command: 'slow',
      timeout: 5000,
      startup_timeout_sec: 60,
      enabled_tools: ['a'],
      disabled_tools: ['b'],
      alwaysLoad: true,
      roots: true,
      sampling: true,
    },
    off: { command: 'off', disabled: true },
  };
  const servers = [
    {
      ...common,
      name: 'files',
      reached: {
        kind: 'stdio',
        command: 'npx',
        args: ['-y', 'files', '/data'],
        env: { KEY: 'secret' },
        cwd: '/srv',
      },
    },
    {
      ...common,
      name: 'web',
      reached: { kind: 'http', url: 'https://example.com/mcp', headers: { authorization: 'Bearer secret' } },
    },
    {
      ...common,
      name: 'slow',
      reached: { kind: 'stdio', command: 'slow', args: [], env: {} },
      ...{ alwaysLoad: true, seesRoots: true, maySample: true },
      timeoutMs: 5000,
      startupMs: 60_000,
      enabledTools: ['a'],
      disabledTools: ['b'],
    },
  ];
  expect(readServers({ mcpServers: map }, { env })).toEqual(servers);
  expect(readServers(map, { env })).toEqual(servers);
});

test.each([
  [[], 'it is no object of servers by name'],
  [{ a: { command: 'x', args: ['${MISSING}'] } }, 'a: the variable MISSING is not set and has no default'],
  [
    { a: { type: 'sse', url: 'http://x' } },
    'a: type must be "stdio", with a command, or "http", with a url; "sse" and "ws" are not spoken',
  ],
  [{ a: { type: 'http', url: 'file:///etc/passwd' } }, 'a: the url file:///etc/passwd is not an http one'],
  [{ a: { command: 'x', isOwn: true, timeout: 1 } }, 'a: timeout Too small: expected number to be >=1000'],
  [
    { a: {}, b: { command: 'x' }, c: { type: 'ws', url: 'ws://x' } },
    'a: type must be "stdio", with a command, or "http", with a url; "sse" and "ws" are not spoken; c: type must',
  ],
])('%j says what is wrong with it', (config, problem) => {
  expect(() => readServers(config, { env })).toThrow(problem);
});

test('a configuration file cannot say that a server is one of ours', () => {
  expect(readServers({ a: { command: 'x', isOwn: true } }, { env })).toMatchObject([{ isOwn: false }]);
});
