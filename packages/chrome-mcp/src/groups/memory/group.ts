import type { Group } from '../group.ts';
import { heapRetainers } from './heap-retainers.ts';
import { heapSnapshot } from './heap-snapshot.ts';
import { HeapSnapshots } from './heap-snapshots.ts';

export const memoryGroup: Group = {
  name: 'memory',
  about: 'heap snapshots, what grew, what holds it',
  offers: ['heap_snapshot', 'heap_retainers'],
  open: (session) => {
    const snapshots = new HeapSnapshots();
    return { tools: [heapSnapshot(session, snapshots), heapRetainers(snapshots)], close: () => undefined };
  },
};
