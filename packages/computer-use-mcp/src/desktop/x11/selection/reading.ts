import x11, { type Property, type XEvent } from 'x11';
import type { XConnection } from '../connection.ts';
import { valuesOf, type Form, type Format, type SelectionAtoms } from './contents.ts';

const SELECTION_NOTIFY = 31;
const PROPERTY_NOTIFY = 28;
const NEW_VALUE = 0;
const ANY_TYPE = 0;
const AND_DELETE = 1;
const CURRENT_TIME = 0;
const INPUT_ONLY = 2;
const MAX_TARGETS = 256;

export type Conversion =
  | { readonly kind: 'form'; readonly form: Form; readonly isCut: boolean }
  | { readonly kind: 'refused' }
  /** No answer before the deadline. */
  | { readonly kind: 'silent' };

/** How long an owner may take for everything, and what ends the waiting before that. */
export interface Patience {
  readonly ms: number;
  readonly signal: AbortSignal;
}

/**
 * Asks the owner of the clipboard for what it holds. Each reading has a window of its own, so that what comes too
 * late comes to nobody. Large contents come in parts (ICCCM 2.7.2).
 */
export class SelectionReading {
  readonly #x: XConnection;
  readonly #atoms: SelectionAtoms;
  #isOver = false;
  readonly #window: number;
  #events: XEvent[] = [];
  #wake: () => void = () => undefined;
  readonly #stop: () => void;

  constructor(x: XConnection, atoms: SelectionAtoms, { ms, signal }: Patience) {
    this.#x = x;
    this.#atoms = atoms;
    this.#window = createWindow(x);
    const end = (): void => {
      this.#isOver = true;
      this.#wake();
    };
    const timer = setTimeout(end, ms);
    signal.addEventListener('abort', end, { once: true });
    const stopListening = x.onEvent((event) => {
      if (event.requestor !== this.#window && event.wid !== this.#window) return;
      this.#events.push(event);
      this.#wake();
    });
    this.#stop = () => {
      clearTimeout(timer);
      signal.removeEventListener('abort', end);
      stopListening();
    };
  }

  /** What the selection can be had as; `null` when its owner does not answer. */
  async targets(): Promise<readonly number[] | null> {
    const listed = await this.convert(this.#atoms('TARGETS'), MAX_TARGETS * 4);
    if (listed.kind === 'silent') return null;
    return listed.kind === 'refused' ? [] : valuesOf(listed.form);
  }

  /** At most about `maxBytes`; the rest is left out. */
  async convert(target: number, maxBytes: number): Promise<Conversion> {
    const { client } = this.#x;
    const property = this.#atoms('DESKHAND_CLIPBOARD');
    client.ConvertSelection(this.#window, this.#atoms('CLIPBOARD'), target, property, CURRENT_TIME);
    const isAnswer = (event: XEvent): boolean => event.type === SELECTION_NOTIFY && event.target === target;
    const answer = await this.#next(isAnswer);
    if (answer === null) return { kind: 'silent' };
    if (answer.property !== property) return { kind: 'refused' };
    const { first, isCut } = await this.#take(maxBytes);
    if (first.type === this.#atoms('INCR')) return this.#parts(maxBytes);
    return { kind: 'form', form: formOf(first, [first.data]), isCut };
  }

  close(): void {
    this.#stop();
    if (!this.#x.isLost) this.#x.client.DestroyWindow(this.#window);
  }

  async #parts(maxBytes: number): Promise<Conversion> {
    const parts: Buffer[] = [];
    let left = maxBytes;
    let last: Property | null = null;
    for (;;) {
      if ((await this.#next(isNewValue)) === null) return { kind: 'silent' };
      const { first, isCut } = await this.#take(left);
      if (first.data.length === 0) break;
      last = first;
      parts.push(first.data);
      left -= first.data.length;
      if (isCut || left <= 0) return { kind: 'form', form: formOf(first, parts), isCut: true };
    }
    const empty = { type: 0, format: 8, data: Buffer.alloc(0), bytesAfter: 0 };
    return { kind: 'form', form: formOf(last ?? empty, parts), isCut: false };
  }

  /** Takes the property away, which asks for the next part. */
  async #take(maxBytes: number): Promise<{ readonly first: Property; readonly isCut: boolean }> {
    this.#events = [];
    const { client } = this.#x;
    const property = this.#atoms('DESKHAND_CLIPBOARD');
    const found = await this.#x.ask<Property>((reply) =>
      client.GetProperty(
        AND_DELETE,
        this.#window,
        property,
        ANY_TYPE,
        0,
        Math.ceil(Math.max(4, maxBytes) / 4),
        reply,
      ),
    );
    const isCut = found.bytesAfter > 0;
    if (isCut) client.DeleteProperty(this.#window, property);
    return { first: { ...found, data: Buffer.from(found.data) }, isCut };
  }

  /** The next event that is meant; `null` at the deadline. */
  async #next(isMeant: (event: XEvent) => boolean): Promise<XEvent | null> {
    for (;;) {
      const at = this.#events.findIndex(isMeant);
      const [found] = at === -1 ? [] : this.#events.splice(0, at + 1).slice(-1);
      if (found !== undefined) return found;
      if (this.#isOver || this.#x.isLost) return null;
      await new Promise<void>((resolve) => {
        this.#wake = resolve;
      });
    }
  }
}

const isNewValue = ({ type, state }: XEvent): boolean => type === PROPERTY_NOTIFY && state === NEW_VALUE;

const formatOf = (format: number): Format => (format === 32 ? 32 : format === 16 ? 16 : 8);

const formOf = ({ type, format }: Property, parts: readonly Buffer[]): Form => ({
  type,
  format: formatOf(format),
  data: Buffer.concat(parts),
});

/** A window that is never shown, for properties and their events. */
export function createWindow(x: XConnection): number {
  const window = x.client.AllocID();
  const values = { eventMask: x11.eventMask.PropertyChange, overrideRedirect: 1 };
  x.client.CreateWindow(window, x.root, -10, -10, 1, 1, 0, 0, INPUT_ONLY, 0, values);
  return window;
}
