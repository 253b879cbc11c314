import type { ActionApi } from './action-api.ts';
import type { FrameSnapshot, SnapshotRequest } from './api.ts';
import { fill } from './fill.ts';
import { focus } from './focus.ts';
import type { Nodes } from './nodes.ts';
import { pass } from './pass.ts';
import { pick, prepare } from './preflight.ts';
import { Watches } from './receipt.ts';
import { scroll, seek } from './scroll.ts';
import { Rest } from './settle.ts';
import { Wheel } from './wheel.ts';
import { awaitText } from './words.ts';

/** The acting part of the page script. */
export function actionApi(nodes: Nodes, read: (request: SnapshotRequest) => FrameSnapshot): ActionApi {
  const rest = new Rest(read);
  const watches = new Watches(nodes);
  const wheel = new Wheel(nodes);
  /** Of what is done by the host the time is not known here: it rests from the next `settle` on. */
  const afresh =
    <R extends readonly unknown[], A>(work: (...request: R) => A) =>
    (...request: R): A => {
      rest.drop();
      return work(...request);
    };
  return {
    prepare: afresh((request) => prepare(request, nodes, watches)),
    pick: afresh((spot) => pick(spot, nodes, watches)),
    pass: afresh((request) => pass(request, nodes)),
    receipt: afresh((request) => watches.receipt(request)),
    fill: (request) => fill(request, nodes, rest),
    settle: async (request) => ({ ...(await rest.settle(request)), isSaving: watches.takeSaving() }),
    focus: afresh((request) => focus(request, nodes, watches)),
    scroll: afresh((request) => scroll(request, nodes)),
    wheelAim: afresh((request) => wheel.aim(request)),
    wheelWatch: afresh((request) => wheel.watch(request)),
    wheelTurned: afresh(() => wheel.turned()),
    seek: afresh((request) => seek(request, nodes)),
    awaitText: afresh((request) => awaitText(request, nodes)),
  };
}
