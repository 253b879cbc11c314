import { ToolError } from '@deskhand/server-runtime';
import type { Frame } from '../browser/frame.ts';
import { parseRef } from '../core/ref.ts';
import type { Ready, Spot } from '../page/action-api.ts';
import { named, refusalError, seconds } from './refusal.ts';
import { WAIT_MS, type Scene } from './scene.ts';
import { isUnderPointer } from './under-pointer.ts';

/** An element that is ready to be acted on. */
export interface Reached {
  readonly frame: Frame;
  readonly ready: Ready;
  /** In the viewport of the tab. */
  readonly spot: Spot;
  readonly name: string;
  readonly notes: readonly string[];
}

/** In a frame the last is not tried out: whether it arrived is told by the action itself. */
const MAX_TRIES = 4;

export interface ReachOptions {
  readonly mayBeDisabled?: boolean;
}

/** The frame and the node of a reference such as `e12` or `f3e12`. */
export function nodeOf(
  scene: Pick<Scene, 'tab'>,
  text: string,
): { readonly frame: Frame; readonly node: number } {
  const ref = parseRef(text);
  if (ref === null) {
    throw new ToolError('bad_ref', `${JSON.stringify(text)} is no reference`, {
      hint: 'Use one of the last snapshot, such as e12, or f3e12 in a frame.',
    });
  }
  const frame = scene.tab.frame(ref.frame);
  if (frame === null) {
    throw new ToolError('stale_ref', `The frame of ${text} is gone`, {
      hint: 'Take a snapshot for new references.',
    });
  }
  return { frame, node: ref.node };
}

/**
 * Finds an element, waits for it, scrolls to it, and makes sure that a pointer meets it, through all frames around it.
 *
 * @throws ToolError that says what stands in the way
 */
export async function reach(scene: Scene, text: string, options: ReachOptions = {}): Promise<Reached> {
  for (let tries = 1; ; tries++) {
    const reached = await look(scene, text, options);
    const isSure = reached.frame.parent === null || tries === MAX_TRIES;
    if (isSure || (await isUnderPointer(scene, reached))) return reached;
  }
}

async function look(scene: Scene, text: string, { mayBeDisabled }: ReachOptions): Promise<Reached> {
  const { frame, node } = nodeOf(scene, text);
  const request = { ref: node, waitMs: WAIT_MS, ...(mayBeDisabled === true && { mayBeDisabled }) };
  const ready = await frame.call('prepare', request, scene);
  if (!ready.ok) throw refusalError(ready, frame);
  const spot = await outermost(scene, frame, ready);
  return { frame, ready, spot, name: named(ready.party, frame), notes: notesOf(ready) };
}

/** What is at a place of the tab's viewport. */
export async function reachSpot(scene: Scene, spot: Spot): Promise<Reached> {
  const frame = scene.tab.main;
  const ready = await frame.call('pick', spot, scene);
  if (!ready.ok) throw refusalError(ready, frame);
  return { frame, ready, spot, name: named(ready.party, frame), notes: [] };
}

/** The same place in the viewport of the tab. @throws ToolError when something lies over the frame there */
export async function outermost(scene: Scene, frame: Frame, { x, y }: Spot): Promise<Spot> {
  let spot: Spot = { x, y };
  for (let inner = frame; inner.parent !== null; inner = inner.parent) {
    const ref = await inner.ownerRef(scene.signal);
    const passed = await inner.parent.call('pass', { ref: ref ?? 0, ...spot }, scene);
    if (!passed.ok) {
      const obstacle = passed.blocker === null ? 'outside' : 'covered';
      const refusal = {
        ok: false,
        obstacle,
        party: null,
        why: passed.why,
        blocker: passed.blocker,
        waitedMs: 0,
      } as const;
      throw refusalError({ ...refusal }, inner.parent);
    }
    spot = { x: passed.x, y: passed.y };
  }
  return spot;
}

export function notesOf({
  healed,
  waitedFor,
  waitedMs,
}: {
  readonly healed: boolean;
  readonly waitedFor: string;
  readonly waitedMs: number;
}): readonly string[] {
  return [
    ...(healed ? ['It was drawn anew and found again (healed).'] : []),
    ...(waitedFor === '' ? [] : [`Waited ${seconds(waitedMs)}: ${waitedFor}.`]),
  ];
}
