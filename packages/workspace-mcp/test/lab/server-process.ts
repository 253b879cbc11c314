import { spawn } from 'node:child_process';
import { chownSync, mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { onTestFinished } from 'vitest';
import { z } from 'zod';

/** For tests with many files. */
const CLEAR_MS = 60_000;
const CLI = join(import.meta.dirname, '../../dist/cli.js');

const line = z.object({
  id: z.number(),
  result: z.object({
    isError: z.boolean().optional(),
    tools: z.array(z.looseObject({ name: z.string() })).optional(),
    content: z.array(z.looseObject({ text: z.string().optional() })).optional(),
  }),
});

const question = z.object({ id: z.number().optional(), method: z.string() });

export interface ServerProcess {
  readonly folder: string;
  readonly root: string;
  readonly pid: number;
  readonly call: (
    name: string,
    args: Record<string, unknown>,
  ) => Promise<{ readonly isError: boolean; readonly text: string }>;
  readonly tools: () => Promise<readonly string[]>;
  /** Ends it as a client does, and waits until it has gone. */
  readonly end: () => Promise<void>;
}

export interface ServerStart {
  /** Options besides the mount and the session. */
  readonly options?: readonly string[];
  /** What starts it. */
  readonly behind?: readonly string[];
  /** What a person says to each question; without it nobody can be asked. */
  readonly person?: 'once' | 'deny';
}

/** The server as a program of its own, over stdio, with a folder `work`; it has the rights of a user where this is root. */
export async function startServer(
  uid: number | null,
  { options = ['--approve', 'never-in-sandbox'], behind = [], person }: ServerStart = {},
): Promise<ServerProcess> {
  const place = mkdtempSync(join(tmpdir(), 'deskhand-tree-'));
  const folder = join(place, 'work');
  mkdirSync(folder);
  if (uid !== null) for (const path of [place, folder]) chownSync(path, uid, uid);
  const own = [process.execPath, CLI, '--session', 's', '--mount', `work=${folder}`, ...options];
  const [program = '', ...args] = [...behind, ...own];
  const server = spawn(program, args, {
    env: {
      PATH: process.env['PATH'],
      DESKHAND_HOME: join(place, 'state'),
      DESKHAND_LOG_LEVEL: 'error',
      SECRET_OF_THE_HOST: '1',
    },
    stdio: ['pipe', 'pipe', 'ignore'],
    ...(uid !== null && { uid, gid: uid }),
  });
  const gone = new Promise((resolve) => server.once('close', resolve));
  const end = async (): Promise<void> => {
    server.stdin.end();
    await gone;
  };
  onTestFinished(async () => {
    await end();
    rmSync(place, { recursive: true, force: true });
  }, CLEAR_MS);
  const waiting = new Map<number, (answer: z.output<typeof line>['result']) => void>();
  createInterface({ input: server.stdout }).on('line', (text) => {
    const said = line.or(question).parse(JSON.parse(text));
    if ('method' in said) {
      if (said.method === 'elicitation/create')
        tell({ id: said.id, result: { action: 'accept', content: { decision: person } } });
    } else waiting.get(said.id)?.(said.result);
  });
  const tell = (words: object): void =>
    void server.stdin.write(`${JSON.stringify({ jsonrpc: '2.0', ...words })}\n`);
  let last = 0;
  const ask = (method: string, params: object): Promise<z.output<typeof line>['result']> =>
    new Promise((resolve) => {
      const id = (last += 1);
      waiting.set(id, resolve);
      tell({ id, method, params });
    });
  const clientInfo = { name: 'test', version: '0' };
  await ask('initialize', {
    protocolVersion: '2025-11-25',
    capabilities: person === undefined ? {} : { elicitation: {} },
    clientInfo,
  });
  tell({ method: 'notifications/initialized' });
  return {
    ...{ folder, end, root: '/sessions/s/mnt/work', pid: server.pid ?? 0 },
    tools: async () => (await ask('tools/list', {})).tools?.map(({ name }) => name) ?? [],
    call: async (name, args) => {
      const { isError = false, content = [] } = await ask('tools/call', { name, arguments: args });
      return { isError, text: content.map(({ text = '' }) => text).join('\n') };
    },
  };
}
