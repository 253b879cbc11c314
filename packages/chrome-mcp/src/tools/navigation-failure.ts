import { quoted, ToolError } from '@deskhand/server-runtime';
import type { Obstacle } from '../egress/egress.ts';
import { originRefused } from '../origin-refusal.ts';

export interface Failed {
  /** What did not come about, as it stands before a colon. */
  readonly said: string;
  readonly failure: string;
  readonly note: string;
  readonly obstacle: Obstacle | null;
  readonly asked: string | null;
}

/** Why a page did not come, with what mends it. */
export function navigationFailure({ said, failure, note, obstacle, asked }: Failed): ToolError {
  const isStopped = failure.includes('SOCKS') && obstacle !== null && asked !== null;
  if (isStopped && !obstacle.allowed) {
    return originRefused({ said, url: asked, refusal: obstacle, note });
  }
  if (failure.includes('ERR_CERT_') && asked !== null)
    return certificateRefused({ said, failure, note, asked });
  const netError = isStopped && obstacle.allowed ? NET_ERRORS[obstacle.failure] : failure;
  const hint = HINTS.find(([code]) => netError.includes(code))?.[1] ?? 'Check the address.';
  return new ToolError('navigation_failed', `${said}: ${netError}`, {
    hint: hint + note,
    details: { netError },
  });
}

interface Challenged {
  readonly url: string;
  /** The server's words. */
  readonly challenge: string;
  readonly hasCredentials: boolean;
  readonly note: string;
}

/** A server that wants HTTP authentication, which only a person can make possible. */
export function credentialsNeeded({ url, challenge, hasCredentials, note }: Challenged): ToolError {
  const { origin } = new URL(url);
  const said = `${origin} wants a name and a password by HTTP: ${quoted(challenge, 200)}`;
  const given = JSON.stringify({ NAME: { username: '…', value: '…', origins: [origin] } });
  return new ToolError('credentials_needed', said, {
    hint: hasCredentials
      ? `It did not take those that the person gave.${note}`
      : `A person can give them in the file of --secrets: ${given}.${note}`,
    details: { origin },
  });
}

function certificateRefused({
  said,
  failure,
  note,
  asked,
}: Omit<Failed, 'obstacle'> & { readonly asked: string }) {
  const { origin, hostname, port } = new URL(asked);
  const at = `${hostname}:${port === '' ? 443 : port}`;
  const hash =
    'openssl x509 -pubkey -noout | openssl pkey -pubin -outform der | openssl dgst -sha256 -binary | base64';
  return new ToolError('certificate_refused', `${said}: its certificate is not valid (${failure})`, {
    hint: `Only a person can accept it, who knows whose it is: by starting the server with --allow-certificate and what this prints: openssl s_client -connect ${at} </dev/null 2>/dev/null | ${hash}${note}`,
    details: { origin, netError: failure },
  });
}

/** As the browser calls it when it connects by itself. */
const NET_ERRORS = {
  refused: 'net::ERR_CONNECTION_REFUSED',
  unreachable: 'net::ERR_ADDRESS_UNREACHABLE',
  unresolved: 'net::ERR_NAME_NOT_RESOLVED',
} as const;

const HINTS = [
  ['CONNECTION_REFUSED', 'Nothing listens there: check the port, or start the server first.'],
  ['NAME_NOT_RESOLVED', 'No host has this name: check the spelling.'],
  ['INTERNET_DISCONNECTED', 'There is no network.'],
  ['TOO_MANY_REDIRECTS', 'The server redirects in circles.'],
  ['ERR_ABORTED', 'The server gave no page (such as 204), or another navigation came between.'],
] as const;
