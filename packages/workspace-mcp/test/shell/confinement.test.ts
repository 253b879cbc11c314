import { once } from 'node:events';
import { createServer } from 'node:net';
import { expect, onTestFinished, test } from 'vitest';
import { makeTree } from '../lab/tree.ts';
import { openSession } from '../lab/workspace.ts';

async function openBash(options: Record<string, unknown>) {
  const call = await openSession([`work=${makeTree()}`], { ...options, person: () => 'once' });
  return (command: string) => call('Bash', { command, timeout: 60_000 });
}

test('commands reach the ports that were given, and no other address', async () => {
  const host = createServer((socket) => socket.on('error', () => undefined).end('of the host\n'));
  host.listen(0, '127.0.0.1');
  await once(host, 'listening');
  onTestFinished(() => void host.close());
  const address = host.address();
  const port = typeof address === 'object' ? `${address?.port}` : '';
  const look = (at: string) => `(cat <&3) 3<>/dev/tcp/${at}`;

  const given = await openBash({ allowPort: [port] });
  expect((await given(look(`127.0.0.1/${port}`))).text).toContain('> of the host');
  for (const at of ['192.0.2.1', '169.254.169.254', '10.0.0.1']) {
    expect((await given(look(`${at}/80`))).text).toContain('Network is unreachable');
  }
  const other = await openBash({});
  expect((await other(look(`127.0.0.1/${port}`))).text).toContain('Connection refused');
});

test('a command that hits a limit is told which one', async () => {
  const bash = await openBash({ scratch: 4, processes: 200 });
  const full = await bash('head -c 8M /dev/zero > /tmp/a');
  expect(full.text).toContain('Exit code 1');
  expect(full.text).toContain(
    'The home folder or /tmp is full, with 4 MiB. Remove files there, or write to a mounted folder',
  );
  expect((await bash('rm /tmp/a; false')).text).not.toContain('is full');
});
