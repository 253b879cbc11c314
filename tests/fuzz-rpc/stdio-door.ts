import { z } from 'zod';
import { startProcess } from '../lab/owned-process.ts';
import { verdictOf, type Verdict } from './answer.ts';
import type { BadCall } from './bad-call.ts';
import { CLIENT_INFO, MODERN_META, ToolList, type Door, type Start } from './door.ts';

const ANSWER_MS = 60_000;
const Line = z.looseObject({ id: z.unknown() });

/** Messages that were not even JSON-RPC; there must be none. */
class Answers {
  readonly #waiting = new Map<number, (message: unknown) => void>();
  broken = 0;

  take(line: string): void {
    let message: unknown;
    try {
      message = JSON.parse(line);
    } catch {
      this.broken += 1; // counted, and reported at the end
      return;
    }
    const { id } = Line.safeParse(message).data ?? {};
    const waiting = typeof id === 'number' ? this.#waiting.get(id) : undefined;
    if (waiting === undefined) {
      const isNotification = z.object({ method: z.string() }).safeParse(message).success;
      if (!isNotification && verdictOf(message) === 'broken') this.broken += 1;
    } else {
      this.#waiting.delete(Number(id));
      waiting(message);
    }
  }

  of(id: number, what: string): Promise<unknown> {
    return new Promise((resolve, reject) => {
      const late = setTimeout(
        () => reject(new Error(`no answer in ${ANSWER_MS / 1000} s to ${what}`)),
        ANSWER_MS,
      );
      this.#waiting.set(id, (message) => {
        clearTimeout(late);
        resolve(message);
      });
    });
  }
}

/** A server on stdin and stdout, spoken to in lines of bytes. */
export async function openStdio({ era, ...start }: Start): Promise<Door> {
  const child = startProcess(start);
  const answers = new Answers();
  child.onLine((line) => answers.take(line));
  const meta = era === '2026-07-28' ? MODERN_META : undefined;
  let lastId = 900_000_000;
  const ask = (method: string, params: Readonly<Record<string, unknown>>): Promise<unknown> => {
    const id = (lastId += 1);
    const answer = answers.of(id, method);
    child.stdin.write(`${JSON.stringify({ jsonrpc: '2.0', id, method, params })}\n`);
    return answer;
  };
  if (meta === undefined) {
    await ask('initialize', { protocolVersion: era, capabilities: {}, clientInfo: CLIENT_INFO });
    child.stdin.write('{"jsonrpc":"2.0","method":"notifications/initialized"}\n');
  }
  const list = async () => ToolList.parse(await ask('tools/list', meta ? { _meta: meta } : {})).result.tools;
  return {
    pid: child.pid,
    tools: await list(),
    meta,
    isRunning: () => child.isRunning(),
    send: async ({ body, id, kind }: BadCall): Promise<Verdict | 'nothing'> => {
      const answer = id === null ? undefined : answers.of(id, `${kind}: ${body.toString().slice(0, 200)}`);
      child.stdin.write(typeof body === 'string' ? `${body}\n` : Buffer.concat([body, Buffer.from('\n')]));
      return answer === undefined ? 'nothing' : verdictOf(await answer);
    },
    check: async () => {
      await list();
      if (answers.broken > 0) throw new Error(`${answers.broken} lines were no messages of the protocol`);
    },
    close: () => child.close(),
  };
}
