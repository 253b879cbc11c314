import type { CallContext, Tool, ToolResult } from '../tool.ts';
import type { Step } from './step.ts';
import type { AnsweredCall, Outcome, ToolCall } from './call.ts';
import { Questions, type Approvals } from './questions.ts';

/** Innermost: runs the tool and checks that its result is what it declared. */
export async function runTool(call: ToolCall, approvals: Approvals, step: Step): Promise<Outcome> {
  const result = await asking(call, approvals, (context) =>
    call.tool.run(call.input, { ...context, step: (...of) => step(call, ...of) }),
  );
  checkOutput(call.tool, result);
  return { kind: 'result', result };
}

/** Runs `work` with what a call may use; rejects with a QuestionSignal when it asked something that is still open. */
export async function asking<T>(
  call: AnsweredCall,
  approvals: Approvals,
  work: (context: CallContext) => Promise<T>,
): Promise<T> {
  const questions = new Questions(call, approvals);
  try {
    return await work(contextOf(call, questions));
  } catch (error) {
    // A tool that wraps what it catches must not turn a question into a failure.
    throw questions.ending ?? error;
  }
}

function contextOf(call: AnsweredCall, questions: Questions): CallContext {
  const { signal, session, log, channel } = call;
  return {
    signal,
    session,
    log,
    progress: (...update) => {
      if (!signal.aborted) channel.progress(...update);
    },
    elicit: (request) => questions.elicit(request),
    sample: (request) => questions.sample(request),
    roots: (request) => questions.roots(request),
    tellClient: (level, message) => {
      if (!signal.aborted) channel.tellClient(level, message);
    },
    note: (decision) => call.note(decision),
    step: () => Promise.reject(new Error('only tools have steps')),
  };
}

function checkOutput(tool: Tool, { structured }: ToolResult): void {
  const parsed = tool.output?.safeParse(structured);
  if (parsed?.success === false) {
    throw new Error(`${tool.name} broke its output schema`, { cause: parsed.error });
  }
}
