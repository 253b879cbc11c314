import type { Readable } from 'node:stream';
import { z } from 'zod';

/** The line of a request; behind it are so many bytes as they are, since as JSON they would take long. */
const requestLine = z.object({
  id: z.number(),
  call: z.string(),
  request: z.unknown(),
  bytes: z.int().min(0),
});

/** A request as the process in the sandbox gets it. */
export type WorkerRequest = z.output<typeof requestLine>;

const LINE_FEED = 0x0a;
const NONE = Buffer.alloc(0);

/** Cuts what comes in into requests, each with the bytes behind it. */
export function onRequest(stream: Readable, take: (request: WorkerRequest, bytes: Buffer) => void): void {
  const parts = new Parts();
  let request: WorkerRequest | null = null;
  stream.on('data', (chunk: Buffer) => {
    for (let rest = chunk; rest.length > 0;) {
      if (request === null) {
        const end = rest.indexOf(LINE_FEED);
        parts.add(end < 0 ? rest : rest.subarray(0, end));
        if (end < 0) return;
        rest = rest.subarray(end + 1);
        request = requestLine.parse(JSON.parse(parts.whole().toString('utf8')));
      } else {
        const missing = request.bytes - parts.size;
        parts.add(rest.subarray(0, missing));
        rest = rest.subarray(missing);
      }
      if (parts.size < request.bytes) continue;
      take(request, parts.whole());
      request = null;
    }
  });
}

/** Bytes that came in pieces. */
class Parts {
  size = 0;
  #parts: Buffer[] = [];

  add(part: Buffer): void {
    this.#parts.push(part);
    this.size += part.length;
  }

  /** All of them, which are forgotten. */
  whole(): Buffer {
    const [first = NONE, ...more] = this.#parts;
    this.#parts = [];
    this.size = 0;
    return more.length === 0 ? first : Buffer.concat([first, ...more]);
  }
}
