import { once } from 'node:events';
import type { ServerResponse } from 'node:http';
import type { ServerEvent } from './events.ts';
import type { Fault } from './script.ts';

const OVERLOADED = { type: 'error', error: { type: 'overloaded_error', message: 'Overloaded' } };

const named = (event: ServerEvent): string => `event: ${event.type}\ndata: ${JSON.stringify(event)}\n\n`;

interface Stream {
  readonly texts: readonly string[];
  /** In the place of the event that breaks off. */
  readonly error: string;
  readonly fault: Fault | null;
}

/** Sends events as a stream, with what goes wrong in it. */
export const sendEvents = (response: ServerResponse, events: readonly ServerEvent[], fault: Fault | null) =>
  sendStream(response, { texts: events.map(named), error: named(OVERLOADED), fault });

export async function sendStream(response: ServerResponse, { texts, error, fault }: Stream): Promise<void> {
  response.writeHead(200, { 'content-type': 'text/event-stream', 'cache-control': 'no-store' });
  response.flushHeaders();
  const isLate = fault !== null && 'after' in fault;
  for (const text of isLate ? texts.slice(0, fault.after) : texts) response.write(text);
  if (!isLate) return void response.end();
  await broken(response, { error, fault });
}

async function broken(
  response: ServerResponse,
  { error, fault }: { readonly error: string; readonly fault: Fault },
): Promise<void> {
  if (fault.kind === 'malformed') return void response.end('event: content_block_delta\ndata: {"type":\n\n');
  if (fault.kind === 'overloaded later') return void response.end(error);
  if (fault.kind === 'stalled') {
    if (!response.closed) await once(response, 'close');
    return;
  }
  // what was written is on its way before the connection breaks
  await new Promise<void>((resolve) => response.write(':\n\n', () => resolve()));
  response.destroy();
}
