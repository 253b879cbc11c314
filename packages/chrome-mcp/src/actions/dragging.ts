import { ToolError } from '@deskhand/server-runtime';
import type { Protocol } from 'devtools-protocol';
import { patiently, unlessAborted } from '../browser/turns.ts';
import type { Spot } from '../page/action-api.ts';
import { moved, reachTarget, send, type Target } from './pointing.ts';
import { expect, look, notReceived, overdue } from './proof.ts';
import { reach, type Reached } from './reach.ts';
import type { Scene } from './scene.ts';

export interface Drag {
  readonly from: Target;
  /** Where to, or how far. */
  readonly to: Target | { readonly by: Spot };
}

/** Far enough for a page to take a press for a drag. */
const START_PX = 6;
const STEPS = 8;
/** The browser says what is dragged soon after the page began. */
const DATA_MS = 1_000;

interface Ends {
  readonly from: Reached;
  readonly to: Spot;
  /** `null` for a place. */
  readonly onto: Reached | null;
}

/** Drags with the pointer, or with the drag and drop of HTML when the page begins that. */
export async function drag(scene: Scene, request: Drag): Promise<void> {
  const ends = await reachBoth(scene, request);
  scene.actsIn(ends.from.frame);
  const { page } = scene.tab;
  const data = dragData(scene);
  await page.send('Input.setInterceptDrags', { enabled: true }, scene);
  try {
    await begin(scene, ends);
    const started = await look(scene, ends.from, 'dragstart');
    const isHtmlDrag = started !== 'gone' && started.received;
    if (isHtmlDrag) await drop(scene, ends, await data.first());
    else await carry(scene, ends);
  } finally {
    data.stop();
    // after an abort too: a button that stays down would spoil what comes next
    const released = { type: 'mouseReleased', ...ends.to, button: 'left', clickCount: 1 } as const;
    await Promise.allSettled([
      page.send('Input.dispatchMouseEvent', released),
      page.send('Input.setInterceptDrags', { enabled: false }),
    ]);
  }
  const where =
    ends.onto === null ? `to ${Math.round(ends.to.x)}, ${Math.round(ends.to.y)}` : `onto ${ends.onto.name}`;
  scene.did({ did: `Dragged ${ends.from.name} ${where}`, notes: ends.from.notes });
}

/** To bring one end into view may take the other one out of it. */
async function reachBoth(scene: Scene, { from, to }: Drag): Promise<Ends> {
  const first = await reachTarget(scene, from);
  if ('by' in to) {
    return { from: first, onto: null, to: { x: first.spot.x + to.by.x, y: first.spot.y + to.by.y } };
  }
  if (!('ref' in to)) return { from: first, onto: null, to };
  const onto = await reach(scene, to.ref, { mayBeDisabled: true });
  const again = await reachTarget(scene, from);
  if (isSame(first.spot, again.spot)) return { from: again, onto, to: onto.spot };
  const ontoAgain = await reach(scene, to.ref, { mayBeDisabled: true });
  const last = await reachTarget(scene, from);
  if (isSame(last.spot, again.spot)) return { from: last, onto: ontoAgain, to: ontoAgain.spot };
  throw new ToolError(
    'out_of_view',
    `Nothing was done: ${first.name} and ${onto.name} do not show together`,
    {
      hint: 'Drag in two steps, by places between them, or make the window larger.',
    },
  );
}

const isSame = (a: Spot, b: Spot): boolean => Math.abs(a.x - b.x) < 1 && Math.abs(a.y - b.y) < 1;

async function begin(scene: Scene, { from, to }: Ends): Promise<void> {
  const wanted = { proof: 'mousedown', count: 1 } as const;
  const proof = expect(scene, from, wanted);
  const { x, y } = from.spot;
  const sent = Promise.all(
    send(scene, [
      moved(from.spot),
      { type: 'mousePressed', x, y, button: 'left', buttons: 1, clickCount: 1 },
      moved({ x: x + Math.sign(to.x - x) * START_PX, y: y + Math.sign(to.y - y) * START_PX }, 'left'),
    ]),
  );
  const evidence = await overdue(scene, from, { wanted, proof, sent });
  if (evidence === 'gone' || !evidence.received) notReceived(from, evidence);
  await sent;
}

async function carry(scene: Scene, { from, to }: Ends): Promise<void> {
  const { x, y } = from.spot;
  const way = Array.from({ length: STEPS }, (_, index) => (index + 1) / STEPS);
  for (const share of way) {
    await Promise.all(send(scene, [moved({ x: x + (to.x - x) * share, y: y + (to.y - y) * share }, 'left')]));
  }
  // some pages act on where the pointer rests, not on where it comes to
  await Promise.all(send(scene, [moved(to, 'left')]));
}

async function drop(scene: Scene, { to, onto }: Ends, data: Protocol.Input.DragData | null): Promise<void> {
  if (data === null) {
    throw new ToolError('drop_refused', 'The page began to drag and the browser did not say what', {
      hint: 'Try again, or use the keyboard if the page offers it.',
    });
  }
  const wanted = { proof: 'drop', count: 1 } as const;
  const proof = onto === null ? null : expect(scene, onto, wanted);
  const steps = ['dragEnter', 'dragOver', 'dragOver', 'drop'] as const;
  const sent = Promise.all(
    steps.map((type) => scene.tab.page.send('Input.dispatchDragEvent', { type, ...to, data }, scene)),
  );
  if (proof === null || onto === null) {
    await sent;
    return;
  }
  const evidence = await overdue(scene, onto, { wanted, proof, sent });
  if (evidence !== 'gone' && !evidence.received) {
    throw new ToolError('drop_refused', `${onto.name} does not take what was dropped on it`, {
      hint: 'Drop it on another element; take a snapshot to see what there is.',
    });
  }
}

/** What is dragged, when the browser tells. */
function dragData({ tab, signal }: Scene): {
  first(): Promise<Protocol.Input.DragData | null>;
  stop(): void;
} {
  const { promise, resolve } = deferred<Protocol.Input.DragData>();
  const stop = tab.page.on('Input.dragIntercepted', ({ data }) => resolve(data));
  return {
    first: () => patiently(DATA_MS, signal, (within) => unlessAborted(promise, within)),
    stop,
  };
}

function deferred<T>(): { readonly promise: Promise<T>; readonly resolve: (value: T) => void } {
  let resolve: (value: T) => void = () => undefined;
  const promise = new Promise<T>((give) => {
    resolve = give;
  });
  return { promise, resolve };
}
