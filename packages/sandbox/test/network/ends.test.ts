import { spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { readdir, readlink } from 'node:fs/promises';
import { createServer } from 'node:net';
import { createInterface } from 'node:readline';
import { expect, onTestFinished, test, vi } from 'vitest';

const OPENER = `
  const [entry, port] = process.argv.slice(1);
  const { Sandbox } = await import(entry);
  const script = \`cat 3<>/dev/tcp/127.0.0.1/\${port} <&3; readlink /proc/self/ns/net
    (ip link add x type dummy || nft flush ruleset || unshare -Urn true) 2>/dev/null || echo no right
    (setsid sh -c '(sleep 600 &)' &); exec sleep 600\`;
  const network = { mode: 'local', hostPorts: [Number(port)] };
  const options = { session: 's1', command: ['/bin/bash', '-c', script], network };
  const sandbox = await Sandbox.open(options, AbortSignal.timeout(40000));
  sandbox.stderr.pipe(process.stderr);
  sandbox.stdout.pipe(process.stdout);`;

const ENTRY = new URL('../../dist/index.js', import.meta.url).pathname;
const AS_USER = ['setpriv', '--reuid=65534', '--regid=65534', '--clear-groups', '--'];
const userReads = spawnSync('setpriv', [...AS_USER.slice(1), 'test', '-r', ENTRY]).status === 0;

/** Processes of this machine in a network. */
async function processesIn(network: string): Promise<readonly string[]> {
  const all = (await readdir('/proc')).filter((name) => /^\d+$/.test(name));
  const networks = await Promise.all(all.map((pid) => readlink(`/proc/${pid}/ns/net`).catch(() => '')));
  return all.filter((_, index) => networks[index] === network);
}

async function isLeftByKill(prefix: readonly string[]): Promise<void> {
  const host = createServer((socket) => socket.on('error', () => undefined).end('of the host\n'));
  host.listen(0, '127.0.0.1');
  await once(host, 'listening');
  onTestFinished(() => void host.close());
  const address = host.address();
  const port = typeof address === 'object' ? `${address?.port}` : '';
  const command = [...prefix, process.execPath, '--input-type=module', '--eval', OPENER, ENTRY, port];
  const opener = spawn(command[0] ?? '', command.slice(1), {
    cwd: '/',
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  onTestFinished(() => void opener.kill('SIGKILL'));
  const lines: string[] = [];
  createInterface({ input: opener.stdout }).on('line', (line) => lines.push(line));
  await vi.waitFor(() => expect(lines).toHaveLength(3), 50_000);
  expect(lines).toEqual(['of the host', expect.stringMatching(/^net:\[\d+\]$/), 'no right']);
  const [, network = ''] = lines;
  expect((await processesIn(network)).length).toBeGreaterThan(2);
  opener.kill('SIGKILL');
  await vi.waitFor(async () => expect(await processesIn(network)).toEqual([]), 20_000);
}

test('nothing is left in its network when the process that opened it is killed', async () => {
  await isLeftByKill([]);
});

test.runIf(process.geteuid?.() === 0 && userReads)('nor when that is of an ordinary user', async () => {
  await isLeftByKill(AS_USER);
});
