import { randomBytes, randomUUID } from 'node:crypto';
import {
  createRequestStateCodec,
  inputRequired,
  type CallToolResult,
  type GetPromptResult,
  type InputRequiredResult,
  type McpServer,
  type ProtocolEra,
  type ReadResourceResult,
  type ServerContext,
} from '@modelcontextprotocol/server';
import type { Call, Outcome, PendingQuestions } from '../pipeline/call.ts';
import { Limits } from '../pipeline/limits.ts';
import { createPipeline, newCall } from '../pipeline/pipeline.ts';
import { questionLifeSeconds, stateOf, type CallState } from '../pipeline/resume.ts';
import { Turns } from '../pipeline/turns.ts';
import type { CallContext, Tool } from '../tool.ts';
import { errorToMcp, errorToProtocol, resultToMcp } from './call-result.ts';
import { capResult } from './cap-result.ts';
import { channelOf, questionToMcp } from './channel.ts';
import { clientOf } from './client.ts';
import type { ServerOptions } from './create-server.ts';
import { KeptResults } from './kept-results.ts';

/** The request that a call came with. */
export interface Request {
  readonly mcp: McpServer;
  readonly era: ProtocolEra;
  readonly context: ServerContext;
}

/** Carries calls from the protocol into the pipeline and their outcomes back. */
export class CallHandler {
  readonly kept = new KeptResults();
  readonly #options: ServerOptions;
  readonly #session: string;
  readonly #pipeline;
  readonly #seal = createRequestStateCodec<CallState>({
    key: randomBytes(32),
    ttlSeconds: questionLifeSeconds,
  });
  readonly #running = new Set<Promise<unknown>>();

  constructor(options: ServerOptions, tools: () => ReadonlyMap<string, Tool>) {
    const { permission, audit, approvals = 'ask', timeoutMs = 60_000, graceMs = 5_000 } = options;
    const { turns = new Turns(graceMs), limits = new Limits() } = options;
    const absent = options.absent ?? (() => undefined);
    const complete = options.complete ?? ((structured) => Promise.resolve(structured));
    this.#options = options;
    this.#session = options.session ?? randomUUID();
    this.#pipeline = createPipeline({
      tools,
      permission,
      audit,
      approvals,
      timeoutMs,
      turns,
      limits,
      complete,
      absent,
    });
  }

  /** Serves `tools/call`. */
  async call(name: string, args: unknown, request: Request): Promise<CallToolResult | InputRequiredResult> {
    const call = this.#newCall(name, args, request);
    const outcome = await this.#tracked(this.#pipeline.call(call));
    if (outcome.kind === 'questions') return this.#ask(call, outcome.questions);
    const answer =
      outcome.kind === 'result' ? resultToMcp(outcome.result) : errorToMcp(outcome.error, request.era);
    return capResult(answer, this.kept);
  }

  /** Serves what is read: `name` is the method, `args` what of. */
  async read<R extends ReadResourceResult | GetPromptResult>(
    { name, args }: { readonly name: string; readonly args: unknown },
    request: Request,
    work: (call: CallContext) => Promise<R>,
  ): Promise<R | InputRequiredResult> {
    let result: R | undefined;
    const call = this.#newCall(name, args, request);
    const outcome = await this.#tracked(
      this.#pipeline.read(call, async (context) => {
        result = await work(context);
        return { text: '', structured: { ...result } };
      }),
    );
    if (outcome.kind === 'questions') return this.#ask(call, outcome.questions);
    if (outcome.kind === 'error') throw errorToProtocol(outcome.error, request.era);
    if (result === undefined) throw new Error('nothing was read');
    return result;
  }

  async idle(): Promise<void> {
    await Promise.all(this.#running);
  }

  #newCall(name: string, args: unknown, { mcp, era, context }: Request): Call {
    const { log, actor = 'stdio' } = this.#options;
    const client = clientOf(mcp, context);
    const openState = (...sealed: [string, ServerContext]): Promise<unknown> => this.#seal.verify(...sealed);
    return newCall({
      name,
      args,
      session: this.#session,
      actor,
      client: client.about,
      signal: context.mcpReq.signal,
      channel: channelOf(context, { era, client, log, openState }),
      log,
    });
  }

  async #tracked(running: Promise<Outcome>): Promise<Outcome> {
    this.#running.add(running);
    return running.finally(() => this.#running.delete(running));
  }

  async #ask(call: Call, questions: PendingQuestions): Promise<InputRequiredResult> {
    return inputRequired({
      inputRequests: Object.fromEntries(
        questions.asked.map(({ question }) => [question.key, questionToMcp(question)]),
      ),
      requestState: await this.#seal.mint(stateOf(call, questions)),
    });
  }
}
