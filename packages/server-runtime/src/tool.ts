import type { z } from 'zod';
import type {
  ClientCapability,
  RootsAnswer,
  RootsRequest,
  SampleAnswer,
  SampleRequest,
} from './client-request.ts';
import type { Bytes, ContentBlock, Icon } from './content.ts';
import type { ElicitAnswer, ElicitRequest } from './elicit.ts';
import type { Log } from './log.ts';

/** What a tool does to the world; becomes the MCP annotations of the same names with `Hint`. */
export interface ToolAnnotations {
  /** It changes nothing. `--read-only` keeps these tools. */
  readonly readOnly: boolean;
  /** It may destroy or overwrite. */
  readonly destructive: boolean;
  /** Doing it twice is doing it once. */
  readonly idempotent: boolean;
  /** It reaches things outside the server's own data: the web, other programs. */
  readonly openWorld: boolean;
}

/** A picture in a tool's answer, encoded. */
export interface ToolImage {
  readonly data: Bytes;
  readonly mimeType: string;
}

/** What a tool gives back. `text` is what the model reads first; `structured` must fit `output` if that is set. */
export interface ToolResult {
  readonly text: string;
  readonly images?: readonly ToolImage[];
  /** What follows the text and the pictures. */
  readonly blocks?: readonly ContentBlock[];
  readonly structured?: Readonly<Record<string, unknown>>;
}

/** How much a message to the client matters. */
export type ClientLogLevel = 'debug' | 'info' | 'notice' | 'warning' | 'error' | 'critical';

/** What a running tool may use of the call it serves. */
export interface CallContext {
  /** Aborted when the caller cancels, the connection ends or the time is up. Pass it to every wait. */
  readonly signal: AbortSignal;
  /** The session the call belongs to. */
  readonly session: string;
  /** A log whose lines carry the tool's name and the call's `ref`. */
  readonly log: Log;
  /** Tells the caller how far the work is. Does nothing when the caller did not ask. */
  progress(done: number, total?: number, message?: string): void;
  /**
   * Asks the person at the client. Put it before the first effect: in MCP 2026-07-28 the tool is run again
   * from its start when the answer comes, and only then does this return. Questions that are asked together
   * (`Promise.all`) reach the client together.
   */
  elicit<S extends z.ZodObject>(request: ElicitRequest<S>): Promise<ElicitAnswer<z.output<S>>>;
  /** Has the client's model answer; the rules of `elicit` hold. */
  sample(request: SampleRequest): Promise<SampleAnswer>;
  /** Asks the client for its folders; the rules of `elicit` hold. */
  roots(request: RootsRequest): Promise<RootsAnswer>;
  /** Sends a log message to the client, if the server has `logging` and the client wants messages of this level. */
  tellClient(level: ClientLogLevel, message: string): void;
  /** Records a decision (why something was allowed or refused) as a `note` row of the audit. */
  note(decision: unknown): void;
  /**
   * Runs another tool that the session offers as a part of this call, on its turn and within its time: arguments and
   * permission are checked as for a call, and two notes are left. It cannot ask the person.
   *
   * @throws ToolError as the tool does
   */
  step(name: string, input: unknown): Promise<ToolResult>;
}

/** A tool: everything about it, in one object. */
export interface Tool<I extends z.ZodObject = z.ZodObject> {
  /** snake_case, as the model sees it. */
  readonly name: string;
  readonly title: string;
  /** When to use it and what comes back, in one or two sentences. */
  readonly description: string;
  readonly input: I;
  /** Shape of `structured` of a success. */
  readonly output?: z.ZodObject;
  readonly annotations: ToolAnnotations;
  /** Milliseconds of work allowed, without the time a person takes to answer. Default: the server's. */
  readonly timeoutMs?: number;
  /** Kept by `--read-only` although it is not read-only, because nothing works without it (asking for access). */
  readonly always?: boolean;
  /** It runs while another call of the session is at work, because it tells of that or ends it. Default: on its turn. */
  readonly atOnce?: boolean;
  /** What the client must be able to do; a call of another client is refused before the tool runs. */
  readonly needs?: readonly ClientCapability[];
  readonly icons?: readonly Icon[];
  run(input: z.output<I>, call: CallContext): Promise<ToolResult>;
}

/** Gives the tool back with `run` typed by its `input` schema. */
export function defineTool<I extends z.ZodObject>(tool: Tool<I>): Tool<I> {
  return tool;
}
