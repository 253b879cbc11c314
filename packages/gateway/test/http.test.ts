import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { expect, onTestFinished, test } from 'vitest';
import { eventually, fixtureServer, opened, serverFile, wordsOf } from './fixtures/opened.ts';

async function served(port = 0): Promise<{ readonly child: ChildProcess; readonly port: number }> {
  const child = spawn(process.execPath, [serverFile, '--port', String(port)], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  onTestFinished(() => void child.kill('SIGKILL'));
  const said: unknown[] = await once(child.stdout, 'data');
  return { child, port: Number(String(said[0]).trim()) };
}

test('a server over HTTP is called, asks, and is found again when it comes back', async () => {
  const { child, port } = await served();
  const reached = { kind: 'http', url: `http://127.0.0.1:${port}/mcp`, headers: {} } as const;
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
  await served(port);
  await eventually(() => gateway.servers()[0]?.state === 'ready');
  expect(wordsOf(await call('web__echo', { text: 'again' }))).toBe('again');
});
