import { Recent } from '@deskhand/server-runtime';
import type { AppIdentity } from '@deskhand/tier-policy';
import type { Element, ElementAddress, ElementTrail } from './accessibility.ts';

/** Elements that can still be named; the oldest are forgotten first. */
const MAX_KNOWN = 20_000;

/** A window in one life of the process that owns it. */
export interface ElementWindow {
  readonly id: number;
  readonly app: AppIdentity;
}

/** What a reference stands for: an element as it was shown, in one window of one life of a process. */
export interface KnownElement extends ElementTrail {
  readonly ref: string;
  readonly window: ElementWindow;
  readonly role: string;
  readonly name: string;
}

/**
 * The references of one session. A number is given once: what has another name, role, window or process than
 * before gets another reference, and what is the same keeps its own.
 */
export class ElementTable {
  readonly #byRef = new Recent<string, KnownElement>(MAX_KNOWN);
  readonly #refs = new Map<string, string>();
  #last = 0;

  /** The reference of an element, which is a new one unless it was shown before as it is now. */
  refOf(element: Element, window: ElementWindow, within: readonly ElementAddress[]): string {
    const { address, role, name, isPopup } = element;
    const key = keyOf({ address, role, name, window });
    const ref = this.#refs.get(key) ?? `e${(this.#last += 1)}`;
    const forgotten = this.#byRef.set(ref, { ref, window, address, role, name, isPopup, within });
    if (forgotten !== undefined) this.#refs.delete(keyOf(forgotten));
    this.#refs.set(key, ref);
    return ref;
  }

  get(ref: string): KnownElement | null {
    return this.#byRef.get(ref) ?? null;
  }
}

const keyOf = ({
  address,
  role,
  name,
  window: { id, app },
}: Pick<KnownElement, 'address' | 'role' | 'name' | 'window'>): string =>
  JSON.stringify([id, app.pid, app.startTime, address.connection, address.path, role, name]);
