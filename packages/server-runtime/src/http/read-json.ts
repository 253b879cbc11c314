import type { IncomingMessage } from 'node:http';
import { isJsonContentType } from '@modelcontextprotocol/server';
import { readBody } from './exchange.ts';
import { Refusal } from './refusal.ts';

/** The body of a request as JSON. @throws Refusal 400, 413, 415 */
export async function readJson(req: IncomingMessage, maxBytes: number): Promise<unknown> {
  if (!isJsonContentType(req.headers['content-type'] ?? null)) {
    throw new Refusal(415, 'Content-Type must be application/json');
  }
  const text = await readBody(req, maxBytes);
  try {
    return JSON.parse(text);
  } catch {
    throw new Refusal(400, 'Parse error: the body is not JSON', { code: -32_700 });
  }
}

/** @throws Refusal 405 */
export function allowMethods({ method = '' }: IncomingMessage, methods: readonly string[]): void {
  if (methods.includes(method)) return;
  const Allow = methods.join(', ');
  throw new Refusal(405, `${method} is not allowed here, only ${Allow}`, { headers: { Allow } });
}
