import type { Compositor } from './compositor.ts';
import type { OwnerSources } from './scene.ts';
import type { VirtualInput } from './virtual-input.ts';

/** What one connection to a running compositor consists of. */
export interface Parts {
  readonly compositor: Compositor;
  readonly input: VirtualInput;
  readonly sources: OwnerSources;
}
