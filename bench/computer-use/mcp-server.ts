import type { Desktop } from '@deskhand/tests/lab/desktop';
import { Client } from '@modelcontextprotocol/client';
import { StdioClientTransport } from '@modelcontextprotocol/client/stdio';
import { readFile } from 'node:fs/promises';

type CallResult = Awaited<ReturnType<Client['callTool']>>;

export interface TimedCall {
  readonly result: CallResult;
  /** From the request to the answer, as the client sees it. */
  readonly ms: number;
}

/** A server in a process of its own, spoken to over stdio. */
export interface McpServer {
  /** From the start of the process to the answer of `tools/list`. */
  readonly startMs: number;
  call(tool: string, args: Readonly<Record<string, unknown>>): Promise<TimedCall>;
  /** Resident memory of the process, in MB. */
  memory(): Promise<number>;
  close(): Promise<void>;
}

export const textOf = ({ content }: CallResult): string =>
  content.flatMap((part) => (part.type === 'text' ? [part.text] : [])).join('\n');

/** Size of the picture in an answer, in kB. */
export function pictureSize({ content }: CallResult): number {
  const picture = content.find((part) => part.type === 'image');
  if (picture === undefined) throw new Error('the answer has no picture');
  return Buffer.byteLength(picture.data, 'base64') / 1000;
}

async function memoryOf(pid: number): Promise<number> {
  const status = await readFile(`/proc/${pid}/status`, 'utf8');
  const kB = /^VmRSS:\s+(\d+) kB$/m.exec(status)?.[1];
  if (kB === undefined) throw new Error('the process has no resident memory');
  return (Number(kB) * 1024) / 1e6;
}

/** Both servers get the same client, which speaks the era that both know; a person says yes to every question. */
function connectingClient(): Client {
  const client = new Client(
    { name: 'deskhand-bench', version: '0.0.0' },
    { capabilities: { elicitation: { form: {} } }, versionNegotiation: { mode: 'legacy' } },
  );
  client.setRequestHandler('elicitation/create', () => ({ action: 'accept', content: { decision: 'once' } }));
  return client;
}

export async function startMcpServer(desktop: Desktop, cli: string): Promise<McpServer> {
  const client = connectingClient();
  desktop.own({ close: () => client.close() });
  const transport = new StdioClientTransport({
    command: process.execPath,
    args: [cli],
    env: { ...desktop.env },
    cwd: desktop.folder,
    stderr: 'pipe',
  });
  transport.stderr?.on('data', () => undefined); // read, so that the pipe never fills
  const start = performance.now();
  await client.connect(transport);
  await client.listTools();
  const startMs = performance.now() - start;
  const { pid } = transport;
  if (pid === null) throw new Error('the server has no process');
  return {
    startMs,
    call: async (tool, args) => {
      const begin = performance.now();
      const result = await client.callTool({ name: tool, arguments: { ...args } });
      const ms = performance.now() - begin;
      if (result.isError === true) throw new Error(`${tool}: ${textOf(result)}`);
      return { result, ms };
    },
    memory: () => memoryOf(pid),
    close: () => client.close(),
  };
}
