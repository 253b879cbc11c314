import { once } from 'node:events';
import {
  Client,
  InMemoryTransport,
  type ElicitRequestParams,
  type ElicitResult,
  type JSONRPCMessage,
} from '@modelcontextprotocol/client';
import { onTestFinished } from 'vitest';
import { z } from 'zod';
import { createLog, createServer, defineTool } from '../src/index.ts';
import type { AuditRow, CallContext, DeskhandServer, ServerOptions, Tool, ToolResult } from '../src/index.ts';

export const modernEra = '2026-07-28';

const clientNote = z.object({ client: z.unknown() });

/** A server with what it recorded. */
interface Recorded {
  readonly server: DeskhandServer;
  readonly rows: AuditRow[];
  /** The notes about who the client is, which are not in `rows`. */
  readonly clients: unknown[];
  readonly logLines: string[];
  /** Resolves when `rows` holds a row that satisfies the predicate. */
  readonly row: (wanted: (row: AuditRow) => boolean) => Promise<AuditRow>;
}

export function recordedServer(tools: readonly Tool[], options: Partial<ServerOptions> = {}): Recorded {
  const rows: AuditRow[] = [];
  const clients: unknown[] = [];
  const logLines: string[] = [];
  const added = new EventTarget();
  const server = createServer({
    name: 'fixture',
    version: '1.2.3',
    tools,
    permission: () => ({ allowed: true }),
    audit: {
      append(row) {
        const note = clientNote.safeParse(row.decision);
        if (note.success) clients.push(note.data.client);
        else rows.push(row);
        added.dispatchEvent(new Event('row'));
      },
    },
    log: createLog({ level: 'debug', write: (line) => logLines.push(line) }),
    session: 'piece-of-work',
    ...options,
  });
  onTestFinished(() => server.close());
  const row = async (wanted: (row: AuditRow) => boolean): Promise<AuditRow> => {
    for (;;) {
      const found = rows.find(wanted);
      if (found !== undefined) return found;
      await once(added, 'row');
    }
  };
  return { server, rows, clients, logLines, row };
}

/** A tool without arguments that does what `run` says. */
export function simpleTool(
  name: string,
  run: (call: CallContext) => ToolResult | Promise<ToolResult>,
  more: Partial<Tool> = {},
): Tool {
  return defineTool({
    name,
    title: name,
    description: `The tool ${name}.`,
    input: z.object({}),
    annotations: { readOnly: false, destructive: false, idempotent: true, openWorld: false },
    run: async (_input, call) => run(call),
    ...more,
  });
}

type Answerer = (params: ElicitRequestParams) => ElicitResult | Promise<ElicitResult>;

/** A client of the SDK in one protocol era; it can be asked if `answer` is given. */
export async function connected(
  server: DeskhandServer,
  { era, answer }: { era: '2025' | '2026'; answer?: Answerer },
): Promise<Client> {
  const [near, far] = InMemoryTransport.createLinkedPair();
  server.connect(far);
  const client = new Client(
    { name: 'test', version: '0.0.0' },
    {
      capabilities: answer ? { elicitation: { form: {} } } : {},
      versionNegotiation: { mode: era === '2026' ? { pin: modernEra } : 'legacy' },
    },
  );
  if (answer) client.setRequestHandler('elicitation/create', (request) => answer(request.params));
  await client.connect(near);
  onTestFinished(() => client.close());
  return client;
}

/** A 2026-07-28 client without a library, to send what no library would. */
export async function rawClient(
  server: DeskhandServer,
  method = 'tools/call',
): Promise<(params: object) => Promise<unknown>> {
  const [near, far] = InMemoryTransport.createLinkedPair();
  server.connect(far);
  const waiting = new Map<unknown, (message: JSONRPCMessage) => void>();
  near.onmessage = (message) => {
    if ('id' in message) waiting.get(message.id)?.(message);
  };
  await near.start();
  const _meta = {
    'io.modelcontextprotocol/protocolVersion': modernEra,
    'io.modelcontextprotocol/clientInfo': { name: 'raw', version: '0.0.0' },
    'io.modelcontextprotocol/clientCapabilities': { elicitation: { form: {} } },
  };
  let id = 0;
  return async (params) => {
    const mine = ++id;
    const answered = new Promise<JSONRPCMessage>((resolve) => waiting.set(mine, resolve));
    await near.send({ jsonrpc: '2.0', id: mine, method, params: { ...params, _meta } });
    return answered;
  };
}

/** A promise and the way to settle it. */
export function gate(): { readonly passed: Promise<void>; readonly open: () => void } {
  let open = (): void => undefined;
  const passed = new Promise<void>((resolve) => {
    open = resolve;
  });
  return { passed, open };
}

/** Rows without what differs from run to run. */
export function plain(rows: readonly AuditRow[]): unknown[] {
  return rows.map(({ phase, name, decision }) => ({
    phase,
    name,
    ...(decision !== undefined && { decision }),
  }));
}
