import type { IncomingMessage, ServerResponse } from 'node:http';
import type { Refusal } from './refusal.ts';
import type { Caller } from './token-record.ts';

/** What is behind a door, for callers whose host, origin and token were checked. */
export interface Routes {
  /** @throws Refusal */
  answer(req: IncomingMessage, res: ServerResponse, caller: Caller): Promise<Response>;
  /** A refusal as clients of these routes read it. */
  refuse(refusal: Refusal): Response;
  /** Work that goes on without an open request. */
  readonly detached: number;
  /** What `/ready` says besides. */
  readonly detail: Readonly<Record<string, unknown>>;
  /** No more is begun; what runs may finish. */
  drain?(): void;
  close(): Promise<void>;
}
