import { readFileSync } from 'node:fs';
import { Agent, request } from 'node:http';
import { text } from 'node:stream/consumers';
import { z } from 'zod';
import { startProcess, type OwnedProcess } from '../lab/owned-process.ts';
import { verdictOf, type Verdict } from './answer.ts';
import type { BadCall } from './bad-call.ts';
import { CLIENT_INFO, MODERN_META, ToolList, type Door, type Start } from './door.ts';

const ANSWER_MS = 60_000;
const ACCEPTED = 202;

interface Answer {
  readonly status: number;
  readonly session: string | undefined;
  /** The last message of the answer, `undefined` when it has none. */
  readonly message: unknown;
}

/** The last event of an event stream, or the body itself. */
function messageIn(body: string): unknown {
  const events = body.split('\n').filter((line) => line.startsWith('data: {'));
  const json = events.at(-1)?.slice('data: '.length) ?? body;
  try {
    return JSON.parse(json);
  } catch {
    return undefined; // no message at all: the caller judges that
  }
}

const Named = z.object({
  method: z.string().regex(/^[!-~]+$/),
  params: z
    .object({
      name: z
        .string()
        .regex(/^[!-~]+$/)
        .optional(),
    })
    .optional(),
});

/** What 2026-07-28 wants beside a body, as far as the body has it. */
function modernHeaders(body: string | Buffer): Record<string, string> {
  let value: unknown;
  try {
    value = JSON.parse(body.toString());
  } catch {
    return {}; // what is no JSON names no method
  }
  const { method, params } = Named.safeParse(value).data ?? {};
  return {
    'mcp-protocol-version': '2026-07-28',
    ...(method !== undefined && { 'mcp-method': method }),
    ...(params?.name !== undefined && { 'mcp-name': params.name }),
  };
}

function firstLines(child: OwnedProcess, count: number): Promise<readonly string[]> {
  return new Promise((resolve, reject) => {
    const lines: string[] = [];
    child.onLine((line) => {
      if (lines.push(line) === count) resolve(lines);
    });
    void child.exited.then(() => reject(new Error(`the server ended: ${child.stderr()}`)));
  });
}

/** A server on a port of this machine, spoken to in bytes of HTTP. */
export async function openHttp({ era, args = [], ...start }: Start): Promise<Door> {
  const child = startProcess({ ...start, args: [...args, 'serve', '--http'] });
  const [url = '', where = ''] = await firstLines(child, 2);
  const token = readFileSync(where.replace('The token is in ', ''), 'utf8').trim();
  const agent = new Agent({ keepAlive: true });
  const meta = era === '2026-07-28' ? MODERN_META : undefined;
  let session: string | undefined;

  const post = (body: string | Buffer): Promise<Answer> =>
    new Promise((resolve, reject) => {
      const headers = {
        authorization: `Bearer ${token}`,
        'content-type': 'application/json',
        accept: 'application/json, text/event-stream',
        ...(session !== undefined && { 'mcp-session-id': session, 'mcp-protocol-version': era }),
        ...(meta && modernHeaders(body)),
      };
      const sent = request(url, { agent, method: 'POST', headers, timeout: ANSWER_MS }, (response) => {
        const status = response.statusCode ?? 0;
        const id = response.headers['mcp-session-id'];
        text(response).then(
          (answer) => resolve({ status, session: id?.toString(), message: messageIn(answer) }),
          reject,
        );
      });
      sent.on('timeout', () => sent.destroy(new Error(`no answer in ${ANSWER_MS / 1000} s`)));
      sent.on('error', (error) => {
        // the server may close a connection that was idle just as it is used again (Node.js, http.request)
        const isClosed = 'code' in error && (error.code === 'ECONNRESET' || error.code === 'EPIPE');
        const isRace = sent.reusedSocket && isClosed;
        if (isRace) post(body).then(resolve, reject);
        else reject(error);
      });
      sent.end(body);
    });
  const ask = (method: string, params: Readonly<Record<string, unknown>>): Promise<Answer> =>
    post(JSON.stringify({ jsonrpc: '2.0', id: 1, method, params }));

  if (meta === undefined) {
    const opened = await ask('initialize', {
      protocolVersion: era,
      capabilities: {},
      clientInfo: CLIENT_INFO,
    });
    session = opened.session;
    await post('{"jsonrpc":"2.0","method":"notifications/initialized"}');
  }
  const list = async () =>
    ToolList.parse((await ask('tools/list', meta ? { _meta: meta } : {})).message).result.tools;
  return {
    pid: child.pid,
    tools: await list(),
    meta,
    isRunning: () => child.isRunning(),
    send: async ({ body }: BadCall): Promise<Verdict | 'nothing'> => {
      const { status, message } = await post(body);
      return status === ACCEPTED ? 'nothing' : verdictOf(message);
    },
    check: async () => {
      await list();
    },
    close: async () => {
      agent.destroy();
      await child.close();
    },
  };
}
