import { z } from 'zod';
import type { Frame } from '../browser/frame.ts';
import type { Party, Spot, Turned } from '../page/action-api.ts';
import { outermost } from './reach.ts';
import { refusalError } from './refusal.ts';
import type { Scene } from './scene.ts';

/** Over what the wheel would be turned. */
export interface WheelPlace {
  readonly frame: Frame;
  /** In the frame. */
  readonly spot: Spot;
  readonly over: Party;
  /** Who listens: something nearer than what the browser scrolls by itself, or only something farther. */
  readonly listens: 'near' | 'far' | 'nobody';
}

interface Over {
  readonly frame: Frame;
  readonly node: number | null;
  readonly by: Spot;
}

/** The elements from the one that is met upwards, then the document and the window. */
const LINE = `function() {
  const line = [];
  for (let at = this; at; at = at.assignedSlot ?? at.parentElement ?? at.getRootNode().host) line.push(at);
  return [...line, document, window];
}`;

const index = z.coerce.number().int();

/** `null` when nothing is there that the pointer could be put on. @throws ToolError for a stale reference */
export async function wheelPlace(scene: Scene, { frame, node, by }: Over): Promise<WheelPlace | null> {
  const aim = await frame.call('wheelAim', { by, ...(node !== null && { ref: node }) }, scene);
  if (!aim.ok) throw refusalError(aim, frame);
  const { party: over, below, x, y } = aim;
  if (over === null) return null;
  const at = await firstListener(scene, frame, over.ref);
  return { frame, spot: { x, y }, over, listens: at === -1 ? 'nobody' : at < below ? 'near' : 'far' };
}

/** How far up from an element the wheel is first listened to; -1 for nowhere. */
async function firstListener({ signal }: Scene, frame: Frame, ref: number): Promise<number> {
  // listeners are only told of to the world that they belong to
  const objectId = await frame.node(ref, 'page', signal);
  if (objectId === null) return -1;
  const { session } = frame;
  const called = { functionDeclaration: LINE, objectId };
  const { result } = await session.send('Runtime.callFunctionOn', called, { signal });
  const ofLine = { objectId: result.objectId ?? '', ownProperties: true };
  const { result: line } = await session.send('Runtime.getProperties', ofLine, { signal });
  const found = await Promise.all(
    line.map(async ({ name, value }) => {
      const at = index.safeParse(name);
      if (!at.success || value?.objectId === undefined) return [];
      const of = { objectId: value.objectId };
      const { listeners } = await session.send('DOMDebugger.getEventListeners', of, { signal });
      return listeners.some(({ type }) => type === 'wheel' || type === 'mousewheel') ? [at.data] : [];
    }),
  );
  return Math.min(...found.flat(), Infinity) === Infinity ? -1 : Math.min(...found.flat());
}

/** Turns the wheel, and waits for what it does. */
export async function turnWheel(scene: Scene, { frame, spot, over }: WheelPlace, by: Spot): Promise<Turned> {
  const { tab, signal } = scene;
  const { x, y } = await outermost(scene, frame, spot);
  await frame.call('wheelWatch', { ref: over.ref }, scene);
  const turn = { type: 'mouseWheel', x, y, deltaX: by.x, deltaY: by.y } as const;
  // how long it takes to be heard counts from when the browser took it
  await tab.page.send('Input.dispatchMouseEvent', turn, { signal });
  return frame.call('wheelTurned', undefined, scene);
}
