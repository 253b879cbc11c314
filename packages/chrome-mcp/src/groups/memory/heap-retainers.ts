import { defineTool, quoted, ToolError, untrustedAnswer, type Tool } from '@deskhand/server-runtime';
import { z } from 'zod';
import { Heap } from './heap.ts';
import { size } from './heap-snapshot.ts';
import { textOf, type HeapSnapshots } from './heap-snapshots.ts';
import { retentionOf, type Retention } from './retention.ts';

const MOST_OBJECTS = 5;
const MOST_STEPS = 12;

export const heapRetainers = (snapshots: HeapSnapshots): Tool =>
  defineTool({
    name: 'heap_retainers',
    title: 'What holds objects',
    description:
      'Of a heap snapshot the objects that keep most memory, or those of one class, with the way from the window that holds each.',
    input: z.object({
      snapshot: z.string().describe('Such as h1'),
      class: z.string().min(1).optional().describe('Its name, as heap_snapshot says it'),
    }),
    annotations: { readOnly: true, destructive: false, idempotent: true, openWorld: false },
    timeoutMs: 120_000,
    run: async ({ snapshot: id, class: name }) => {
      const heap = new Heap(await textOf(snapshots.named(id)));
      const retention = retentionOf(heap);
      const largest = largestOf(heap, retention, name);
      if (largest.length === 0) {
        throw new ToolError('no_such_class', `${id} has no objects of ${quoted(name ?? '', 80)}`, {
          hint: 'Take the name from the list of heap_snapshot.',
        });
      }
      const lines = largest.flatMap((node) => [
        `${size(retention.retained[node] ?? 0)} are kept by one ${quoted(heap.classOf(node), 80)}:`,
        `  ${quoted(wayTo(heap, retention, node), 600)}`,
      ]);
      const head = `${id}: what keeps most${name === undefined ? '' : ` of ${quoted(name, 80)}`}`;
      return { text: untrustedAnswer(head, lines, { from: 'the page' }) };
    },
  });

function largestOf(heap: Heap, { retained }: Retention, name: string | undefined): readonly number[] {
  const found: number[] = [];
  for (let node = 1; node < heap.count; node++) {
    const own = heap.classOf(node);
    // what belongs to the engine is held by it
    const isWanted = name === undefined ? !own.startsWith('(') && !own.startsWith('system /') : own === name;
    if (isWanted) found.push(node);
  }
  return found.sort((a, b) => (retained[b] ?? 0) - (retained[a] ?? 0)).slice(0, MOST_OBJECTS);
}

function wayTo(heap: Heap, { pathTo }: Retention, node: number): string {
  const steps = pathTo(node);
  const shown = steps.slice(-MOST_STEPS);
  const [first] = shown;
  if (first === undefined) return 'nothing that the root reaches holds it';
  const start = `${shown.length < steps.length ? '… ' : ''}${heap.classOf(first.from)}`;
  return start + shown.map(({ edge }) => heap.edgeName(edge)).join('');
}
