import { CommandFailed } from '../../cdp/connection.ts';
import type { Exchange } from './exchange.ts';

export interface Body {
  readonly data: Buffer;
  readonly isText: boolean;
}

/** What was answered; `null` when the browser does not have it any more, or never had. */
export async function responseBody(
  { session, requestId }: Exchange,
  signal: AbortSignal,
): Promise<Body | null> {
  try {
    const { body, base64Encoded } = await session.send('Network.getResponseBody', { requestId }, { signal });
    return { data: Buffer.from(body, base64Encoded ? 'base64' : 'utf8'), isText: !base64Encoded };
  } catch (error) {
    if (!(error instanceof Error) || signal.aborted) throw error;
    return null; // its page was left, or it was too large to keep
  }
}

/** What was sent, whole. */
export async function requestBody(
  { session, requestId, postData, hasPostData }: Exchange,
  signal: AbortSignal,
): Promise<string | null> {
  if (!hasPostData) return postData;
  try {
    const whole = await session.send('Network.getRequestPostData', { requestId }, { signal });
    return whole.postData;
  } catch (error) {
    if (!(error instanceof CommandFailed)) throw error;
    return postData; // its page was left
  }
}
