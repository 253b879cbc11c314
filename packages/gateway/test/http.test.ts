import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { connect, createServer } from 'node:net';
import { expect, onTestFinished, test } from 'vitest';
import { eventually, fixtureServer, opened, serverFile, wordsOf } from './fixtures/opened.ts';

async function served(): Promise<{ readonly child: ChildProcess; readonly port: number }> {
  const child = spawn(process.execPath, [serverFile, '--port', '0'], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  onTestFinished(() => void child.kill('SIGKILL'));
  const said: unknown[] = await once(child.stdout, 'data');
  return { child, port: Number(String(said[0]).trim()) };
}

interface Address {
  readonly url: string;
  readonly leadTo: (port: number) => void;
}

/** One that stays the server's while it is gone: its own port could be another program's by then. */
async function address(): Promise<Address> {
  let port = 0;
  const relay = createServer((near) => {
    const far = connect(port, '127.0.0.1');
    for (const [one, other] of [
      [near, far],
      [far, near],
    ] as const)
      one.on('error', () => undefined).once('close', () => other.destroy());
    near.pipe(far).pipe(near);
  });
  onTestFinished(() => void relay.close());
  await once(relay.listen(0, '127.0.0.1'), 'listening');
  const at = relay.address();
  return {
    url: `http://127.0.0.1:${typeof at === 'object' ? at?.port : ''}/mcp`,
    leadTo: (to) => {
      port = to;
    },
  };
}

test('a server over HTTP is called, asks, and is found again when it comes back', async () => {
  const { child, port } = await served();
  const { url, leadTo } = await address();
  leadTo(port);
  const reached = { kind: 'http', url, headers: {} } as const;
  const { call, gateway, questions, grants } = await opened([fixtureServer('web', { reached })], {
    answer: { kind: 'filled', content: { colour: 'blue' } },
  });
  const resource = { kind: 'tool', server: 'web', name: '*' } as const;
  await grants.add({ subject: 'session', resource, decision: 'allow', scope: 'session', origin: 'person' });
  expect(wordsOf(await call('web__echo', { text: 'hello' }))).toBe('hello');
  expect(JSON.parse(wordsOf(await call('web__ask')))).toEqual({
    action: 'accept',
    content: { colour: 'blue' },
  });
  expect(questions).toMatchObject([{ tool: 'ask', form: { message: 'Which colour?' } }]);

  const gone = once(child, 'exit');
  child.kill('SIGKILL');
  await gone;
  await eventually(() => gateway.servers()[0]?.state !== 'ready');
  expect(await call('web__effect')).toMatchObject({ isError: true, code: 'server_unavailable' });
  leadTo((await served()).port);
  await eventually(() => gateway.servers()[0]?.state === 'ready');
  expect(wordsOf(await call('web__echo', { text: 'again' }))).toBe('again');
});
