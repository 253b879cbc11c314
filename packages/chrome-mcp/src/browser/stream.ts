import type { CdpSession } from '../cdp/connection.ts';

/** What the browser holds under a handle, part by part, and at most so many bytes; the handle is given back. */
export async function* streamed(
  session: CdpSession,
  { handle, most }: { readonly handle: string; readonly most: number },
  signal: AbortSignal,
): AsyncGenerator<Buffer> {
  let bytes = 0;
  try {
    for (;;) {
      const { data, base64Encoded = false, eof } = await session.send('IO.read', { handle }, { signal });
      const part = Buffer.from(data, base64Encoded ? 'base64' : 'utf8');
      bytes += part.length;
      if (bytes > most) throw new StreamTooLong(`more than ${most} bytes`);
      if (part.length > 0) yield part;
      if (eof) return;
    }
  } finally {
    session.send('IO.close', { handle }).catch(() => undefined); // it may be gone with its page
  }
}

/** There is more than was wanted. */
export class StreamTooLong extends Error {
  override readonly name = 'StreamTooLong';
}
