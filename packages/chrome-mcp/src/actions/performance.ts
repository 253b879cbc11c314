import { ToolError, type CallContext, type ToolResult } from '@deskhand/server-runtime';
import { setImmediate as turn } from 'node:timers/promises';
import type { TabWatch } from '../browser/activity.ts';
import { DialogOpen, TabClosed } from '../browser/failure.ts';
import type { Frame } from '../browser/frame.ts';
import type { Tab } from '../browser/tab.ts';
import type { BrowserSession } from '../session.ts';
import { newsOf } from './news.ts';
import type { Deed, Scene } from './scene.ts';
import { settle, type Settled } from './settling.ts';

/** What a call of an action is about. */
export interface Performance {
  readonly session: BrowserSession;
  /** The current one if not given. */
  readonly tab: string | undefined;
  readonly call: CallContext;
}

/** How an action went, for its answer. */
export interface Outcome {
  readonly tab: Tab;
  readonly watch: TabWatch;
  readonly deeds: readonly Deed[];
  readonly settled: Settled | null;
  /** It ended the tab. */
  readonly isClosed: boolean;
}

const SETTLED: Settled = { pending: [], isNavigating: false };

/** Does something in a tab, waits for what comes of it, and says both. */
export async function perform(
  { session, tab: id, call }: Performance,
  work: (scene: Scene) => Promise<void>,
): Promise<ToolResult> {
  const tab = await session.tab(id, call.signal);
  const watch = tab.watch();
  const deeds: Deed[] = [];
  const acted: Frame[] = [];
  const made = { did: (deed: Deed) => deeds.push(deed), actsIn: (frame: Frame) => acted.push(frame) };
  try {
    const settled = await tab.inTurn(async (signal) => {
      const scene: Scene = { tab, watch, signal, ...made };
      await work(scene);
      const frame = acted.at(-1);
      return frame === undefined ? SETTLED : settle(scene, frame);
    }, call.signal);
    return answer({ tab, watch, deeds, settled, isClosed: false });
  } catch (error) {
    if (!(error instanceof DialogOpen || error instanceof TabClosed)) throw error;
    // the proof came before, and is told in a moment
    await turn();
    if (deeds.length === 0) throw error;
    return answer({ tab, watch, deeds, settled: null, isClosed: error instanceof TabClosed });
  } finally {
    watch.stop();
  }
}

function answer(outcome: Outcome): ToolResult {
  const done = outcome.deeds.map(({ did, notes }) => [`${did}.`, ...notes].join(' '));
  return { text: [...done, ...newsOf(outcome)].join('\n') };
}

/** What is thrown when a step failed, after others were done. */
export function stepFailed(error: ToolError, { done, failed, left }: StepReport): ToolError {
  const before = done.length === 0 ? '' : ` Done: ${done.join('; ')}.`;
  const after = left.length === 0 ? '' : ` Not run: ${left.join(', ')}.`;
  return new ToolError(
    'step_failed',
    `Step ${failed} failed (${error.code}): ${error.message}.${before}${after}`,
    {
      ...(error.hint !== undefined && { hint: error.hint }),
      details: { ...error.details, because: error.code, completed: done.length, failed, notRun: left.length },
      cause: error,
    },
  );
}

export interface StepReport {
  readonly done: readonly string[];
  /** From 1. */
  readonly failed: number;
  readonly left: readonly string[];
}
