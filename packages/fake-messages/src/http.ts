import { once } from 'node:events';
import type { IncomingMessage, ServerResponse } from 'node:http';
import type { z } from 'zod';
import { ApiError, invalid } from './api-error.ts';
import type { Fault } from './script.ts';

const MOST_BYTES = 32 * 1024 * 1024;

export function authenticate({ headers }: IncomingMessage): void {
  if (headers['x-api-key'] === undefined && headers.authorization === undefined)
    throw new ApiError(401, 'x-api-key header is required');
  if (headers['anthropic-version'] === undefined) throw invalid('anthropic-version: header is required');
}

export function parsed<T>(schema: z.ZodType<T>, body: unknown): T {
  const result = schema.safeParse(body);
  if (result.success) return result.data;
  const [first] = result.error.issues;
  throw invalid(
    first === undefined ? 'the body is not in order' : `${first.path.join('.')}: ${first.message}`,
  );
}

export async function bodyOf(request: IncomingMessage): Promise<unknown> {
  let text = '';
  for await (const chunk of request.setEncoding('utf8')) {
    text += String(chunk);
    if (text.length > MOST_BYTES) throw new ApiError(413, 'Request exceeds the maximum size');
  }
  try {
    return JSON.parse(text);
  } catch (cause) {
    throw new ApiError(400, 'The body is no JSON', { cause });
  }
}

/** An answer that is no stream breaks at once where a stream would break later. */
export async function sendWhole(response: ServerResponse, body: object, fault: Fault | null): Promise<void> {
  if (fault === null) {
    sendJson(response, body);
    return;
  }
  if (fault.kind === 'overloaded later') throw new ApiError(529, 'Overloaded');
  if (fault.kind === 'malformed')
    return void response.writeHead(200, { 'content-type': 'application/json' }).end('{');
  if (fault.kind === 'dropped') return void response.destroy();
  if (!response.closed) await once(response, 'close');
}

export function sendJson(response: ServerResponse, body: object, status = 200): void {
  response.writeHead(status, { 'content-type': 'application/json' }).end(JSON.stringify(body));
}
