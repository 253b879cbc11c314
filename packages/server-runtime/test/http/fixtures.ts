import { Client, StreamableHTTPClientTransport } from '@modelcontextprotocol/client';
import type { ElicitRequestParams, ElicitResult } from '@modelcontextprotocol/client';
import { onTestFinished } from 'vitest';
import { z } from 'zod';
import {
  createLog,
  defineConfig,
  defineTool,
  Live,
  openTokenStore,
  serveHttp,
  type AuditRow,
  type HttpOptions,
  type HttpService,
  type MaybeLive,
  type SessionParts,
  type TokenStore,
  type Tool,
} from '../../src/index.ts';
import { Sessions } from '../../src/sessions.ts';
import { modernEra, simpleTool } from '../fixtures.ts';
import { temporaryFolder } from '../fixtures/process.ts';

/** A served fixture, with what it recorded. */
export interface Served {
  readonly service: HttpService;
  readonly tokens: TokenStore;
  /** The owner's token. */
  readonly owner: string;
  readonly folder: string;
  readonly rows: AuditRow[];
  readonly logLines: string[];
  /** The sessions that were opened, in order. */
  readonly opened: { readonly id: string; readonly actor: string }[];
}

export interface Serving extends Partial<HttpOptions> {
  /** Beside the fixture's own; instead of them when `Live`. */
  readonly tools?: MaybeLive<readonly Tool[]>;
  readonly now?: () => number;
  readonly onSessionEnd?: (id: string) => void;
}

const echo = defineTool({
  name: 'echo',
  title: 'Echo',
  description: 'Says it again.',
  input: z.object({ text: z.string() }),
  annotations: { readOnly: true, destructive: false, idempotent: true, openWorld: false },
  run: ({ text }) => Promise.resolve({ text }),
});

const ask = simpleTool('ask', async (call) => ({
  text: JSON.stringify(
    await call.elicit({ key: 'sure', message: 'Sure?', schema: z.object({ sure: z.boolean() }) }),
  ),
}));

const whoami = simpleTool('whoami', ({ session }) => ({ text: session }));

/** An HTTP door over a real socket, with the tools `echo`, `ask`, `whoami` and what the test adds. */
export async function served(serving: Serving = {}): Promise<Served> {
  const { tools = [], now, onSessionEnd, ...options } = serving;
  const folder = temporaryFolder();
  const tokens = openTokenStore({ folder, name: 'fixture', ...(now && { now }) });
  const rows: AuditRow[] = [];
  const logLines: string[] = [];
  const opened: { id: string; actor: string }[] = [];
  const log = createLog({ level: 'debug', write: (line) => logLines.push(line) });
  const sessions = new Sessions({
    definition: {
      config: defineConfig(z.object({}), { name: 'fixture', version: '1.2.3', description: '' }),
    },
    surface: {
      session(about): SessionParts {
        opened.push(about);
        return {
          tools: tools instanceof Live ? tools : [echo, ask, whoami, ...tools],
          permission: () => ({ allowed: true }),
          close: () => onSessionEnd?.(about.id),
        };
      },
      close: () => undefined,
    },
    selection: { readOnly: false },
    limits: { perMinute: 0, inFlight: 1_000 },
    audit: { append: (row) => void rows.push(row) },
    log,
  });
  const service = await serveHttp({
    sessions,
    tokens,
    name: 'fixture',
    version: '1.2.3',
    host: '127.0.0.1',
    port: 0,
    log,
    ready: () => Promise.resolve(),
    ...options,
  });
  onTestFinished(async () => {
    await service.close();
    await sessions.close();
  });
  return { service, tokens, owner: await tokens.owner(), folder, rows, logLines, opened };
}

export interface Calling {
  readonly token: string;
  readonly mode: '2025' | '2026' | 'auto';
  readonly answer?: (params: ElicitRequestParams) => ElicitResult | Promise<ElicitResult>;
  /** The name of a model that says `42` to everything. */
  readonly model?: string;
  readonly onToolsChanged?: () => void;
}

/** A client of the SDK over HTTP. */
export async function httpClient(url: string, calling: Calling): Promise<Client> {
  const { token, mode, answer, model, onToolsChanged } = calling;
  const modes = { '2025': 'legacy', '2026': { pin: modernEra }, auto: 'auto' } as const;
  const client = new Client(
    { name: 'test', version: '0.0.0' },
    {
      capabilities: { ...(answer && { elicitation: { form: {} } }), ...(model && { sampling: {} }) },
      versionNegotiation: { mode: modes[mode] },
      ...(onToolsChanged && { listChanged: { tools: { onChanged: onToolsChanged, autoRefresh: false } } }),
    },
  );
  if (answer) client.setRequestHandler('elicitation/create', (request) => answer(request.params));
  if (model !== undefined) {
    client.setRequestHandler('sampling/createMessage', () => ({
      role: 'assistant',
      content: { type: 'text', text: '42' },
      model,
    }));
  }
  await client.connect(
    new StreamableHTTPClientTransport(new URL(url), {
      requestInit: { headers: { authorization: `Bearer ${token}` } },
    }),
  );
  onTestFinished(() => client.close());
  return client;
}

const accept = 'application/json, text/event-stream';

/** Headers of an honest 2025 client without a token. */
export const tokenless = { 'content-type': 'application/json', accept } as const;

/** Headers of an honest 2025 client. */
export const honest = (token: string): Record<string, string> => ({
  ...tokenless,
  authorization: `Bearer ${token}`,
});

export const initialize = {
  jsonrpc: '2.0',
  id: 1,
  method: 'initialize',
  params: {
    protocolVersion: '2025-11-25',
    capabilities: {},
    clientInfo: { name: 'raw', version: '0.0.0' },
  },
} as const;

export const calling2025 = (id: number, name: string, args: object = {}): object => ({
  jsonrpc: '2.0',
  id,
  method: 'tools/call',
  params: { name, arguments: args },
});

export const post = (url: string, headers: Record<string, string>, body: unknown): Promise<Response> =>
  fetch(url, {
    method: 'POST',
    headers,
    body: typeof body === 'string' ? body : JSON.stringify(body),
  });

/** Starts a 2025 session by hand and gives the headers of its requests. */
export async function rawSession(url: string, token: string): Promise<Record<string, string>> {
  const response = await post(url, honest(token), initialize);
  await response.text();
  const headers = {
    ...honest(token),
    'mcp-session-id': response.headers.get('mcp-session-id') ?? '',
    'mcp-protocol-version': '2025-11-25',
  };
  await (await post(url, headers, { jsonrpc: '2.0', method: 'notifications/initialized' })).text();
  return headers;
}
