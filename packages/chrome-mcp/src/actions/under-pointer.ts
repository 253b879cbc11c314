import { expect, overdue } from './proof.ts';
import type { Reached } from './reach.ts';
import type { Scene } from './scene.ts';

const MOVE = { proof: 'mousemove', count: 1 } as const;

/**
 * Puts the pointer on an element in a frame, and says whether that arrived: what was scrolled a moment ago may not be
 * yet where the browser looks for it.
 */
export async function isUnderPointer(scene: Scene, reached: Reached): Promise<boolean> {
  const { tab, signal } = scene;
  const { x, y } = reached.spot;
  const proof = expect(scene, reached, MOVE);
  // one that is there already would not move
  const places = [
    { x: x + 1, y: y + 1 },
    { x, y },
  ];
  const moves = places.map((place) =>
    tab.page.send('Input.dispatchMouseEvent', { type: 'mouseMoved', ...place }, { signal }),
  );
  const evidence = await overdue(scene, reached, { wanted: MOVE, proof, sent: Promise.all(moves) });
  return evidence === 'gone' || evidence.received;
}
