import type { Outcome } from './call.ts';

/** The rest of the pipeline, as a layer sees it. */
export type Next<C> = (call: C) => Promise<Outcome>;

/** One concern around every call. */
export type Layer<C> = (call: C, next: Next<C>) => Promise<Outcome>;

/** The layers around `last`, the first one outermost. */
export function compose<C>(layers: readonly Layer<C>[], last: Next<C>): Next<C> {
  return layers.reduceRight<Next<C>>((next, layer) => (call) => layer(call, next), last);
}
