import { Readable } from 'node:stream';
import { text } from 'node:stream/consumers';
import { describe, expect, test } from 'vitest';
import { onRequest, type WorkerRequest } from '../../src/worker/requests.ts';

const line = (id: number, bytes: number): string =>
  `${JSON.stringify({ id, call: 'write', request: { path: 'é\u2028' }, bytes })}\n`;
const REQUESTS = [
  { id: 1, bytes: 'one\n{"id":9}\n' },
  { id: 2, bytes: '' },
  { id: 3, bytes: 'é\0\r\n' },
  { id: 4, bytes: '' },
];
const ALL = Buffer.from(
  REQUESTS.map(({ id, bytes }) => `${line(id, Buffer.byteLength(bytes))}${bytes}`).join(''),
);

describe('requests with bytes behind them', () => {
  test.each([1, 2, 3, 7, 64, ALL.length])('are whole when they come in pieces of %i bytes', async (size) => {
    const pieces = Array.from({ length: Math.ceil(ALL.length / size) }, (_, at) =>
      ALL.subarray(at * size, (at + 1) * size),
    );
    const seen: { readonly id: number; readonly bytes: string }[] = [];
    const stream = Readable.from(pieces, { objectMode: false });
    const take = ({ id }: WorkerRequest, bytes: Buffer): void => void seen.push({ id, bytes: String(bytes) });
    onRequest(stream, take);
    await text(stream);
    expect(seen).toEqual(REQUESTS);
  });
});
