import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { isSpecType, type Tool } from '@modelcontextprotocol/client';
import { sync as writeFileAtomic } from 'write-file-atomic';
import { z } from 'zod';
import type { ServerStatus } from '../gateway.ts';
import type { GatewayServer } from './server-config.ts';

const seenSchema = z.strictObject({
  v: z.literal(1),
  /** Digest of how it is reached: what is reached another way is another server. */
  key: z.string(),
  state: z.enum(['starting', 'ready', 'degraded', 'needs-auth', 'stopped']),
  since: z.iso.datetime(),
  problem: z.string().nullable(),
  weaknesses: z.array(z.string()).nullable().default(null),
  tools: z.array(z.custom<Tool>((value) => isSpecType.Tool(value))),
});

/** A server as a session saw it last. */
export type Seen = Pick<ServerStatus, 'state' | 'since' | 'problem' | 'weaknesses'> & {
  readonly tools: readonly Tool[];
};

/** The folder of what is kept, in the state folder. */
export const seenFolder = (home: string): string => join(home, 'gateway', 'seen');

/** What a session saw of a server last; undefined where it was never seen. */
export const lastSeen = (home: string, about: GatewayServer): Seen | undefined =>
  new SeenServer(seenFolder(home), about).read();

/** What a server was like when it was seen last, in a file: its tools are known before it has listed them again. */
export class SeenServer {
  readonly #file: string;
  readonly #key: string;

  constructor(folder: string, about: GatewayServer) {
    const letters = about.name.replaceAll(/[^A-Za-z0-9-]/g, '_').slice(0, 60);
    this.#file = join(folder, `${letters}-${digest(about.name).slice(0, 8)}.json`);
    this.#key = keyOf(about);
  }

  /** Undefined of a server that was never seen, or was reached another way then. */
  read(): Seen | undefined {
    try {
      const seen = seenSchema.parse(JSON.parse(readFileSync(this.#file, 'utf8')));
      return seen.key === this.#key ? seen : undefined;
    } catch {
      return undefined; // not there, or torn: it lists its tools again
    }
  }

  write({ state, since, problem, weaknesses, tools }: Seen): void {
    try {
      const seen = { v: 1, key: this.#key, state, since, problem, weaknesses, tools };
      writeFileAtomic(this.#file, `${JSON.stringify(seen)}\n`, { mode: 0o600 });
    } catch {
      // the next session waits for its tools
    }
  }
}

function keyOf({ reached, enabledTools, disabledTools }: GatewayServer): string {
  const place =
    reached.kind === 'http'
      ? [reached.url]
      : [
          reached.command,
          reached.args,
          reached.cwd ?? null,
          ...(reached.sandbox ? [reached.sandbox.confinement] : []),
        ];
  return digest(JSON.stringify([reached.kind, place, enabledTools ?? null, disabledTools]));
}

const digest = (text: string): string => createHash('sha256').update(text).digest('hex');
