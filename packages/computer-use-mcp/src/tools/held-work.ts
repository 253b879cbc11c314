import { ToolError, type CallContext, type ToolResult } from '@deskhand/server-runtime';
import type { Action } from '@deskhand/tier-policy';
import type { Judge, Judged } from '../desktop/desktop.ts';
import type { Holder, Holding } from '../desktop/holding.ts';
import { toToolError } from '../errors.ts';
import type { DesktopSession } from '../session.ts';
import { isOfPerson, stopOf } from '../takeover.ts';

export const ACTS = { readOnly: false, destructive: true, idempotent: false, openWorld: true } as const;

/** @throws ToolError where nothing can be held */
export function holdingOf({ desktop }: DesktopSession): Holding {
  if (desktop.holding !== null) return desktop.holding;
  throw new ToolError('not_on_this_desktop', 'Nothing can be held down safely on this desktop', {
    hint: 'Use clicks and single keys instead.',
  });
}

interface HeldWork<T> {
  readonly action: Action;
  readonly work: (holder: Holder) => Promise<T>;
  /** The button is down before the work begins. */
  readonly isDown?: boolean;
}

/** Holds until the call ends, or the person does anything, which is told then. */
export async function holdingFor<T>(
  session: DesktopSession,
  { action, work, isDown = false }: HeldWork<T>,
  call: CallContext,
): Promise<T> {
  const signal = session.takeover.undisturbed(call);
  const judge = session.judge(action);
  let last: Judged | null = null;
  const remembering: Judge = (scene) => {
    last = { decision: judge(scene), scene };
    return last.decision;
  };
  let wasPressed = isDown;
  const onPressed = (): void => {
    wasPressed = true;
  };
  try {
    return await work({ session: call.session, judge: remembering, signal, onPressed });
  } catch (error) {
    const known = stopOf({ signal }) ?? toToolError(error);
    if (wasPressed) noteStop(session, { action, last, stopped: known?.code ?? 'internal_error' }, call);
    if (known === null || !wasPressed || isOfPerson(known)) throw known ?? error;
    throw endedEarly(action, known);
  }
}

interface Stop {
  readonly action: Action;
  /** The last step that was judged, when one was. */
  readonly last: Judged | null;
  readonly stopped: string;
}

/** The record of a call that ends so would not tell that something was down, nor in whom. */
function noteStop(session: DesktopSession, { action, last, stopped }: Stop, call: CallContext): void {
  call.note({ ...(last !== null && session.record(action, last)), stopped });
}

/** What failed had begun, so that "nothing was done" would be wrong. */
function endedEarly({ tool }: Action, { code, message, details }: ToolError): ToolError {
  return tool === 'hold_key'
    ? new ToolError('focus_lost', `The key was let go of early: ${message}`, {
        hint: 'Look at the screen before you hold it again.',
        details: { ...details, because: code },
      })
    : new ToolError('drag_stopped', `Stopped, and nothing was dropped: ${message}`, {
        hint: 'The button is up. Look at the screen before you drag again.',
        details: { ...details, because: code },
      });
}

export function answer(
  session: DesktopSession,
  {
    scene,
    decision,
    did,
    more = {},
  }: Judged & { readonly did: string; readonly more?: Record<string, unknown> },
): ToolResult {
  const [recipient] = scene.recipients;
  const to = recipient === undefined ? null : session.summary(recipient);
  return {
    text: `${did} in ${to?.app ?? 'an unknown application'}.`,
    structured: {
      ...session.describe(scene, decision.tier),
      recipient: to === null ? null : { ...to, window: scene.recipientWindow },
      ...more,
      delivered: true,
    },
  };
}
