import { z } from 'zod';
import { sha256 } from '../digest.ts';
import type { ElicitAnswer, ElicitRequest, WireAnswer } from '../elicit.ts';
import type { CallContext, Tool, ToolResult } from '../tool.ts';
import type { Outcome, ToolCall } from './call.ts';
import { QuestionSignal } from './map-errors.ts';

/** What the tool's questions meet: the person, or `--approvals decline`. */
export type Approvals = 'ask' | 'decline';

/** Innermost: runs the tool and checks that its result is what it declared. */
export async function runTool(call: ToolCall, approvals: Approvals): Promise<Outcome> {
  const questions = new Questions(call, approvals);
  const context: CallContext = {
    signal: call.signal,
    session: call.session,
    log: call.log,
    progress: (...update) => {
      if (!call.signal.aborted) call.channel.progress(...update);
    },
    elicit: (request) => questions.elicit(request),
    note: (decision) => call.note(decision),
  };
  try {
    const result = await call.tool.run(call.input, context);
    checkOutput(call.tool, result);
    return { kind: 'result', result };
  } catch (error) {
    // A tool that wraps what it catches must not turn a question into a failure.
    throw questions.pending ?? error;
  }
}

function checkOutput(tool: Tool, { structured }: ToolResult): void {
  const parsed = tool.output?.safeParse(structured);
  if (parsed?.success === false) {
    throw new Error(`${tool.name} broke its output schema`, { cause: parsed.error });
  }
}

class Questions {
  pending: QuestionSignal | undefined;
  readonly #call: ToolCall;
  readonly #approvals: Approvals;

  constructor(call: ToolCall, approvals: Approvals) {
    this.#call = call;
    this.#approvals = approvals;
  }

  async elicit<S extends z.ZodObject>(request: ElicitRequest<S>): Promise<ElicitAnswer<z.output<S>>> {
    const answer = checked(request, await this.#ask(request));
    const reason = answer.action === 'unavailable' ? { reason: answer.reason } : {};
    this.#call.note({ asked: request.key, action: answer.action, ...reason });
    return answer;
  }

  async #ask(request: ElicitRequest): Promise<WireAnswer> {
    const { signal, answers, channel, offTheClock } = this.#call;
    const { asking } = channel;
    if (this.#approvals === 'decline') return { action: 'decline' };
    if (asking.kind === 'none') return { action: 'unavailable', reason: 'no_capability' };
    if (asking.kind === 'direct') return offTheClock(() => asking.ask(request, signal));
    asking.checkQuestion(request);
    const questionSha256 = digest(request);
    const answer = answers.get(questionSha256);
    if (answer !== undefined) return answer;
    this.pending = new QuestionSignal({ request, questionSha256, answers });
    throw this.pending;
  }
}

/** Binds an answer to the words it answered: the same key with another message is another question. */
function digest({ key, message, schema }: ElicitRequest): string {
  return sha256({ key, message, schema: z.toJSONSchema(schema) });
}

function checked<S extends z.ZodObject>(
  request: ElicitRequest<S>,
  answer: WireAnswer,
): ElicitAnswer<z.output<S>> {
  if (answer.action !== 'accept') return answer;
  const content = request.schema.safeParse(answer.content);
  return content.success
    ? { action: 'accept', content: content.data }
    : { action: 'unavailable', reason: 'invalid_answer' };
}
