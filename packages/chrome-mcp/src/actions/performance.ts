import { inTime, ToolError, type CallContext, type ToolResult } from '@deskhand/server-runtime';
import { setTimeout as delay } from 'node:timers/promises';
import type { TabWatch } from '../browser/activity.ts';
import { DialogOpen, TabClosed } from '../browser/failure.ts';
import type { Frame } from '../browser/frame.ts';
import type { Tab } from '../browser/tab.ts';
import type { Looks } from '../snapshot/looks.ts';
import { WHOLE } from '../snapshot/view.ts';
import { toToolError } from '../errors.ts';
import type { BrowserSession } from '../session.ts';
import { newsOf } from './news.ts';
import { changesSince } from './changes.ts';
import type { Deed, Scene } from './scene.ts';
import { DONE, settle, type Settled } from './settling.ts';

/** What a call of an action is about. */
export interface Performance {
  readonly session: BrowserSession;
  /** What the model was last told of the tab. */
  readonly looks: Looks;
  /** The current one if not given. */
  readonly tab: string | undefined;
  readonly call: CallContext;
  /** Of several steps: where they are. */
  readonly progress?: Progress;
}

/** Which step is on, from 1, and those that come after it. */
export interface Progress {
  step: number;
  left: readonly string[];
}

/** How an action went, for its answer. */
export interface Outcome {
  readonly tab: Tab;
  readonly watch: TabWatch;
  readonly deeds: readonly Deed[];
  readonly settled: Settled | null;
  /** Lines of the page. */
  readonly changes: readonly string[];
  /** It ended the tab. */
  readonly isClosed: boolean;
}

/** After the time of the call, which says itself why it was not enough. */
const LAST_PROOF_MS = 1_000;

/** Does something in a tab, waits for what comes of it, and says both. */
export async function perform(
  performance: Performance,
  work: (scene: Scene) => Promise<void>,
): Promise<ToolResult> {
  const { session, tab: id, call } = performance;
  const tab = await session.tab(id, call.signal);
  return inTime(tab.deadline + LAST_PROOF_MS, call.signal, (proving) =>
    performIn(tab, { ...performance, proving }, work),
  );
}

async function performIn(
  tab: Tab,
  { session, looks, call, progress, proving }: Performance & Pick<Scene, 'proving'>,
  work: (scene: Scene) => Promise<void>,
): Promise<ToolResult> {
  const watch = tab.watch();
  const record = new Record();
  const acted: Frame[] = [];
  const known = new Set<string>();
  const made = {
    secrets: session.secrets,
    proving,
    did: (deed: Deed) => record.did(deed),
    began: (deed: Deed) => record.began(deed),
    holds: (ref: string) => known.add(ref),
    actsIn: (frame: Frame) => acted.push(frame),
  };
  try {
    const after = await tab.inTurn(async (signal) => {
      const scene: Scene = { tab, watch, signal, ...made };
      await work(scene);
      const frame = acted.at(-1);
      if (frame === undefined) return { settled: DONE, changes: [] };
      const look = looks.hasLooked(tab) && frame === tab.main ? { look: WHOLE } : {};
      const settled = await settle(scene, frame, look);
      return { settled, changes: await changesSince(looks, scene, { shown: settled.shown, known }) };
    }, call.signal);
    return answer({ tab, watch, deeds: record.deeds, ...after, isClosed: false });
  } catch (error) {
    if (!(error instanceof DialogOpen || error instanceof TabClosed)) throw error;
    const deeds = await record.soon();
    if (deeds.length === 0) throw error;
    const known = toToolError(error);
    if (progress !== undefined && progress.left.length > 0 && known !== null) {
      throw stepFailed(known, { done: deeds.map(({ did }) => did), ...progress });
    }
    const held = error instanceof DialogOpen && error.elsewhere !== null && known !== null;
    const changes = held ? [`${known.message}.`] : [];
    return answer({ tab, watch, deeds, settled: null, changes, isClosed: error instanceof TabClosed });
  } finally {
    watch.stop();
  }
}

/** The proof of what opened a dialog may come after the news of the dialog. */
const PROOF_MS = 50;

class Record {
  readonly deeds: Deed[] = [];
  readonly #proven = new AbortController();
  #begun: Deed | null = null;

  did(deed: Deed): void {
    this.deeds.push(deed);
    this.#begun = null;
    this.#proven.abort();
  }

  began(deed: Deed): void {
    this.#begun = deed;
  }

  async soon(): Promise<readonly Deed[]> {
    if (this.deeds.length === 0) {
      // the wait ends early by the proof
      await delay(PROOF_MS, undefined, { signal: this.#proven.signal }).catch(() => undefined);
    }
    return this.deeds.length === 0 && this.#begun !== null ? [this.#begun] : this.deeds;
  }
}

function answer(outcome: Outcome): ToolResult {
  const done = outcome.deeds.map(({ did, notes }) => [`${did}.`, ...notes].join(' '));
  return { text: [...done, ...newsOf(outcome), ...outcome.changes].join('\n') };
}

/** What is thrown when a step failed, after others were done. */
export function stepFailed(error: ToolError, { done, step, left }: StepReport): ToolError {
  const before = done.length === 0 ? '' : ` Done: ${done.join('; ')}.`;
  const after = left.length === 0 ? '' : ` Not run: ${left.join(', ')}.`;
  return new ToolError(
    'step_failed',
    `Step ${step} failed (${error.code}): ${error.message}.${before}${after}`,
    {
      ...(error.hint !== undefined && { hint: error.hint }),
      details: {
        ...error.details,
        because: error.code,
        completed: done.length,
        failed: step,
        notRun: left.length,
      },
      cause: error,
    },
  );
}

export interface StepReport extends Progress {
  readonly done: readonly string[];
}
