import { z } from 'zod';
import type { Closable } from '../lab/belongings.ts';
import type { Launch } from '../lab/owned-process.ts';
import type { Verdict } from './answer.ts';
import { ListedTool, type BadCall } from './bad-call.ts';

export type Era = '2025-11-25' | '2026-07-28';

/** How to start a server, and the protocol to speak to it. */
export interface Start extends Launch {
  readonly era: Era;
}

/** A way into a running server, for messages as they are. */
export interface Door extends Closable {
  readonly pid: number;
  readonly tools: readonly ListedTool[];
  /** What every request carries in `_meta`. */
  readonly meta: Readonly<Record<string, unknown>> | undefined;
  isRunning(): boolean;
  /** Sends one message; `nothing` when no answer belongs to it. */
  send(call: BadCall): Promise<Verdict | 'nothing'>;
  /** Resolves when the server answers a proper request. */
  check(): Promise<void>;
}

export const CLIENT_INFO = { name: 'fuzz', version: '0.0.0' };

export const MODERN_META = {
  'io.modelcontextprotocol/protocolVersion': '2026-07-28',
  'io.modelcontextprotocol/clientInfo': CLIENT_INFO,
  'io.modelcontextprotocol/clientCapabilities': {},
};

export const ToolList = z.object({ result: z.object({ tools: z.array(ListedTool) }) });
