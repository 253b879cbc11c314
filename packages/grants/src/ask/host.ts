import { randomBytes } from 'node:crypto';
import { lstatSync } from 'node:fs';
import { connect } from 'node:net';
import { dirname } from 'node:path';
import { z } from 'zod';
import { grantFlagsSchema } from '../grant.ts';
import { refuseForeignFolder } from '../private-path.ts';
import { digestOf, requestForm } from './request-form.ts';
import type { AskAnswer, AskChannel, AskRequest } from './request.ts';

const ANSWER_MAX = 65_536;

const binding = { nonce: z.string(), digest: z.string() };

/** What the host sends back, on one line of JSON. */
export const hostAnswerSchema = z.union([
  z.strictObject({ ...binding, unavailable: z.string().max(300) }),
  z.strictObject({
    ...binding,
    decisions: z.array(
      z.strictObject({
        asked: z.string(),
        decision: z.enum(['allow', 'deny']),
        scope: z.enum(['once', 'session', 'always']),
      }),
    ),
    flags: grantFlagsSchema,
  }),
]);

export interface HostChannelOptions {
  /** Of the Unix socket on which the agent host listens, in the state folder. */
  readonly path: string;
}

/**
 * Asks through the program that runs the agent: one line `{v: 1, kind: 'ask', nonce, digest, timeoutMs, request}`,
 * answered by one line of `hostAnswerSchema` with the same nonce and digest. A socket that another user could have
 * made is not connected to.
 */
export const hostChannel = ({ path }: HostChannelOptions): AskChannel => ({
  name: 'host',
  ask: async (request, signal) => {
    const refusal = whyNotConnect(path);
    return refusal === undefined ? askHost(path, request, signal) : { outcome: 'unavailable', why: refusal };
  },
});

function whyNotConnect(path: string): string | undefined {
  const stat = lstatSync(path, { throwIfNoEntry: false });
  if (stat === undefined) return 'no host is listening';
  refuseForeignFolder(dirname(path));
  if (!stat.isSocket()) return `${path} is not a socket`;
  if (stat.uid !== process.geteuid?.()) return `${path} belongs to uid ${stat.uid}`;
  return (stat.mode & 0o077) === 0 ? undefined : `${path} is open to other users`;
}

async function askHost(path: string, request: AskRequest, signal: AbortSignal): Promise<AskAnswer> {
  const form = requestForm(request);
  const bound = { nonce: randomBytes(16).toString('hex'), digest: digestOf(form) };
  const { timeoutMs } = request;
  const line = await exchange(path, { v: 1, kind: 'ask', ...bound, timeoutMs, request: form }, signal);
  const answer = hostAnswerSchema.parse(JSON.parse(line));
  if (answer.nonce !== bound.nonce || answer.digest !== bound.digest)
    throw new Error('the host answered another request');
  if ('unavailable' in answer) return { outcome: 'unavailable', why: answer.unavailable };
  return { outcome: 'answered', decisions: answer.decisions, flags: answer.flags };
}

/** Sends one line and gives the line that comes back. */
function exchange(path: string, message: unknown, signal: AbortSignal): Promise<string> {
  return new Promise((resolve, reject) => {
    signal.throwIfAborted();
    const socket = connect(path);
    const onAbort = (): void => void socket.destroy(new Error('given up'));
    signal.addEventListener('abort', onAbort, { once: true });
    let received = '';
    socket.setEncoding('utf8');
    socket.on('data', (text: string) => {
      received += text;
      const end = received.indexOf('\n');
      if (end >= 0) resolve(received.slice(0, end));
      if (end >= 0 || received.length > ANSWER_MAX) socket.destroy();
    });
    socket.on('error', reject);
    socket.on('close', () => {
      signal.removeEventListener('abort', onAbort);
      reject(new Error('the host gave no whole answer'));
    });
    socket.write(`${JSON.stringify(message)}\n`);
  });
}
