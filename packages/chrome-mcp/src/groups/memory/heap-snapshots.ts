import { ToolError } from '@deskhand/server-runtime';
import { readFile } from 'node:fs/promises';
import type { Tab } from '../../browser/tab.ts';
import type { ClassSize } from './classes.ts';

/** A picture of the memory of a page, in a file. */
export interface HeapSnapshot {
  /** As the model names it. */
  readonly id: string;
  readonly path: string;
  readonly classes: readonly ClassSize[];
}

/** Those that were taken in a session. */
export class HeapSnapshots {
  readonly #taken: HeapSnapshot[] = [];

  add(path: string, classes: readonly ClassSize[]): HeapSnapshot {
    const snapshot = { id: `h${this.#taken.length + 1}`, path, classes };
    this.#taken.push(snapshot);
    return snapshot;
  }

  /** @throws ToolError when there is none */
  named(id: string): HeapSnapshot {
    const found = this.#taken.find((snapshot) => snapshot.id === id);
    if (found !== undefined) return found;
    const known = this.#taken.map((snapshot) => snapshot.id).join(', ');
    throw new ToolError('no_snapshot', `There is no heap snapshot ${id}`, {
      hint: known === '' ? 'Take one with heap_snapshot.' : `There are ${known}.`,
    });
  }
}

/** All that the file of a snapshot has. */
export const textOf = ({ path }: HeapSnapshot): Promise<string> => readFile(path, 'utf8');

/** Takes a picture of the memory of a page after what nobody holds was taken out; the page stands still meanwhile. */
export async function takeHeap({ page }: Tab, signal: AbortSignal): Promise<string> {
  const parts: string[] = [];
  const stop = page.on('HeapProfiler.addHeapSnapshotChunk', ({ chunk }) => parts.push(chunk));
  try {
    await page.send('HeapProfiler.enable', undefined, { signal });
    await page.send('HeapProfiler.collectGarbage', undefined, { signal });
    await page.send('HeapProfiler.takeHeapSnapshot', { reportProgress: false }, { signal });
    return parts.join('');
  } finally {
    stop();
    page.send('HeapProfiler.disable').catch(() => undefined); // its tab is gone
  }
}
