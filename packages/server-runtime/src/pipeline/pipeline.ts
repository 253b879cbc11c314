import { randomUUID } from 'node:crypto';
import { sha256 } from '../digest.ts';
import type { Log } from '../log.ts';
import type { Tool } from '../tool.ts';
import { audit, type AuditSink } from './audit.ts';
import type { Call, Channel, Outcome } from './call.ts';
import { checkArguments } from './check-arguments.ts';
import { completeAnswers, type Complete } from './complete-answers.ts';
import { compose } from './layer.ts';
import { mapErrors } from './map-errors.ts';
import { oneAtATime } from './one-at-a-time.ts';
import { checkPermission, type Permission } from './permission.ts';
import { resume } from './resume.ts';
import { runTool, type Approvals } from './run-tool.ts';
import { timeOut } from './time-out.ts';

/** What every call of a server passes through. */
interface PipelineOptions {
  readonly tools: ReadonlyMap<string, Tool>;
  readonly permission: Permission;
  readonly audit: AuditSink;
  readonly approvals: Approvals;
  readonly timeoutMs: number;
  readonly graceMs: number;
  readonly complete: Complete;
}

/** Serves one call, from its record to its outcome; never rejects. */
type Pipeline = (call: Call) => Promise<Outcome>;

/** audit > completion > errors > arguments > answers > one at a time > time-out > permission > tool. */
export function createPipeline(options: PipelineOptions): Pipeline {
  const checked = compose(
    [resume(), oneAtATime(options.graceMs), timeOut(options.timeoutMs), checkPermission(options.permission)],
    (call) => runTool(call, options.approvals),
  );
  return compose([audit(options.audit), completeAnswers(options.complete), mapErrors], async (call) =>
    checked(checkArguments(options.tools, call)),
  );
}

/** What a transport knows about a call. */
interface CallRequest {
  readonly name: string;
  readonly args: unknown;
  readonly session: string;
  readonly signal: AbortSignal;
  readonly channel: Channel;
  readonly log: Log;
}

/** A request with its reference and the digest of its arguments. */
export function newCall(request: CallRequest): Call {
  const ref = randomUUID();
  return {
    ...request,
    ref,
    argsSha256: sha256(request.args),
    log: request.log.with({ ref, tool: request.name }),
    note: () => undefined,
  };
}
