import type { Proof, Receipt, ReceiptRequest } from './action-api.ts';
import { takes } from './aim.ts';
import { nextTask } from './clock.ts';
import { closest, rootsOf } from './flat-tree.ts';
import type { Nodes } from './nodes.ts';
import { partyOf } from './party.ts';
import { hiddenBy } from './state.ts';

const PROOFS: readonly Proof[] = [
  'mousemove',
  'mousedown',
  'mouseup',
  'click',
  'auxclick',
  'contextmenu',
  'dragstart',
  'drop',
  'keydown',
];
const MAX_SEEN = 20;
const SAVING = 'a[download][href], area[download][href]';

interface Waiting {
  readonly proof: Proof;
  readonly count: number;
  readonly answer: (receipt: Receipt) => void;
}

/** What one element receives, heard before the page hears it. */
class Watch {
  readonly #target: Element;
  readonly #nodes: Nodes;
  readonly #end = new AbortController();
  readonly #received = new Map<Proof, number>();
  readonly #seen: string[] = [];
  #waiting: Waiting[] = [];
  #other: Element | null = null;
  #saving: Event | null = null;
  #releases = 0;

  constructor(target: Element, nodes: Nodes) {
    this.#target = target;
    this.#nodes = nodes;
    const options = { capture: true, passive: true, signal: this.#end.signal };
    // a listener inside a shadow root sees what is hidden from those outside
    const [inner] = rootsOf(target).slice(-1);
    for (const proof of PROOFS) {
      const hear = (event: Event): void => this.#hear(proof, event);
      if (inner instanceof ShadowRoot) inner.addEventListener(proof, hear, options);
      window.addEventListener(
        proof,
        (event) => {
          // the listener inside the shadow root hears the same event next
          if (!(inner instanceof ShadowRoot) || !event.composedPath().includes(inner.host)) hear(event);
        },
        options,
      );
    }
  }

  receipt({ proof, count, now }: ReceiptRequest): Promise<Receipt> {
    if (now === 'end') this.close();
    if (now !== undefined || this.#has(proof, count)) return Promise.resolve(this.#receipt(proof, count));
    return new Promise((answer) => this.#waiting.push({ proof, count, answer }));
  }

  close(): void {
    this.#end.abort();
    this.#answer(() => true);
  }

  /** Whether a link to something that is saved was clicked, and the page let it be. It is said once. */
  takeSaving(): boolean {
    const clicked = this.#saving;
    this.#saving = null;
    return clicked?.defaultPrevented === false;
  }

  #hear(proof: Proof, event: Event): void {
    if (!event.isTrusted) return;
    const [innermost] = event.composedPath();
    const at = innermost instanceof Element ? innermost : document.documentElement;
    if (proof === 'click' && closest(at, SAVING) !== null) this.#saving = event;
    if (takes(this.#target, at)) {
      this.#received.set(proof, (this.#received.get(proof) ?? 0) + 1);
      if (this.#seen.length < MAX_SEEN) this.#seen.push(proof);
    } else {
      this.#other = at;
    }
    this.#answer(({ proof: awaited, count }) => this.#has(awaited, count));
    // the click comes in the same task as the release, or never
    if (proof === 'mouseup') void this.#afterRelease();
  }

  async #afterRelease(): Promise<void> {
    this.#releases++;
    const releases = this.#releases;
    await nextTask();
    this.#answer(({ count }) => count <= releases);
  }

  #has(proof: Proof, count: number): boolean {
    return (this.#received.get(proof) ?? 0) >= count;
  }

  #answer(isOver: (waiting: Waiting) => boolean): void {
    const over = this.#waiting.filter(isOver);
    this.#waiting = this.#waiting.filter((waiting) => !over.includes(waiting));
    for (const { proof, count, answer } of over) answer(this.#receipt(proof, count));
  }

  #receipt(proof: Proof, count: number): Receipt {
    const by = this.#other === null ? null : partyOf(this.#other, this.#nodes);
    const isThere = this.#target.isConnected && hiddenBy(this.#target) === null;
    return { received: this.#has(proof, count), by, seen: [...this.#seen], isThere };
  }
}

/** Watches by number. A new one ends those that nobody asked about any more. */
export class Watches {
  readonly #nodes: Nodes;
  readonly #open = new Map<number, Watch>();
  #last = 0;

  constructor(nodes: Nodes) {
    this.#nodes = nodes;
  }

  begin(target: Element): number {
    for (const [number, watch] of this.#open) {
      if (number <= this.#last - MAX_OPEN) {
        watch.close();
        this.#open.delete(number);
      }
    }
    this.#last++;
    this.#open.set(this.#last, new Watch(target, this.#nodes));
    return this.#last;
  }

  takeSaving(): boolean {
    return [...this.#open.values()].map((watch) => watch.takeSaving()).includes(true);
  }

  async receipt(request: ReceiptRequest): Promise<Receipt | null> {
    const watch = this.#open.get(request.watch);
    if (request.now === 'end') this.#open.delete(request.watch);
    return watch === undefined ? null : watch.receipt(request);
  }
}

/** A drag has two. */
const MAX_OPEN = 2;
