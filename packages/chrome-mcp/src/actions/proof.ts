import { ToolError } from '@deskhand/server-runtime';
import { setTimeout as delay } from 'node:timers/promises';
import { DocumentGone } from '../browser/failure.ts';
import type { Proof, Receipt } from '../page/action-api.ts';
import type { Reached } from './reach.ts';
import { named } from './refusal.ts';
import type { Scene } from './scene.ts';

/** All input was taken, and the page had this much longer to show what it received. */
const GRACE_MS = 250;

export interface Wanted {
  readonly proof: Proof;
  readonly count: number;
}

/** What is known of an input: a receipt, or that the document it went to has gone. */
export type Evidence = Receipt | 'gone';

/** Begins to wait for a proof before the input is sent, so that nothing that the input does can come between. */
export function expect(scene: Scene, { frame, ready }: Reached, wanted: Wanted): Promise<Evidence> {
  const evidence = orGone(
    frame.call('receipt', { watch: ready.watch, ...wanted }, { signal: scene.proving }),
  );
  evidence.catch(() => undefined); // whoever waits may be ended before it looks
  return evidence;
}

/** What was received so far. */
export const look = (scene: Scene, { frame, ready }: Reached, proof: Proof): Promise<Evidence> =>
  orGone(frame.call('receipt', { watch: ready.watch, proof, count: 1, now: 'look' }, scene));

/** The proof, or what is known when all input was sent and the proof is overdue. */
export async function overdue(
  scene: Scene,
  { frame, ready }: Reached,
  {
    wanted,
    proof,
    sent,
  }: { readonly wanted: Wanted; readonly proof: Promise<Evidence>; readonly sent: Promise<unknown> },
): Promise<Evidence> {
  const late = new AbortController();
  const afterwards = async (): Promise<Evidence> => {
    await sent;
    await delay(GRACE_MS, undefined, { signal: AbortSignal.any([scene.signal, late.signal]) });
    return orGone(frame.call('receipt', { watch: ready.watch, ...wanted, now: 'end' }, scene));
  };
  const rest = afterwards();
  try {
    return await Promise.race([proof, rest]);
  } finally {
    late.abort();
    rest.catch(() => undefined); // it lost the race
  }
}

async function orGone(receipt: Promise<Receipt | null>): Promise<Evidence> {
  try {
    return (await receipt) ?? 'gone';
  } catch (error) {
    if (error instanceof DocumentGone) return 'gone';
    throw error;
  }
}

/** @throws ToolError always */
export function notReceived({ name, frame }: Reached, evidence: Evidence): never {
  const by = evidence === 'gone' ? null : evidence.by;
  const who =
    evidence === 'gone'
      ? 'its document was replaced before that could be seen'
      : by === null
        ? 'nothing in its frame did'
        : `${named(by, frame)} did`;
  throw new ToolError('not_received', `The input was sent, but ${name} did not receive it: ${who}`, {
    hint: 'Take a snapshot: the page has changed under the pointer.',
  });
}
