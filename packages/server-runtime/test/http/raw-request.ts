import { once } from 'node:events';
import { request, type IncomingHttpHeaders, type IncomingMessage } from 'node:http';

export interface RawAnswer {
  readonly status: number | undefined;
  readonly headers: IncomingHttpHeaders;
  readonly body: string;
}

export interface RawRequest {
  readonly method?: string;
  readonly path?: string;
  readonly headers?: Record<string, string | string[]>;
  readonly body?: string;
}

/** A request with exactly these headers, Host included, which `fetch` would not send. */
export async function rawRequest(
  url: string,
  { method, path, headers, body }: RawRequest,
): Promise<RawAnswer> {
  const sent = request(new URL(path ?? '/mcp', url), {
    method: method ?? (body === undefined ? 'GET' : 'POST'),
    agent: false,
    ...(headers && { headers }),
  });
  const answered = new Promise<IncomingMessage>((resolve) => sent.once('response', resolve));
  const failed = once(sent, 'error').then(([error]): never => {
    throw error;
  });
  sent.end(body);
  const response = await Promise.race([answered, failed]);
  let text = '';
  for await (const chunk of response.setEncoding('utf8')) text += String(chunk);
  return { status: response.statusCode, headers: response.headers, body: text };
}
