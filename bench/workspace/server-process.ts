import { Client } from '@modelcontextprotocol/client';
import { StdioClientTransport } from '@modelcontextprotocol/client/stdio';

const DEADLINE_MS = 100_000;

/** What came of one call, or of several. */
export interface Said {
  readonly text: string;
  /** Of the whole answer, as JSON. */
  readonly bytes: number;
  readonly ms: number;
}

export interface ServerStart {
  /** Of Node: the file of the server and its flags. */
  readonly args: readonly string[];
  readonly env: Readonly<Record<string, string>>;
  readonly cwd: string;
}

/** A server in a process of its own, spoken to over stdio. */
export interface ServerProcess {
  readonly pid: number;
  readonly startMs: number;
  readonly toolBytes: number;
  /** @throws when the server refuses, which must not happen here */
  call(name: string, args: Readonly<Record<string, unknown>>): Promise<Said>;
  close(): Promise<void>;
}

type CallResult = Awaited<ReturnType<Client['callTool']>>;

const textOf = ({ content }: CallResult): string =>
  content.flatMap((part) => (part.type === 'text' ? [part.text] : [])).join('\n');

async function answerOf(
  client: Client,
  name: string,
  args: Readonly<Record<string, unknown>>,
): Promise<Said> {
  const begin = performance.now();
  const result = await client.callTool({ name, arguments: { ...args } }, { timeout: DEADLINE_MS });
  const ms = performance.now() - begin;
  const text = textOf(result);
  if (result.isError === true) throw new Error(`${name}: ${text.slice(0, 300)}`);
  return { text, bytes: Buffer.byteLength(JSON.stringify(result)), ms };
}

/** In the 2025 protocol, which all of them know. */
export async function startServer({ args, env, cwd }: ServerStart): Promise<ServerProcess> {
  const client = new Client(
    { name: 'deskhand-bench', version: '0.0.0' },
    { versionNegotiation: { mode: 'legacy' } },
  );
  const transport = new StdioClientTransport({
    command: process.execPath,
    ...{ args: [...args], env: { ...env }, cwd, stderr: 'pipe' },
  });
  transport.stderr?.on('data', () => undefined); // read, so that the pipe never fills
  const begin = performance.now();
  await client.connect(transport);
  const startMs = performance.now() - begin;
  return {
    ...{ pid: transport.pid ?? 0, startMs },
    toolBytes: Buffer.byteLength(JSON.stringify(await client.listTools())),
    call: (name, given) => answerOf(client, name, given),
    close: () => client.close(),
  };
}
