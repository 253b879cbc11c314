import { createHash } from 'node:crypto';
import { z } from 'zod';

/** Who calls, by the token they showed. */
export interface Caller {
  readonly label: string;
  /** Names the token itself: another token that later gets the same label has another one. Not secret. */
  readonly id: string;
  /** The tools the token is for; all when undefined. */
  readonly scope?: readonly string[];
}

/** A scoped token, without its secret. */
export interface TokenRecord {
  readonly label: string;
  readonly tools?: readonly string[] | undefined;
  /** ISO 8601 */
  readonly createdAt: string;
  readonly expiresAt?: string | undefined;
}

/** Dots part the label from what follows it in the name of a session, so a label has none. */
export const labelForm = /^[a-z0-9][a-z0-9-]{0,39}$/;

const storedToken = z.strictObject({
  label: z.string().regex(labelForm),
  sha256: z.string().regex(/^[0-9a-f]{64}$/),
  tools: z.array(z.string()).min(1).optional(),
  createdAt: z.iso.datetime(),
  expiresAt: z.iso.datetime().optional(),
});

export type StoredToken = z.output<typeof storedToken>;

const tokenFile = z.strictObject({ version: z.literal(1), tokens: z.array(storedToken) });

/** A token as it is compared. */
export interface KnownToken {
  readonly digest: Buffer;
  readonly caller: Caller;
  /** Milliseconds since the epoch. */
  readonly expiresAt: number;
}

/** The scoped tokens of a file, both as stored and ready to compare. */
export interface TokenList {
  readonly stored: readonly StoredToken[];
  readonly known: readonly KnownToken[];
}

export function parseTokenList(text: string): TokenList {
  const stored = tokenFile.parse(JSON.parse(text)).tokens;
  return { stored, known: stored.map(knownToken) };
}

export const formatTokenList = (tokens: readonly StoredToken[]): string =>
  `${JSON.stringify({ version: 1, tokens }, undefined, 2)}\n`;

function knownToken({ label, sha256, tools, expiresAt }: StoredToken): KnownToken {
  return {
    digest: Buffer.from(sha256, 'hex'),
    caller: { label, id: idOf(sha256, tools), ...(tools !== undefined && { scope: tools }) },
    expiresAt: expiresAt === undefined ? Infinity : Date.parse(expiresAt),
  };
}

/** A token whose tools were changed in the file is another one, whose sessions see no more than it may. */
function idOf(sha256: string, tools?: readonly string[]): string {
  const what = tools === undefined ? sha256 : digestOf(JSON.stringify([sha256, tools])).toString('hex');
  return what.slice(0, 12);
}

/**
 * How tokens are stored and compared. Fast on purpose: a token is 256 random bits, so trying out guesses is hopeless
 * at any speed, and a slow hash, which protects passwords that people choose, would only slow every request down.
 */
export const digestOf = (token: string): Buffer => createHash('sha256').update(token).digest();

/** The owner's token, which may call every tool and never expires. */
export function parseOwnerToken(text: string): KnownToken & { readonly token: string } {
  const token = z
    .string()
    .regex(/^\S{32,256}$/)
    .parse(text.trim());
  const digest = digestOf(token);
  return {
    token,
    digest,
    caller: { label: 'owner', id: idOf(digest.toString('hex')) },
    expiresAt: Infinity,
  };
}
