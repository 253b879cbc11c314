import { Client } from '@modelcontextprotocol/client';
import { StdioClientTransport } from '@modelcontextprotocol/client/stdio';
import { NoAnswer, type Action, type Driver, type Said, type Sighting } from './driver.ts';

/** A call of a tool. */
export interface Call {
  readonly tool: string;
  readonly args: Readonly<Record<string, unknown>>;
}

/** How one server is spoken to. */
export interface Tongue {
  readonly name: string;
  /** The calls for an action, one after the other; `null` where the server offers none by default. */
  callsFor(action: Action): readonly Call[] | null;
  sightings(snapshot: string): readonly Sighting[];
}

export interface ServerStart {
  /** Of Node: the file of the server and its flags. */
  readonly args: readonly string[];
  readonly env: Readonly<Record<string, string>>;
  readonly cwd: string;
}

const DEADLINE_MS = 60_000;

type CallResult = Awaited<ReturnType<Client['callTool']>>;

const textOf = ({ content }: CallResult): string =>
  content.flatMap((part) => (part.type === 'text' ? [part.text] : [])).join('\n');

const saidBy = (result: CallResult, ms: number): Said => ({
  isError: result.isError === true,
  text: textOf(result),
  bytes: Buffer.byteLength(JSON.stringify(result)),
  ms,
});

/** Several calls for one action count as one answer. */
const together = (one: Said, next: Said): Said => ({
  isError: one.isError || next.isError,
  text: `${one.text}\n${next.text}`,
  bytes: one.bytes + next.bytes,
  ms: one.ms + next.ms,
});

async function answerOf(client: Client, { tool, args }: Call, deadlineMs: number): Promise<Said> {
  const start = performance.now();
  const signal = AbortSignal.timeout(deadlineMs);
  try {
    const options = { signal, timeout: 2 * deadlineMs };
    const result = await client.callTool({ name: tool, arguments: { ...args } }, options);
    return saidBy(result, performance.now() - start);
  } catch (error) {
    if (signal.aborted) throw new NoAnswer(`${tool} did not answer within ${deadlineMs} ms`);
    // an error of the protocol is a failure that was told, too
    const text = error instanceof Error ? error.message : String(error);
    return { isError: true, text, bytes: Buffer.byteLength(text), ms: performance.now() - start };
  }
}

/** Starts a server and speaks to it over stdio, as any client does. */
export async function startDriver(tongue: Tongue, { args, env, cwd }: ServerStart): Promise<Driver> {
  const client = new Client(
    { name: 'deskhand-tests', version: '0.0.0' },
    { versionNegotiation: { mode: 'legacy' } },
  );
  const transport = new StdioClientTransport({
    command: process.execPath,
    ...{ args: [...args], env: { ...env }, cwd, stderr: 'pipe' },
  });
  transport.stderr?.on('data', () => undefined); // read, so that the pipe never fills
  const start = performance.now();
  await client.connect(transport);
  const startMs = performance.now() - start;
  const toolBytes = Buffer.byteLength(JSON.stringify(await client.listTools()));
  return {
    ...{ name: tongue.name, pid: transport.pid ?? 0, startMs, toolBytes },
    act: async (action, { deadlineMs = DEADLINE_MS } = {}) => {
      let said: Said | null = null;
      for (const call of tongue.callsFor(action) ?? []) {
        const answer = await answerOf(client, call, deadlineMs);
        said = said === null ? answer : together(said, answer);
      }
      return said;
    },
    sightings: (snapshot) => tongue.sightings(snapshot),
    close: () => client.close(),
  };
}
