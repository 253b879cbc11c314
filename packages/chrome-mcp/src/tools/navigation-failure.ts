import { ToolError } from '@deskhand/server-runtime';
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
  const netError = isStopped && obstacle.allowed ? NET_ERRORS[obstacle.failure] : failure;
  const hint = HINTS.find(([code]) => netError.includes(code))?.[1] ?? 'Check the address.';
  return new ToolError('navigation_failed', `${said}: ${netError}`, {
    hint: hint + note,
    details: { netError },
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
  ['CERT_', 'The certificate is not valid; only the person can decide to trust it.'],
  ['ERR_ABORTED', 'The server gave no page (such as 204), or another navigation came between.'],
] as const;
