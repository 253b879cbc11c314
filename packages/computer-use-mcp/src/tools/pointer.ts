import { defineTool, type CallContext, type Tool, type ToolResult } from '@deskhand/server-runtime';
import type { Action } from '@deskhand/tier-policy';
import { z } from 'zod';
import type { Button, Gesture } from '../desktop/desktop.ts';
import { toImage } from '../core/frame.ts';
import { contains } from '../core/geometry.ts';
import type { DesktopSession } from '../session.ts';
import { moveHeld } from './holding.ts';
import { coordinate, frame, heldKeys, modifiers, pointText } from './pointing.ts';

const MAX_NOTCHES = 50;

/** Changes what is on the screen; a second time is a second click. */
const ACTS = { readOnly: false, destructive: true, idempotent: false, openWorld: true } as const;

interface ClickTool {
  readonly name: 'left_click' | 'right_click' | 'middle_click' | 'double_click' | 'triple_click';
  readonly title: string;
  readonly description: string;
  readonly button: Button;
  readonly count: number;
}

const CLICKS: readonly ClickTool[] = [
  {
    name: 'left_click',
    title: 'Left click',
    description: 'Clicks. With modifiers it needs tier full.',
    button: 'left',
    count: 1,
  },
  {
    name: 'double_click',
    title: 'Double click',
    description: 'Clicks twice, to open an item or select a word.',
    button: 'left',
    count: 2,
  },
  {
    name: 'triple_click',
    title: 'Triple click',
    description: 'Clicks three times, to select a line or paragraph.',
    button: 'left',
    count: 3,
  },
  {
    name: 'right_click',
    title: 'Right click',
    description: 'Opens the context menu. Tier full.',
    button: 'right',
    count: 1,
  },
  {
    name: 'middle_click',
    title: 'Middle click',
    description: 'Often pastes the selection. Tier full.',
    button: 'middle',
    count: 1,
  },
];

export function pointerTools(session: DesktopSession): readonly Tool[] {
  return [
    ...CLICKS.map((click) => clickTool(session, click)),
    mouseMove(session),
    scroll(session),
    cursorPosition(session),
  ];
}

function clickTool(session: DesktopSession, { name, title, description, button, count }: ClickTool): Tool {
  return defineTool({
    name,
    title,
    description,
    input: z.object({ coordinate, text: modifiers, frame }),
    annotations: ACTS,
    run: async (input, call) => {
      const held = heldKeys(input.text);
      const at = await session.locate(input.coordinate, input.frame);
      const gesture: Gesture = { kind: 'click', at, button, count, modifiers: held };
      const action: Action = { tool: name, withModifiers: held.length > 0 };
      return perform(session, { action, gesture, did: `${title} at ${pointText(input.coordinate)}` }, call);
    },
  });
}

const mouseMove = (session: DesktopSession): Tool =>
  defineTool({
    name: 'mouse_move',
    title: 'Move the pointer',
    description: 'Moves the pointer; with the button down, drags.',
    input: z.object({ coordinate, frame }),
    annotations: { ...ACTS, destructive: false, idempotent: true },
    run: async (input, call) => {
      const { holding } = session.desktop;
      const did = `Moved the pointer to ${pointText(input.coordinate)}`;
      const at = await session.locate(input.coordinate, input.frame);
      const dragged = holding === null ? null : await moveHeld(session, { at, did }, { holding, call });
      if (dragged !== null) return dragged;
      return perform(session, { action: { tool: 'mouse_move' }, gesture: { kind: 'move', at }, did }, call);
    },
  });

const scroll = (session: DesktopSession): Tool =>
  defineTool({
    name: 'scroll',
    title: 'Scroll',
    description: 'Turns the wheel by notches of about three lines.',
    input: z.object({
      coordinate,
      scroll_direction: z.enum(['up', 'down', 'left', 'right']),
      scroll_amount: z.int().min(1).max(MAX_NOTCHES),
      text: modifiers,
      frame,
    }),
    annotations: { ...ACTS, destructive: false },
    run: async (input, call) => {
      const held = heldKeys(input.text);
      const at = await session.locate(input.coordinate, input.frame);
      const { scroll_direction: direction, scroll_amount: notches } = input;
      const gesture: Gesture = { kind: 'scroll', at, direction, notches, modifiers: held };
      const did = `Scrolled ${direction} by ${notches} at ${pointText(input.coordinate)}`;
      return perform(
        session,
        { action: { tool: 'scroll', withModifiers: held.length > 0 }, gesture, did },
        call,
      );
    },
  });

const cursorPosition = (session: DesktopSession): Tool =>
  defineTool({
    name: 'cursor_position',
    title: 'Pointer position',
    description: 'Says where in the screenshot the pointer is.',
    input: z.object({}),
    annotations: { readOnly: true, destructive: false, idempotent: true, openWorld: false },
    run: async () => {
      const frame = await session.frame();
      const pointer = await session.desktop.pointer();
      const at = toImage(frame, pointer);
      const away = contains(frame.display, pointer) ? '' : ', which is on another display';
      return {
        text: `The pointer is at ${pointText([at.x, at.y])}${away}.`,
        structured: { coordinate: [at.x, at.y], frame: frame.id },
      };
    },
  });

interface Performance {
  readonly action: Action;
  readonly gesture: Gesture;
  /** One sentence without its end. */
  readonly did: string;
}

async function perform(
  session: DesktopSession,
  { action, gesture, did }: Performance,
  call: CallContext,
): Promise<ToolResult> {
  await session.lookForTerminals(action, [gesture.at]);
  const judged = await session.withReadApprovals(call, () =>
    session.desktop.point(gesture, session.judge(action), call.signal),
  );
  session.settle(action, judged, call);
  const [recipient] = judged.scene.recipients;
  const to = recipient === undefined ? null : session.summary(recipient);
  return {
    text: `${did} in ${to?.app ?? 'an unknown application'}.`,
    structured: {
      ...session.describe(judged.scene, judged.decision.tier),
      recipient: to === null ? null : { ...to, window: judged.scene.recipientWindow },
      delivered: true,
    },
  };
}
