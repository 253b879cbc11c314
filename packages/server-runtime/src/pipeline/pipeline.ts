import { randomUUID } from 'node:crypto';
import { isDeeperThan, sha256 } from '../digest.ts';
import type { Log } from '../log.ts';
import type { Tool } from '../tool.ts';
import type { CallContext, ToolResult } from '../tool.ts';
import { audit, type AuditSink } from './audit.ts';
import type { AnsweredCall, Call, Channel, ClientAbout, Outcome, ToolCall } from './call.ts';
import { checkArguments, deepestArguments, type Absent } from './check-arguments.ts';
import { completeAnswers, type Complete } from './complete-answers.ts';
import { checkNeeds } from './check-needs.ts';
import { introduce } from './introduce.ts';
import { compose } from './layer.ts';
import { counting, withinLimits, type Limits } from './limits.ts';
import { mapErrors } from './map-errors.ts';
import { oneAtATime } from './one-at-a-time.ts';
import { checkPermission, type Permission } from './permission.ts';
import type { Approvals } from './questions.ts';
import { resume } from './resume.ts';
import { asking, runTool } from './run-tool.ts';
import { createStep } from './step.ts';
import { timeOut } from './time-out.ts';
import type { Turns } from './turns.ts';

/** What every call of a server passes through. */
interface PipelineOptions {
  readonly tools: () => ReadonlyMap<string, Tool>;
  /** What brings a tool that is not there. */
  readonly absent: Absent;
  readonly permission: Permission;
  readonly audit: AuditSink;
  readonly approvals: Approvals;
  readonly timeoutMs: number;
  /** `null` when calls need not wait for each other. */
  readonly turns: Turns | null;
  readonly limits: Limits;
  readonly complete: Complete;
}

/** Serves one call, from its record to its outcome; never rejects. */
interface Pipeline {
  /** audit > client > completion > errors > limits > arguments > needs > answers > turn > time-out > permission > tool. */
  call(call: Call): Promise<Outcome>;
  /** audit > client > errors > limits > answers > `work`, for what a client reads. */
  read(call: Call, work: (context: CallContext) => Promise<ToolResult>): Promise<Outcome>;
}

export function createPipeline(options: PipelineOptions): Pipeline {
  const { tools, absent, approvals, turns, timeoutMs, permission } = options;
  const count = counting(options.limits, (name) => tools().has(name));
  const limits = withinLimits(options.limits, count);
  const outer = [audit(options.audit), introduce()];
  const step = createStep({
    tools,
    absent,
    count,
    serve: compose([checkNeeds, checkPermission(permission)], (call) => run(call)),
  });
  const run = (call: ToolCall): Promise<Outcome> => runTool(call, approvals, step);
  const checked = compose(
    [
      ...[checkNeeds, resume<ToolCall>()],
      ...(turns === null ? [] : [oneAtATime(turns)]),
      ...[timeOut(timeoutMs), checkPermission(permission)],
    ],
    run,
  );
  const resumed = resume<AnsweredCall>();
  return {
    call: compose([...outer, completeAnswers(options.complete), mapErrors, limits], async (call) =>
      checked(checkedCall(call, checkArguments({ tools: tools(), absent }, call))),
    ),
    read: (call, work) =>
      compose([...outer, mapErrors, limits], (inner) =>
        resumed(unanswered(inner), async (answered) => ({
          kind: 'result',
          result: await asking(answered, approvals, work),
        })),
      )(call),
  };
}

// what is spread comes last, because V8 takes microseconds to add members to a copy
const unanswered = (call: Call): AnsweredCall => ({
  answers: new Map(),
  offTheClock: (wait) => wait(),
  ...call,
});

const checkedCall = (call: Call, { tool, input }: Pick<ToolCall, 'tool' | 'input'>): ToolCall => ({
  tool,
  input,
  hold: () => undefined,
  ...unanswered(call),
});

/** What a transport knows about a call. */
interface CallRequest {
  readonly name: string;
  readonly args: unknown;
  readonly session: string;
  readonly actor: string;
  readonly client: ClientAbout;
  readonly signal: AbortSignal;
  readonly channel: Channel;
  readonly log: Log;
}

/** A request with its reference and the digest of its arguments; those that nothing could walk through are left out. */
export function newCall(request: CallRequest): Call {
  const ref = randomUUID();
  const args = isDeeperThan(deepestArguments, request.args) ? undefined : request.args;
  return {
    ref,
    argsSha256: sha256(args),
    note: () => undefined,
    ...request,
    args,
    log: request.log.with({ ref, tool: request.name }),
  };
}
