import type { VirtualInput } from '../virtual-input.ts';
import type { OwnerSources } from './scene.ts';
import type { SwaySession } from './session.ts';

/** What one connection to a running sway consists of. */
export interface Parts {
  readonly session: SwaySession;
  readonly input: VirtualInput;
  readonly sources: OwnerSources;
}
