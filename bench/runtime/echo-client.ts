import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { readFile } from 'node:fs/promises';
import { createInterface } from 'node:readline';
import { Client, StreamableHTTPClientTransport } from '@modelcontextprotocol/client';
import { StdioClientTransport } from '@modelcontextprotocol/client/stdio';

/** A server in a process of its own, with a client that is connected to it. */
export interface EchoServer {
  /** From the start of the process to the answer of `initialize`. */
  readonly startMs: number;
  readonly pid: number;
  /** Milliseconds of each of so many calls, one after another. */
  call(times: number): Promise<readonly number[]>;
  close(): Promise<void>;
}

export interface EchoStart {
  /** The built server. */
  readonly file: string;
  /** Its state folder. */
  readonly home: string;
}

const TEXT = 'The quick brown fox jumps over the lazy dog.';

function newClient(mode: 'legacy' | 'auto'): Client {
  return new Client({ name: 'deskhand-bench', version: '0.0.0' }, { versionNegotiation: { mode } });
}

async function timed(client: Client, times: number): Promise<readonly number[]> {
  const values: number[] = [];
  for (let time = 0; time < times; time++) {
    const begin = performance.now();
    const { isError } = await client.callTool({ name: 'echo', arguments: { text: TEXT } });
    values.push(performance.now() - begin);
    if (isError === true) throw new Error('the call failed');
  }
  return values;
}

const environment = (home: string): Record<string, string> => ({
  PATH: process.env['PATH'] ?? '',
  DESKHAND_HOME: home,
  // quicker than any agent
  DESKHAND_RATE_LIMIT: '0',
});

/** Over stdio, in the 2025 protocol, whose handshake is the only one that both eras of servers know. */
export async function startOverStdio({ file, home }: EchoStart): Promise<EchoServer> {
  const client = newClient('legacy');
  const transport = new StdioClientTransport({
    command: process.execPath,
    args: [file],
    env: environment(home),
    cwd: home,
    stderr: 'ignore',
  });
  const start = performance.now();
  await client.connect(transport);
  const startMs = performance.now() - start;
  return {
    startMs,
    pid: transport.pid ?? 0,
    call: (times) => timed(client, times),
    close: () => client.close(),
  };
}

export interface HttpEchoStart extends EchoStart {
  readonly args: readonly string[];
  /** The token, when the lines that the server printed say where it is. */
  readonly tokenFile?: (lines: readonly string[]) => string;
  /** How many lines it prints when it is ready. */
  readonly lines: number;
}

/** Over HTTP on loopback, in 2026-07-28, where each request stands for itself. */
export async function startOverHttp(options: HttpEchoStart): Promise<EchoServer> {
  const { file, home, args, tokenFile } = options;
  const start = performance.now();
  const child = spawn(process.execPath, [file, ...args], {
    env: environment(home),
    cwd: home,
    stdio: ['ignore', 'pipe', 'ignore'],
  });
  const lines: string[] = [];
  for await (const line of createInterface({ input: child.stdout })) {
    if (lines.push(line) === options.lines) break;
  }
  const token = tokenFile === undefined ? undefined : (await readFile(tokenFile(lines), 'utf8')).trim();
  const headers: Record<string, string> = token === undefined ? {} : { authorization: `Bearer ${token}` };
  const client = newClient('auto');
  await client.connect(
    new StreamableHTTPClientTransport(new URL(lines[0] ?? ''), { requestInit: { headers } }),
  );
  return {
    startMs: performance.now() - start,
    pid: child.pid ?? 0,
    call: (times) => timed(client, times),
    close: async () => {
      await client.close();
      const ended = once(child, 'exit');
      child.kill();
      await ended;
    },
  };
}
