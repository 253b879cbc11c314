import { MessageLines } from '@deskhand/server-runtime';
import type { Readable } from 'node:stream';

/** Lines that end with a line feed and nothing else: in JSON, U+2028 may stand within one, at which readline cuts. */
export function onLine(stream: Readable, take: (line: string) => void): void {
  const lines = new MessageLines(Infinity);
  stream.on('data', (chunk: Buffer) => {
    for (const line of lines.take(chunk)) if (line.kind === 'text') take(line.text);
  });
}
