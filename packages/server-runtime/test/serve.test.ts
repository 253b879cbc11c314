import { once } from 'node:events';
import { PassThrough } from 'node:stream';
import { describe, expect, test } from 'vitest';
import { createLog, serve } from '../src/index.ts';
import { recordedServer, simpleTool } from './fixtures.ts';
import { calling, opening, started } from './fixtures/process.ts';

const hooks = ['first hook', 'last hook'];

describe('a served process', () => {
  test('writes nothing but the protocol to stdout', async () => {
    const server = started();
    server.send(...opening, calling(2, 'echo', { text: 'hi' }));
    await server.says('"id":2');
    server.child.stdin.end();
    const { stdout, stderr } = await server.ended();
    const messages: unknown[] = stdout
      .trim()
      .split('\n')
      .map((line): unknown => JSON.parse(line));
    expect(messages).toMatchObject([
      { jsonrpc: '2.0', id: 1 },
      { jsonrpc: '2.0', id: 2, result: { content: [{ text: 'hi' }] } },
    ]);
    expect(stderr).toContain('a stray line\nanother stray line\n');
  });

  test('ends with 0 when stdin ends, after its hooks ran once and in order', async () => {
    const server = started();
    server.send(...opening);
    await server.says('"id":1');
    server.child.stdin.end();
    expect(await server.ended()).toMatchObject({ code: 0, signal: null });
    expect(server.record()).toEqual(hooks);
  });

  test('ends when stdin is closed before anything was said', async () => {
    const server = started();
    server.child.stdin.end();
    expect(await server.ended()).toMatchObject({ code: 0, signal: null, stdout: '' });
  });

  test.each([
    ['SIGTERM', 143],
    ['SIGINT', 130],
    ['SIGHUP', 129],
  ] as const)('ends with 128 and the number of %s, after its calls are recorded', async (signal, code) => {
    const server = started();
    server.send(...opening, calling(2, 'hang'), calling(3, 'echo', { text: 'queued' }));
    await server.says('"id":1');
    while (!recorded(server).includes('hanging')) await new Promise(setImmediate);
    server.child.kill(signal);
    expect(await server.ended()).toMatchObject({ code, signal: null });
    const cancelled = (name: string): string =>
      JSON.stringify({ phase: 'outcome', name, decision: { status: 'error', code: 'cancelled' } });
    expect(server.record()).toEqual(expect.arrayContaining([cancelled('hang'), cancelled('echo'), ...hooks]));
    expect(server.record().slice(-2)).toEqual(hooks);
  });

  test('ends although a tool left something running', async () => {
    const server = started(['--backstop', '1']);
    server.send(...opening, calling(2, 'leak'));
    await server.says('leaking');
    server.child.stdin.end();
    expect(await server.ended()).toMatchObject({ code: 0, signal: null });
    expect(server.record().slice(-2)).toEqual(hooks);
  });

  test('ends when the client no longer reads', async () => {
    const server = started();
    server.send(...opening);
    await server.says('"id":1');
    server.child.stdout.destroy();
    server.send(calling(2, 'echo', { text: 'into the void' }), calling(3, 'echo', { text: 'again' }));
    expect(await server.ended()).toMatchObject({ code: 0, signal: null });
    expect(server.record().slice(-2)).toEqual(hooks);
  });

  test('says what is wrong with an option and exits with 1, and serves when it is right', async () => {
    const wrong = started(['--log-level', 'loud']);
    expect(await wrong.ended()).toMatchObject({ code: 1, stdout: '' });
    const right = started(['--log-level', 'silent']);
    right.child.stdin.end();
    expect(await right.ended()).toMatchObject({ code: 0, stderr: '' });
  });

  test('prints its version', async () => {
    expect(await started(['--version']).ended()).toMatchObject({ code: 0, stdout: '1.2.3\n', stderr: '' });
  });
});

test.each([
  [
    'a person at a terminal is told what it waits for',
    true,
    /^fixture 1\.2\.3 is an MCP server.*`fixture --help`/,
  ],
  ['a client is told nothing', false, /^$/],
])('%s', async (_name, isTTY, expected) => {
  const { server } = recordedServer([simpleTool('quick', () => ({ text: '' }))]);
  const stdin = Object.assign(new PassThrough(), { isTTY });
  const host = {
    stdin,
    stdout: new PassThrough(),
    stderr: new PassThrough(),
    on: () => undefined,
    exit: () => expect.fail(),
  };
  const log = createLog({ level: 'silent', write: () => undefined });
  const served = serve(server, { host, log, backstopMs: 60_000 });
  stdin.end();
  expect(await served).toBe(0);
  host.stderr.end();
  expect(String(host.stderr.read() ?? '')).toMatch(expected);
});

test('a second signal does not wait for the shutdown', async () => {
  const { server } = recordedServer([simpleTool('quick', () => ({ text: '' }))]);
  const signals = new PassThrough();
  const exits: number[] = [];
  const host = {
    stdin: new PassThrough(),
    stdout: new PassThrough(),
    stderr: new PassThrough(),
    on: (signal: string, listener: () => void) => signals.on(signal, listener),
    exit: (code: number) => exits.push(code),
  };
  const log = createLog({ level: 'silent', write: () => undefined });
  let finish = (): void => undefined;
  const close = [
    () => {
      signals.emit('SIGINT');
      signals.emit('closing');
      return new Promise<void>((resolve) => {
        finish = resolve;
      });
    },
  ];
  const closing = once(signals, 'closing');
  const served = serve(server, { host, log, close, backstopMs: 60_000 });
  signals.emit('SIGTERM');
  await closing;
  expect(exits).toEqual([130]);
  finish();
  expect(await served).toBe(143);
});

function recorded(server: ReturnType<typeof started>): string[] {
  try {
    return server.record();
  } catch {
    return []; // not written yet
  }
}
