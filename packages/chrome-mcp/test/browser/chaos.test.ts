import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, readdir, readFile, readlink, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { afterAll, beforeAll, expect, test, vi } from 'vitest';
import { z } from 'zod';
import { openSite, type Site } from '../lab/site.ts';
import { QUIET } from '../lab/browser.ts';

const CLI = join(import.meta.dirname, '../../dist/cli.js');
/** CHAOS_ROUNDS has each of them done more often. */
const ROUNDS = Number(process.env['CHAOS_ROUNDS'] ?? 2);

const answer = z.object({
  id: z.number(),
  result: z.object({
    isError: z.boolean().optional(),
    content: z.array(z.object({ text: z.string().optional() })),
  }),
});

let site: Site;
let home: string;

beforeAll(async () => {
  site = await openSite({ '/': '<title>Home</title>' });
  home = await mkdtemp(join(tmpdir(), 'deskhand-chaos-'));
});

afterAll(async () => {
  await site.close();
  await rm(home, { recursive: true, force: true, maxRetries: 5 });
});

/** The built server, as a client starts it. */
async function serve() {
  const flags = [
    '--headless',
    '--isolated',
    '--allow-origin',
    site.origin,
    ...QUIET.map((flag) => `--chrome-arg=${flag}`),
  ];
  const child = spawn(process.execPath, [CLI, ...flags], {
    env: { ...process.env, DESKHAND_HOME: home },
    stdio: ['pipe', 'pipe', 'ignore'],
  });
  const lines = createInterface({ input: child.stdout });
  const waiting = new Map<number, (line: string) => void>();
  lines.on('line', (line) => waiting.get(z.object({ id: z.number() }).parse(JSON.parse(line)).id)?.(line));
  let last = 0;
  const ask = (method: string, params: object): Promise<string> =>
    new Promise((resolve) => {
      last += 1;
      waiting.set(last, resolve);
      child.stdin.write(`${JSON.stringify({ jsonrpc: '2.0', id: last, method, params })}\n`);
    });
  const clientInfo = { name: 'chaos', version: '1' };
  await ask('initialize', { protocolVersion: '2025-06-18', capabilities: {}, clientInfo });
  child.stdin.write(`${JSON.stringify({ jsonrpc: '2.0', method: 'notifications/initialized' })}\n`);
  return {
    child,
    call: async (name: string, args: object = {}): Promise<string> => {
      const { result } = answer.parse(JSON.parse(await ask('tools/call', { name, arguments: args })));
      return `${result.isError === true ? 'error: ' : ''}${result.content[0]?.text ?? ''}`;
    },
    end: async () => {
      const ended = once(child, 'exit');
      child.stdin.end();
      await ended;
    },
  };
}

/** Processes that have the state folder of this test in their command lines, by their kind. */
async function browsers(): Promise<readonly { readonly pid: number; readonly kind: string }[]> {
  const numbers = (await readdir('/proc')).filter((name) => /^\d+$/.test(name));
  const all = await Promise.all(
    numbers.map(async (pid) => {
      const line = await readFile(`/proc/${pid}/cmdline`, 'utf8').catch(() => '');
      const program = await readlink(`/proc/${pid}/exe`).catch(() => '');
      const isOurs = line.includes(home) && !program.endsWith('/node');
      const kind = /--type=([a-z]+)/.exec(line)?.[1] ?? (program.includes('chrom') ? 'browser' : 'watcher');
      return isOurs ? [{ pid: Number(pid), kind }] : [];
    }),
  );
  return all.flat();
}

const folders = () => readdir(join(home, 'chrome', 'isolated')).catch(() => []);

const nothingLeft = () =>
  vi.waitFor(
    async () =>
      expect({ browsers: await browsers(), folders: await folders() }).toEqual({ browsers: [], folders: [] }),
    { timeout: 20_000, interval: 100 },
  );

const rounds = Array.from({ length: ROUNDS }, (_, round) => round + 1);

const shows = new RegExp('^t\\d+ shows .*, title "Home"');

test.each(rounds)('a server that is killed leaves no process and no folder (%i)', async () => {
  const server = await serve();
  expect(await server.call('navigate', { url: site.origin })).toMatch(shows);
  expect((await browsers()).length).toBeGreaterThan(1);
  const ended = once(server.child, 'exit');
  server.child.kill('SIGKILL');
  await ended;
  await nothingLeft();
});

test.each(rounds)('a browser that is killed leaves nothing, and the next call starts one (%i)', async () => {
  const server = await serve();
  await server.call('navigate', { url: site.origin });
  const browser = (await browsers()).find(({ kind }) => kind === 'browser');
  process.kill(browser?.pid ?? 0, 'SIGKILL');
  const again = await server.call('navigate', { url: site.origin });
  expect(again).toMatch(/^(t\d+ shows|error: (The tab is gone|The call was cut off))/);
  expect(await server.call('navigate', { url: site.origin })).toMatch(shows);
  await server.end();
  await nothingLeft();
});

test.each(rounds)('a page whose process is killed says so, and comes back (%i)', async () => {
  const server = await serve();
  await server.call('navigate', { url: site.origin });
  const waiting = server.call('evaluate', { script: 'new Promise(() => {})' });
  await vi.waitFor(async () => expect(await browsers()).not.toEqual([]));
  for (const { pid, kind } of await browsers()) if (kind === 'renderer') process.kill(pid, 'SIGKILL');
  expect(await waiting).toMatch(/^error: The page crashed/);
  expect(await server.call('navigate', { action: 'reload' })).toMatch(shows);
  await server.end();
  await nothingLeft();
});
