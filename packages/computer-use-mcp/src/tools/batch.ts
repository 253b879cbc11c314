import {
  ToolError,
  defineTool,
  type CallContext,
  type Tool,
  type ToolResult,
} from '@deskhand/server-runtime';
import { z } from 'zod';
import type { Patience } from '../desktop/changes.ts';
import { toToolError } from '../errors.ts';
import type { DesktopSession } from '../session.ts';
import { stopOf } from '../takeover.ts';

const MAX_ACTIONS = 30;
const BATCH_MS = 120_000;
/** Before the picture at the end. */
const REST: Patience = { firstMs: 60, restMs: 60, capMs: 1000, doubtMs: 0 };

/** Tools that act, and so may stand in a batch; a screenshot ends it. */
const ACTIONS = [
  'left_click',
  'double_click',
  'triple_click',
  'right_click',
  'middle_click',
  'mouse_move',
  'left_click_drag',
  'left_mouse_down',
  'left_mouse_up',
  'scroll',
  'type',
  'key',
  'write_clipboard',
  'hold_key',
  'wait',
  'wait_for_change',
  'focus_window',
  'click_element',
  'set_value',
] as const;

const step = z.looseObject({ action: z.enum(ACTIONS) });

type Step = z.output<typeof step>;

/** What ended a batch early. */
interface Failure {
  readonly index: number;
  readonly action: string;
  readonly code: string;
  readonly message: string;
  readonly hint?: string;
}

interface Done {
  /** What the actions said, in order. */
  readonly said: readonly string[];
  readonly failure: { readonly is: Failure; readonly error: unknown } | undefined;
}

export const batchTools = (session: DesktopSession): readonly Tool[] => [
  defineTool({
    name: 'computer_batch',
    title: 'Several actions',
    description:
      'Does actions in order, each checked as if called alone, until one fails; ends with one screenshot. Coordinates are those of the screenshot before it.',
    input: z.object({
      actions: z.array(step).min(1).max(MAX_ACTIONS).describe('Tool name as action, its arguments beside it'),
    }),
    annotations: { readOnly: false, destructive: true, idempotent: false, openWorld: true },
    timeoutMs: BATCH_MS,
    run: async ({ actions }, call) => {
      const done = await hurried(session, () => lettingGo(session, () => inOrder(actions, call), call));
      // nothing happened: the refusal itself says it best
      if (done.failure !== undefined && done.said.length === 0) throw done.failure.error;
      return answer(actions, done, await pictureAfter(session, call));
    },
  }),
];

async function hurried<T>(session: DesktopSession, work: () => Promise<T>): Promise<T> {
  session.isInBatch = true;
  try {
    return await work();
  } finally {
    session.isInBatch = false;
  }
}

/** A button that the rest of the batch would have let go of does not stay down when there is no rest. */
async function lettingGo(
  { desktop }: DesktopSession,
  work: () => Promise<Done>,
  call: CallContext,
): Promise<Done> {
  let done: Done | null = null;
  try {
    done = await work();
    return done;
  } finally {
    if (done === null || done.failure !== undefined) await desktop.holding?.letGo(call.session);
  }
}

async function inOrder(actions: readonly Step[], call: CallContext): Promise<Done> {
  const said: string[] = [];
  for (const [index, { action, ...input }] of actions.entries()) {
    if (stopOf(call) === null) call.signal.throwIfAborted();
    try {
      said.push((await call.step(action, input)).text);
    } catch (error) {
      // what a person stopped is told like any failure; a caller who left is told nothing
      if (stopOf(call) === null) call.signal.throwIfAborted();
      return { said, failure: { is: failureOf(error, { index, action }), error } };
    }
    call.progress(index + 1, actions.length);
  }
  return { said, failure: undefined };
}

function failureOf(error: unknown, at: { readonly index: number; readonly action: string }): Failure {
  if (error instanceof ToolError) {
    const { code, message, hint } = error;
    return { ...at, code, message, ...(hint !== undefined && { hint }) };
  }
  return { ...at, code: 'internal_error', message: 'The action failed because of a bug in this server' };
}

/** The screen when it has come to rest; nothing for a session that is not offered pictures, or without a desktop. */
async function pictureAfter(session: DesktopSession, call: CallContext): Promise<ToolResult | undefined> {
  if (stopOf(call) !== null) return undefined; // stopped means that nothing more is done
  try {
    await untilAtRest(session, call);
    return await call.step('screenshot', {});
  } catch (error) {
    call.signal.throwIfAborted();
    if (toToolError(error) === null) throw error;
    return undefined; // what was done is worth more than why there is no picture
  }
}

async function untilAtRest(session: DesktopSession, call: CallContext): Promise<void> {
  const watch = await session.watch();
  try {
    await watch.settled(REST, call.signal);
  } finally {
    watch.stop();
  }
}

function answer(actions: readonly Step[], { said, failure }: Done, shot: ToolResult | undefined): ToolResult {
  const completed = said.length;
  const notRun = actions.length - completed - (failure === undefined ? 0 : 1);
  const lines = said.map((text, index) => `${index + 1}. ${text}`);
  const stop =
    failure === undefined
      ? []
      : [
          `${completed + 1}. ${failure.is.action} failed (${failure.is.code}): ${failure.is.message}. ${failure.is.hint ?? ''}`.trim(),
          `${completed} done, ${notRun} not run.`,
        ];
  return {
    text: [...lines, ...stop, ...(shot === undefined ? [] : [shot.text])].join('\n'),
    ...(shot?.images !== undefined && { images: shot.images }),
    structured: {
      completed,
      failed: failure === undefined ? null : failure.is,
      not_run: notRun,
      ...(shot === undefined ? {} : { screenshot: shot.structured }),
    },
  };
}
