import type { ElicitRequest, WireAnswer } from '../elicit.ts';
import type { Log } from '../log.ts';
import type { ToolError } from '../tool-error.ts';
import type { Tool, ToolResult } from '../tool.ts';

/** How this caller can be asked. */
export type Asking =
  | { readonly kind: 'none' }
  /** The 2025 protocols: the client answers while the tool waits. */
  | { readonly kind: 'direct'; ask(request: ElicitRequest, signal: AbortSignal): Promise<WireAnswer> }
  /** 2026-07-28: the call ends with the question and comes again with the answer and our sealed state. */
  | {
      readonly kind: 'replay';
      readonly responses: Readonly<Record<string, unknown>>;
      /** Throws if the protocol cannot express the question. */
      checkQuestion(request: ElicitRequest): void;
      /** The state sent along, its seal checked; undefined when none was sent. Rejects on a bad seal. */
      openState(): Promise<unknown>;
    };

/** What the transport offers to one call. */
export interface Channel {
  progress(done: number, total?: number, message?: string): void;
  readonly asking: Asking;
}

/** A call as it arrived: nothing about it has been checked. */
export interface Call {
  /** Ties the audit rows of this call together. */
  readonly ref: string;
  readonly name: string;
  readonly args: unknown;
  readonly argsSha256: string;
  readonly session: string;
  readonly signal: AbortSignal;
  readonly channel: Channel;
  readonly log: Log;
  note(decision: unknown): void;
}

/** A call of a tool that exists, with arguments that fit. Each inner layer fills in what it provides. */
export interface ToolCall extends Call {
  readonly tool: Tool;
  readonly input: Readonly<Record<string, unknown>>;
  /** Answers from earlier runs of the same call, by the digest of their question. */
  readonly answers: ReadonlyMap<string, WireAnswer>;
  /** Keeps the session's turn until the work really ends, even if its answer goes out before. */
  readonly hold: (work: Promise<unknown>) => void;
  /** Runs a wait whose time does not count against the tool's. */
  readonly offTheClock: <T>(wait: () => Promise<T>) => Promise<T>;
}

/** A question that ends this run of a call; the next run brings its answer. */
export interface PendingQuestion {
  readonly request: ElicitRequest;
  readonly questionSha256: string;
  /** Answers this run already had. */
  readonly answers: ReadonlyMap<string, WireAnswer>;
}

/** How a call ended. */
export type Outcome =
  | { readonly kind: 'result'; readonly result: ToolResult }
  | { readonly kind: 'error'; readonly error: ToolError }
  | { readonly kind: 'question'; readonly question: PendingQuestion };
