import type { IncomingMessage, ServerResponse } from 'node:http';
import { Refusal } from './refusal.ts';

/** One HTTP request and its answer. */
export interface Exchange {
  /** Without its body. Its signal says that the client went away before it had the whole answer. */
  readonly request: Request;
  /** The JSON of a POST. */
  readonly body: unknown;
  /** Resolves when the answer was sent, or when the client went away. */
  readonly ended: Promise<void>;
}

/** The exchange without a body; `body` is added once the caller is known. */
export function openExchange(req: IncomingMessage, res: ServerResponse): Omit<Exchange, 'body'> {
  const gone = new AbortController();
  const ended = new Promise<void>((resolve) => {
    res.once('close', () => {
      if (!res.writableFinished) gone.abort();
      resolve();
    });
  });
  const headers = new Headers();
  for (let i = 0; i + 1 < req.rawHeaders.length; i += 2) {
    headers.append(req.rawHeaders[i] ?? '', req.rawHeaders[i + 1] ?? '');
  }
  const { method = 'GET', url = '/' } = req;
  const target = new URL(url, 'http://localhost');
  return { request: new Request(target, { method, headers, signal: gone.signal }), ended };
}

/**
 * The body as text. What is too much is not kept, and is read only until the request's time is up, so that the
 * client sees the answer.
 *
 * @throws Refusal 413; 400 when the client breaks off.
 */
export function readBody(req: IncomingMessage, maxBytes: number): Promise<string> {
  const tooLarge = (): Refusal => new Refusal(413, `The body is larger than ${maxBytes} bytes`);
  if (Number(req.headers['content-length']) > maxBytes) return Promise.reject(tooLarge());
  return new Promise((resolve, reject) => {
    const chunks: Buffer[] = [];
    let bytes = 0;
    req.on('data', (chunk: Buffer) => {
      bytes += chunk.byteLength;
      if (bytes <= maxBytes) chunks.push(chunk);
      else reject(tooLarge());
    });
    req.once('end', () => resolve(Buffer.concat(chunks).toString('utf8')));
    req.once('close', () => reject(new Refusal(400, 'The body ended early')));
  });
}

/**
 * Sends a response as it comes, and lets its source know when the client goes away. A client that reads nothing for
 * `stallMs` is let go, because all it does not read is kept in memory.
 */
export async function sendResponse(
  { status, headers, body }: Response,
  res: ServerResponse,
  stallMs: number,
): Promise<void> {
  if (res.destroyed) {
    await body?.cancel();
    return;
  }
  res.writeHead(status, Object.fromEntries(headers));
  if (headers.get('content-type')?.startsWith('text/event-stream')) res.flushHeaders();
  if (body !== null) await copy(body, res, stallMs);
  res.end();
}

async function copy(body: ReadableStream<Uint8Array>, res: ServerResponse, stallMs: number): Promise<void> {
  const reader = body.getReader();
  // A source that failed has nothing left to cancel; its failure comes out of `read`.
  res.once('close', () => void reader.cancel().catch(() => undefined));
  for (;;) {
    const { done, value } = await reader.read();
    if (done) return;
    if (!res.write(value)) await drained(res, stallMs);
  }
}

function drained(res: ServerResponse, stallMs: number): Promise<void> {
  if (res.destroyed) return Promise.resolve();
  return new Promise((resolve) => {
    const stalled = setTimeout(() => res.destroy(), stallMs);
    const over = (): void => {
      clearTimeout(stalled);
      res.off('drain', over);
      res.off('close', over);
      resolve();
    };
    res.once('drain', over);
    res.once('close', over);
  });
}
