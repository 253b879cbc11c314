import type { ActionApi } from './action-api.ts';
import { fill } from './fill.ts';
import { focus } from './focus.ts';
import type { Nodes } from './nodes.ts';
import { pass } from './pass.ts';
import { pick, prepare } from './preflight.ts';
import { Watches } from './receipt.ts';
import { scroll, seek } from './scroll.ts';
import { settle } from './settle.ts';
import { Wheel } from './wheel.ts';
import { awaitText } from './words.ts';

/** The acting part of the page script. */
export function actionApi(nodes: Nodes): ActionApi {
  const watches = new Watches(nodes);
  const wheel = new Wheel(nodes);
  return {
    prepare: (request) => prepare(request, nodes, watches),
    pick: (spot) => pick(spot, nodes, watches),
    pass: (request) => pass(request, nodes),
    receipt: (request) => watches.receipt(request),
    fill: (request) => fill(request, nodes),
    settle,
    focus: (request) => focus(request, nodes, watches),
    scroll: (request) => scroll(request, nodes),
    wheelAim: (request) => wheel.aim(request),
    wheelWatch: (request) => wheel.watch(request),
    wheelTurned: () => wheel.turned(),
    seek: (request) => seek(request, nodes),
    awaitText: (request) => awaitText(request, nodes),
  };
}
