import {
  ToolError,
  defineTool,
  type CallContext,
  type Tool,
  type ToolResult,
} from '@deskhand/server-runtime';
import type { Action } from '@deskhand/tier-policy';
import { z } from 'zod';
import type { Holder, Holding, Moved } from '../desktop/holding.ts';
import { toToolError } from '../errors.ts';
import type { Point } from '../core/geometry.ts';
import type { DesktopSession } from '../session.ts';
import { ACTS, answer, holdingFor, holdingOf } from './held-work.ts';
import { coordinate, frame, heldKeys, isPoint, modifiers, pointText } from './pointing.ts';

const MAX_POINTS = 50;
const DRAG_MS = 60_000;

export const holdingTools = (session: DesktopSession): readonly Tool[] => [
  drag(session),
  mouseDown(session),
  mouseUp(session),
];

const drag = (session: DesktopSession): Tool =>
  defineTool({
    name: 'left_click_drag',
    title: 'Drag',
    description: 'Drags with the left button. Tier full at both ends.',
    input: z.object({
      start_coordinate: coordinate.optional(),
      coordinate: coordinate.optional(),
      path: z
        .array(z.array(z.number()).refine(isPoint))
        .max(MAX_POINTS)
        .optional()
        .describe('Points, instead of the two'),
      text: modifiers,
      frame,
    }),
    annotations: ACTS,
    timeoutMs: DRAG_MS,
    run: async (input, call) => {
      const coordinates = pathOf(input);
      const held = heldKeys(input.text);
      const path = await Promise.all(coordinates.map((point) => session.locate(point, input.frame)));
      const action: Action = { tool: 'left_click_drag', withModifiers: held.length > 0 };
      await session.lookForTerminals(action, path);
      let moved: Moved | null = null;
      const judged = await session.withReadApprovals(call, async () => {
        // what was stopped on the way is not done again from the start
        if (moved?.wasPressed !== true) {
          const work = (holder: Holder): Promise<Moved> => holdingOf(session).drag(path, held, holder);
          moved = await holdingFor(session, { action, work }, call);
        }
        return moved;
      });
      const did = `Dragged from ${pointText(coordinates[0])} to ${pointText(coordinates.at(-1))}`;
      return settleMoved(session, { action, moved: judged, did }, call);
    },
  });

type Coordinate = readonly number[];

function pathOf(input: {
  readonly start_coordinate?: Coordinate | undefined;
  readonly coordinate?: Coordinate | undefined;
  readonly path?: readonly Coordinate[] | undefined;
}): readonly Coordinate[] {
  const { start_coordinate: start, coordinate: end, path } = input;
  if (path === undefined && start !== undefined && end !== undefined) return [start, end];
  if (path !== undefined && path.length > 1 && start === undefined && end === undefined) return path;
  throw new ToolError('invalid_arguments', 'A drag needs a start and an end', {
    hint: 'Give start_coordinate and coordinate, or a path of 2 points or more.',
  });
}

const mouseDown = (session: DesktopSession): Tool =>
  defineTool({
    name: 'left_mouse_down',
    title: 'Press the button',
    description: 'Presses where the pointer is, until left_mouse_up.',
    input: z.object({}),
    annotations: ACTS,
    run: async (_, call) => {
      const holding = holdingOf(session);
      if (holding.heldBy() !== null) throw alreadyHeld();
      const action: Action = { tool: 'left_mouse_down' };
      await session.lookForTerminals(action, [await session.desktop.pointer()]);
      const judged = await session.withReadApprovals(call, () =>
        holdingFor(session, { action, work: (holder) => holding.press(holder) }, call),
      );
      session.settle(action, judged, call);
      return answer(session, { ...judged, did: 'The left button is down' });
    },
  });

const alreadyHeld = (): ToolError =>
  new ToolError('input_in_use', 'The left button is down already', { hint: 'Use left_mouse_up first.' });

const mouseUp = (session: DesktopSession): Tool =>
  defineTool({
    name: 'left_mouse_up',
    title: 'Let go of the button',
    description: 'Lets go where the pointer is.',
    input: z.object({}),
    annotations: ACTS,
    run: async (_, call) => {
      const action: Action = { tool: 'left_mouse_up' };
      const work = (holder: Holder): Promise<Moved | null> => holdingOf(session).release(holder);
      const isDown = holdingOf(session).heldBy() === call.session;
      await session.lookForTerminals(action, [await session.desktop.pointer()]);
      const moved = await holdingFor(session, { action, work, isDown }, call);
      if (moved === null) {
        throw new ToolError('nothing_held', 'The left button is not down', {
          hint: 'Press it with left_mouse_down; it goes up by itself after a minute without a call.',
        });
      }
      return settleMoved(session, { action, moved, did: 'Let go of the left button' }, call);
    },
  });

/** Moves the pointer while this session holds the button, as a part of a drag; `null` when it does not. */
export async function moveHeld(
  session: DesktopSession,
  { at, did }: { readonly at: Point; readonly did: string },
  { holding, call }: { readonly holding: Holding; readonly call: CallContext },
): Promise<ToolResult | null> {
  const action: Action = { tool: 'left_click_drag' };
  const work = (holder: Holder): Promise<Moved | null> => holding.moveTo(at, holder);
  const isDown = holding.heldBy() === call.session;
  if (isDown) await session.lookForTerminals(action, [at]);
  const moved = await holdingFor(session, { action, work, isDown }, call);
  return moved === null ? null : settleMoved(session, { action, moved, did }, call);
}

interface Outcome {
  readonly action: Action;
  readonly moved: Moved;
  /** One sentence without its end. */
  readonly did: string;
}

/** As every answer is settled; a drag that was stopped on its way says where. */
async function settleMoved(
  session: DesktopSession,
  { action, moved, did }: Outcome,
  call: CallContext,
): Promise<ToolResult> {
  try {
    session.settle(action, moved, call);
  } catch (error) {
    const known = toToolError(error);
    if (known === null || !moved.wasPressed) throw error;
    const { code, message, hint = '', details } = known;
    const at = await session.toPicture(moved.at);
    throw new ToolError('drag_stopped', `Stopped at ${pointText(at)}, and nothing was dropped: ${message}`, {
      hint: `The button is up. ${hint}`,
      details: { ...details, because: code, at },
      cause: error,
    });
  }
  return answer(session, { ...moved, did });
}
