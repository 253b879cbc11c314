import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { readdir, readFile, readlink } from 'node:fs/promises';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { expect, vi } from 'vitest';
import { z } from 'zod';
import { QUIET } from './browser.ts';

export const CLI = join(import.meta.dirname, '../../dist/cli.js');

/** Flags of a server whose browser is for tests. */
export const FLAGS: readonly string[] = [
  ...['--headless', '--isolated', '--timeout', '60'],
  ...QUIET.map((flag) => `--chrome-arg=${flag}`),
];

const answer = z.object({
  id: z.number(),
  result: z.object({
    isError: z.boolean().optional(),
    content: z.array(z.object({ text: z.string().optional() })),
  }),
});

export interface ServerProcess {
  readonly child: ChildProcess;
  /** The text of the answer, after `error: ` when it is one. */
  call(name: string, args?: object): Promise<string>;
  end(): Promise<void>;
}

/** The built server, as a client starts it. */
export async function startServer(home: string, flags: readonly string[]): Promise<ServerProcess> {
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

/** Processes that have a state folder in their command lines, by their kind; servers are not among them. */
export async function browsersOf(
  home: string,
): Promise<readonly { readonly pid: number; readonly kind: string }[]> {
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

/** Waits until no process and no folder of a browser is left. */
export const nothingLeft = (home: string): Promise<void> =>
  vi.waitFor(
    async () => {
      const folders = await readdir(join(home, 'chrome', 'isolated')).catch(() => []);
      expect({ browsers: await browsersOf(home), folders }).toEqual({ browsers: [], folders: [] });
    },
    { timeout: 20_000, interval: 100 },
  );
