import type { Socket } from 'node:net';

/** Bytes that the first line may have. */
const MAX = 64 * 1024;
const NEWLINE = 10;

/** The other side ended before it said anything whole. */
export class HungUp extends Error {}

/**
 * The first line that comes in; what follows it stays in the socket, unread.
 *
 * @throws HungUp when the other side ends before, Error when it says too much or `signal` comes
 */
export function firstLine(socket: Socket, signal: AbortSignal): Promise<string> {
  return new Promise((resolve, reject) => {
    let got = Buffer.alloc(0);
    const settle = (end: () => void): void => {
      socket.off('readable', read).off('end', ended).off('close', ended).off('error', ended);
      signal.removeEventListener('abort', aborted);
      end();
    };
    const failed = (error: Error): void => settle(() => reject(error));
    const ended = (cause?: unknown): void =>
      failed(new HungUp('the other side hung up without a word', { cause }));
    const aborted = (): void => failed(new Error('no answer in time', { cause: signal.reason }));
    function read(): void {
      const chunk: unknown = socket.read();
      if (!Buffer.isBuffer(chunk)) return;
      got = Buffer.concat([got, chunk]);
      const at = got.indexOf(NEWLINE);
      if (at === -1) {
        if (got.length > MAX) failed(new Error('the first line is too long'));
        return;
      }
      settle(() => {
        if (at + 1 < got.length) socket.unshift(got.subarray(at + 1));
        resolve(got.subarray(0, at).toString());
      });
    }
    socket.on('readable', read).once('end', ended).once('close', ended).once('error', ended);
    signal.addEventListener('abort', aborted, { once: true });
    if (signal.aborted) aborted();
  });
}
