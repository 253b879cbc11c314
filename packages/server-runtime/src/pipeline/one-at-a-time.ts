import { sha256 } from '../digest.ts';
import { ToolError } from '../tool-error.ts';
import type { Outcome, ToolCall } from './call.ts';
import type { Layer, Next } from './layer.ts';
import { cancelled } from './time-out.ts';
import type { TurnHolder, Turns } from './turns.ts';

/** Runs a call on its turn, after the one before has really ended. */
export function oneAtATime(turns: Turns): Layer<ToolCall> {
  return async (call, next) => {
    const { session, actor, tool, signal } = call;
    if (tool.atOnce === true) return next(call);
    const turn = await turns.take({ session, actor, tool: tool.name }, signal);
    switch (turn.kind) {
      case 'taken':
        return withTurn(turns, call, next);
      case 'left':
        throw cancelled();
      case 'overdue':
        throw overdue(turn.holder);
      case 'crowded':
        throw crowded(turn.holder);
    }
  };
}

async function withTurn(turns: Turns, call: ToolCall, next: Next<ToolCall>): Promise<Outcome> {
  let working = 0;
  let isAnswered = false;
  const ended = (): void => {
    working -= 1;
    if (isAnswered && working === 0) turns.release();
  };
  const hold = (work: Promise<unknown>): void => {
    working += 1;
    work.then(ended, ended);
  };
  try {
    return await next({ ...call, hold });
  } finally {
    isAnswered = true;
    if (working === 0) turns.release();
    else turns.answered();
  }
}

function overdue(holder: TurnHolder): ToolError {
  return new ToolError('busy', 'An earlier call was told to stop and has not stopped yet', {
    hint: 'Wait a few seconds, then look at the state before you try again.',
    details: { holder: shown(holder) },
  });
}

function crowded(holder: TurnHolder): ToolError {
  const { actor, session, tool, seconds } = shown(holder);
  const message = `Two other sessions are at work here: ${actor} (session ${session}) runs ${tool}, for ${seconds} s so far`;
  return new ToolError('busy', message, {
    hint: 'One call acts at a time, and one session may wait. Try again when they are done.',
    details: { holder: shown(holder) },
  });
}

/** The id of a session may open it, so others see only the start of its digest. */
const shown = (holder: TurnHolder): TurnHolder => ({
  ...holder,
  session: sha256(holder.session).slice(0, 8),
});
