import { defineTool, inTime, quoted, untrustedAnswer, type Tool } from '@deskhand/server-runtime';
import { z } from 'zod';
import type { BrowserSession } from '../../session.ts';
import { classesOf, growth, type ClassSize } from './classes.ts';
import { Heap } from './heap.ts';
import { takeHeap, type HeapSnapshots } from './heap-snapshots.ts';

const MOST_CLASSES = 20;
const TAKE_MS = 90_000;

export const heapSnapshot = (session: BrowserSession, snapshots: HeapSnapshots): Tool =>
  defineTool({
    name: 'heap_snapshot',
    title: 'Heap snapshot',
    description:
      'Takes a picture of the memory of a page to a file for DevTools: the largest classes, or how they grew since an earlier one.',
    input: z.object({
      compare: z.string().optional().describe('An earlier one, such as h1'),
      tab: z.string().optional(),
    }),
    annotations: { readOnly: true, destructive: false, idempotent: false, openWorld: true },
    timeoutMs: TAKE_MS + 30_000,
    run: async ({ compare, tab: id }, { signal }) => {
      const before = compare === undefined ? null : snapshots.named(compare);
      const tab = await session.tab(id, signal);
      const text = await inTime(TAKE_MS, signal, (patience) => takeHeap(tab, patience));
      const heap = new Heap(text);
      const path = await session.files.write('heap', 'heapsnapshot', text);
      const taken = snapshots.add(path, classesOf(heap));
      const bytes = taken.classes.reduce((sum, one) => sum + one.bytes, 0);
      const head = `${taken.id} of ${tab.id}: ${size(bytes)} in ${heap.count} objects, in ${path}`;
      const rows = before === null ? taken.classes : growth(before.classes, taken.classes);
      const about = before === null ? 'Largest classes:' : `Grown since ${before.id}:`;
      const lines = rows.slice(0, MOST_CLASSES).map((row) => lineOf(row, before !== null));
      const next = 'heap_retainers tells what holds the objects of a class.';
      return {
        text: untrustedAnswer(head, [about, ...lines, next], { from: 'the page' }),
        structured: { snapshot: taken.id, path, bytes, objects: heap.count },
      };
    },
  });

function lineOf({ name, count, bytes }: ClassSize, isGrowth: boolean): string {
  const plus = (value: number): string => (isGrowth && value > 0 ? '+' : '');
  return `  ${plus(bytes)}${size(bytes)}, ${plus(count)}${count} of ${quoted(name, 80)}`;
}

export function size(bytes: number): string {
  const abs = Math.abs(bytes);
  if (abs < 10_000) return `${bytes} bytes`;
  return abs < 10_000_000 ? `${Math.round(bytes / 1_000)} kB` : `${Math.round(bytes / 1_000_000)} MB`;
}
