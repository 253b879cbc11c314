import type { ClientCapability, Question } from '../client-request.ts';
import type { Log } from '../log.ts';
import type { ToolError } from '../tool-error.ts';
import type { ClientLogLevel, Tool, ToolResult } from '../tool.ts';

/** How this caller can be asked. Answers are what came over the wire, unchecked. */
export type Asking =
  /** The 2025 protocols: the client answers while the tool waits. */
  | { readonly kind: 'direct'; ask(question: Question, signal: AbortSignal): Promise<unknown> }
  /** 2026-07-28: the call ends with the questions and comes again with the answers and our sealed state. */
  | {
      readonly kind: 'replay';
      readonly responses: Readonly<Record<string, unknown>>;
      /** Throws if the protocol cannot express the question. */
      checkQuestion(question: Question): void;
      /** The state sent along, its seal checked; undefined when none was sent. Rejects on a bad seal. */
      openState(): Promise<unknown>;
    };

/** What the transport offers to one call. */
export interface Channel {
  progress(done: number, total?: number, message?: string): void;
  tellClient(level: ClientLogLevel, message: string): void;
  can(capability: ClientCapability): boolean;
  readonly asking: Asking;
}

/** Who a client says that it is; nothing is decided by it. */
export interface ClientAbout {
  readonly name: string;
  readonly version: string;
  /** The revision of the protocol that it speaks. */
  readonly protocol: string;
}

/** A call as it arrived: nothing about it has been checked. */
export interface Call {
  /** Ties the audit rows of this call together. */
  readonly ref: string;
  readonly name: string;
  readonly args: unknown;
  readonly argsSha256: string;
  readonly session: string;
  readonly actor: string;
  readonly client: ClientAbout;
  readonly signal: AbortSignal;
  readonly channel: Channel;
  readonly log: Log;
  note(decision: unknown): void;
}

/** A call with the answers from its earlier runs, by the digest of their question. */
export interface AnsweredCall extends Call {
  readonly answers: ReadonlyMap<string, unknown>;
  /** Runs a wait whose time does not count against the tool's. */
  readonly offTheClock: <T>(wait: () => Promise<T>) => Promise<T>;
}

/** A call of a tool that exists, with arguments that fit. Each inner layer fills in what it provides. */
export interface ToolCall extends AnsweredCall {
  readonly tool: Tool;
  readonly input: Readonly<Record<string, unknown>>;
  /** Keeps the turn until the work really ends, even if its answer goes out before. */
  readonly hold: (work: Promise<unknown>) => void;
}

/** Questions that end this run of a call; the next run brings their answers. */
export interface PendingQuestions {
  readonly asked: readonly { readonly question: Question; readonly questionSha256: string }[];
  /** Answers this run already had. */
  readonly answers: ReadonlyMap<string, unknown>;
}

/** How a call ended. */
export type Outcome =
  | { readonly kind: 'result'; readonly result: ToolResult }
  | { readonly kind: 'error'; readonly error: ToolError }
  | { readonly kind: 'questions'; readonly questions: PendingQuestions };
