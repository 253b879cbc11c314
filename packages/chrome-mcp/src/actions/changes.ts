import { DocumentGone } from '../browser/failure.ts';
import type { FrameSnapshot } from '../page/api.ts';
import type { Known } from '../snapshot/delta.ts';
import type { Looks } from '../snapshot/looks.ts';
import type { Scene } from './scene.ts';

/** What the page shows that it did not at the last look, in lines; nothing when the model has not looked yet. */
export async function changesSince(
  looks: Looks,
  { tab, signal }: Scene,
  { shown, known }: { readonly shown: FrameSnapshot | null; readonly known: Known },
): Promise<readonly string[]> {
  if (!looks.hasLooked(tab)) return [];
  try {
    const delta = await looks.changes(tab, { signal, known, ...(shown !== null && { shown }) });
    if (delta === null) return ['The page is another one: take a snapshot.'];
    const more = delta.left === 0 ? [] : [`(${delta.left} more changes: take a snapshot)`];
    return [...(delta.lines.length === 0 ? [] : ['Changed:']), ...delta.lines, ...more];
  } catch (error) {
    // what was done stays done when the page goes on to another one
    if (error instanceof DocumentGone) return ['The page is being replaced.'];
    throw error;
  }
}
