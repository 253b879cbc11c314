import type { CallContext, Tool, ToolResult } from '@deskhand/server-runtime';
import { coveringRect } from '../core/frame.ts';
import type { Rect } from '../core/geometry.ts';
import type { Change, ChangeWatch, Patience } from '../desktop/changes.ts';
import { toToolError } from '../errors.ts';
import type { DesktopSession } from '../session.ts';
import { stopOf } from '../takeover.ts';

/** What an action changed; unknown when the desktop could not be watched. */
export type Effect = Change | { readonly effect: 'unknown' };

const ALONE: Patience = { firstMs: 150, restMs: 60, capMs: 1000, doubtMs: 0 };
/** A menu has to be open before the next action, and that is all. */
const IN_BATCH: Patience = { firstMs: 100, restMs: 40, capMs: 400, doubtMs: 0 };

const UNKNOWN: Effect = { effect: 'unknown' };

/** A tool that acts, and then waits until the screen is at rest and says what changed. Refusals wait for nothing. */
export function withEffect(session: DesktopSession, tool: Tool): Tool {
  if (tool.annotations.readOnly) return tool;
  return {
    ...tool,
    run: async (input, call) => {
      const watch = await startWatch(session);
      try {
        const result = await tool.run(input, call);
        const effect = await effectOf(watch, session.isInBatch ? IN_BATCH : ALONE, call);
        const told = await describeEffect(session, effect);
        return withMore(result, told);
      } finally {
        watch?.stop();
      }
    },
  };
}

/** `null` when the desktop cannot be watched; the tool itself says what is wrong with it. */
async function startWatch(session: DesktopSession): Promise<ChangeWatch | null> {
  try {
    return await session.watch();
  } catch {
    return null; // the reason is not what was asked for, and comes up again when it matters
  }
}

/** What was done is done, also when a person stopped the call after it, or the screen went away. */
async function effectOf(watch: ChangeWatch | null, patience: Patience, call: CallContext): Promise<Effect> {
  if (watch === null) return UNKNOWN;
  try {
    return await watch.settled(patience, call.signal);
  } catch (error) {
    if (stopOf(call) !== null) return UNKNOWN;
    call.signal.throwIfAborted();
    if (toToolError(error) === null) throw error;
    return UNKNOWN;
  }
}

/** What an answer says of an effect: a sentence, and fields beside it, in pixels of the picture. */
export interface DescribedEffect {
  readonly text: string;
  readonly structured: Readonly<Record<string, unknown>>;
}

export async function describeEffect(
  session: Pick<DesktopSession, 'frame'>,
  effect: Effect,
): Promise<DescribedEffect> {
  if (effect.effect === 'none') {
    return {
      text: 'Nothing changed on the screen: it had no effect that shows, or needs longer (wait_for_change).',
      structured: { effect: 'none' },
    };
  }
  if (effect.effect === 'unknown') {
    return { text: 'It is unknown whether the screen changed.', structured: { effect: 'unknown' } };
  }
  const changed = coveringRect(await session.frame(), effect.rect);
  const where = changed === null ? 'on another display (switch_display)' : `in ${corners(changed)}`;
  const doubt = isLikeCaret(effect.rect) ? ', which may be a blinking caret' : '';
  return {
    text: `The screen changed ${where}${doubt}${effect.isAtRest ? '' : ' and is still changing'}.`,
    structured: {
      effect: 'changed',
      ...(changed !== null && { changed }),
      ...(!effect.isAtRest && { stillChanging: true }),
    },
  };
}

/** As narrow as a caret, and no higher than a line of large text. */
const isLikeCaret = ({ width, height }: Rect): boolean => width <= 4 && height <= 80 && height > width;

const corners = ({ x, y, width, height }: Rect): string => `[${x}, ${y}, ${x + width}, ${y + height}]`;

const withMore = (result: ToolResult, { text, structured }: DescribedEffect): ToolResult => ({
  ...result,
  text: `${result.text} ${text}`,
  structured: { ...result.structured, ...structured },
});
