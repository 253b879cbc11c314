import { sha256 } from '../digest.ts';
import { ToolError } from '../tool-error.ts';
import type { Tool, ToolResult } from '../tool.ts';
import type { Outcome, ToolCall } from './call.ts';
import { checkArguments, type Absent } from './check-arguments.ts';
import type { Next } from './layer.ts';
import type { Count } from './limits.ts';

/** Runs a tool as a part of the call of another one. */
export type Step = (call: ToolCall, name: string, input: unknown) => Promise<ToolResult>;

interface StepOptions {
  /** What the session offers now. */
  readonly tools: () => ReadonlyMap<string, Tool>;
  readonly absent: Absent;
  /** Counts a step as the call that it would be. */
  readonly count: Count;
  /** The layers between the turn and the tool. */
  readonly serve: Next<ToolCall>;
}

/** Steps leave a note before and one after; a step that asks would run those before it twice, so it cannot ask. */
export function createStep({ tools, absent, count, serve }: StepOptions): Step {
  return async (call, name, args) => {
    const step = name.slice(0, 200);
    const argsSha256 = sha256(args);
    call.note({ step, argsSha256 });
    try {
      count({ actor: call.actor, name });
      const checked = checkArguments({ tools: tools(), absent }, { name, args });
      const channel = { ...call.channel, can: () => false };
      const inner = { ...call, ...checked, name, args, argsSha256, channel, answers: new Map() };
      const result = resultOf(await serve(inner));
      call.note({ step, status: 'ok' });
      return result;
    } catch (error) {
      call.note({ step, status: 'error', code: error instanceof ToolError ? error.code : 'internal_error' });
      throw error;
    }
  };
}

function resultOf(outcome: Outcome): ToolResult {
  if (outcome.kind === 'result') return outcome.result;
  throw outcome.kind === 'error' ? outcome.error : new Error('a step asked a question');
}
