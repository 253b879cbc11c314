import { ToolError } from '../tool-error.ts';
import type { Outcome, ToolCall } from './call.ts';
import type { Layer, Next } from './layer.ts';
import { cancelled } from './time-out.ts';
import { Turns } from './turns.ts';

/** Runs the calls of one session in the order they came, each after the one before has really ended. */
export function oneAtATime(graceMs: number): Layer<ToolCall> {
  const sessions = new Map<string, Turns>();
  return async (call, next) => {
    const turns = sessions.get(call.session) ?? new Turns(graceMs);
    sessions.set(call.session, turns);
    const turn = await turns.take(call.signal);
    if (turn === 'left') throw cancelled();
    if (turn === 'overdue') throw busy();
    return withTurn(turns, call, next, () => {
      if (turns.idle) sessions.delete(call.session);
    });
  };
}

async function withTurn(
  turns: Turns,
  call: ToolCall,
  next: Next<ToolCall>,
  after: () => void,
): Promise<Outcome> {
  const held: Promise<unknown>[] = [];
  try {
    return await next({ ...call, hold: (work) => held.push(work) });
  } finally {
    turns.answered();
    void Promise.allSettled(held).then(() => {
      turns.release();
      after();
    });
  }
}

function busy(): ToolError {
  return new ToolError('busy', 'An earlier call was told to stop and has not stopped yet', {
    hint: 'Wait a few seconds, then look at the state before you try again.',
  });
}
