import { ToolError } from '@deskhand/server-runtime';
import type { EgressRefusal } from './egress/origin-rules.ts';

/** What was not done, as it stands before a colon, and where it would have led. */
interface Refused {
  readonly said: string;
  readonly url: string;
  readonly refusal: EgressRefusal;
  /** Follows the hint. */
  readonly note?: string;
}

/** Why an origin is not reached, and what a person can do about it. */
export function originRefused({ said, url, refusal, note = '' }: Refused): ToolError {
  const { origin } = new URL(url);
  return new ToolError(refusal.code, `${said}: ${refusal.why}`, {
    hint: `${refusal.hint ?? allowing(origin)}${note}`,
    details: { origin },
  });
}

const allowing = (origin: string): string =>
  `A person can allow it with: deskhand-grants allow origin:${origin}, or start the server with --allow-origin ${origin}.`;

/** An address as an answer shows it. */
export const shortened = (url: string): string => (url.length > 500 ? `${url.slice(0, 499)}…` : url);
