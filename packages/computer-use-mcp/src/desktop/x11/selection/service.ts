import type { Subject } from '@deskhand/tier-policy';
import type { Property, XEvent } from 'x11';
import { ConnectionLost, type XConnection } from '../connection.ts';
import { withTerminal } from '../../linux/terminals.ts';
import { Owners, type OwnerSources } from '../owners.ts';
import { valuesOf, words, type Contents, type Form, type SelectionAtoms } from './contents.ts';

const SELECTION_REQUEST = 30;
const SENT_BY_A_CLIENT = 0x80;
const NONE = 0;
const ANY_TYPE = 0;
const REPLACE = 0;
const APPEND = 2;
/** Of one request to the X server: the protocol's own limit is 256 KiB. */
const CHUNK = 128 * 1024;
/** Requests of one program that wait for their answer; what comes on top is refused at once. */
const MAX_WAITING = 16;
const MAX_PAIRS = 32;
/** What one request for several forms gets together. */
const MAX_BYTES_TOGETHER = 16 * 1024 * 1024;

export interface ServiceOptions {
  readonly x: XConnection;
  readonly atoms: SelectionAtoms;
  readonly sources: OwnerSources;
  /** The window that owns the selection. */
  readonly window: number;
  /** What this program gets; asked anew for each request. */
  readonly contentsFor: (requestor: Subject) => Contents;
  /** When the selection became ours, on the server's clock. */
  readonly ownedSince: () => number;
}

interface Request {
  readonly requestor: number;
  readonly target: number;
  readonly property: number;
  readonly time: number;
}

/** Answers those who ask for the clipboard while it is ours, each by who it is at that moment. */
export class SelectionService {
  readonly #options: ServiceOptions;
  readonly #waiting = new Map<number, number>();
  #last: Promise<void> = Promise.resolve();
  readonly #stop: () => void;

  constructor(options: ServiceOptions) {
    this.#options = options;
    this.#stop = options.x.onEvent((event) => this.#onEvent(event));
  }

  /** Resolves when everybody who asked so far was answered. */
  answered(): Promise<void> {
    return this.#last;
  }

  close(): void {
    this.#stop();
  }

  #onEvent(event: XEvent): void {
    const { window, atoms } = this.#options;
    if (event.type !== SELECTION_REQUEST || event.owner !== window) return;
    // the server itself passes requests on; what another client sends as one was never asked for
    if (((event.rawData?.[0] ?? 0) & SENT_BY_A_CLIENT) !== 0) return;
    const { requestor = NONE, target = NONE, property = NONE, time = 0 } = event;
    // clients of old name no property: then the target is its name (ICCCM 2.2)
    const request = { requestor, target, property: property === NONE ? target : property, time };
    if (event.selection === atoms('CLIPBOARD')) this.#enqueue(request);
    else this.#notify(request, NONE);
  }

  #enqueue(request: Request): void {
    const client = new Owners(this.#options.x, this.#options.sources).clientOf(request.requestor);
    const waiting = this.#waiting.get(client) ?? 0;
    if (waiting >= MAX_WAITING) {
      this.#notify(request, NONE);
      return;
    }
    this.#waiting.set(client, waiting + 1);
    this.#last = this.#last
      .then(() => this.#answer(request))
      .catch((error: unknown) => {
        if (!(error instanceof ConnectionLost)) this.#notify(request, NONE);
      })
      .finally(() => {
        const left = (this.#waiting.get(client) ?? 1) - 1;
        if (left > 0) this.#waiting.set(client, left);
        else this.#waiting.delete(client);
      });
  }

  async #answer(request: Request): Promise<void> {
    const { x, atoms, sources, contentsFor } = this.#options;
    const owners = new Owners(x, sources);
    const requestor = await withTerminal(await owners.of(request.requestor), () => owners.windowed());
    const contents = contentsFor(requestor);
    const isDone =
      contents.size > 0 &&
      (request.target === atoms('MULTIPLE')
        ? await this.#several(request, contents)
        : this.#put(request, contents));
    this.#notify(request, isDone ? request.property : NONE);
    // large answers are not heaped up faster than the server takes them
    await x.sync();
  }

  /** Puts one form into the requestor's property; false when there is no such form. */
  #put({ requestor, target, property }: Request, contents: Contents): boolean {
    const form = this.#formOf(target, contents);
    if (form === null) return false;
    const { client } = this.#options.x;
    for (let at = 0; at === 0 || at < form.data.length; at += CHUNK) {
      const mode = at === 0 ? REPLACE : APPEND;
      const part = form.data.subarray(at, at + CHUNK);
      client.ChangeProperty(mode, requestor, property, form.type, form.format, part);
    }
    return true;
  }

  #formOf(target: number, contents: Contents): Form | null {
    const { atoms, ownedSince } = this.#options;
    if (target === atoms('TARGETS')) {
      const own = [atoms('TARGETS'), atoms('TIMESTAMP'), atoms('MULTIPLE')];
      return { type: atoms('ATOM'), format: 32, data: words([...own, ...contents.keys()]) };
    }
    if (target === atoms('TIMESTAMP')) {
      return { type: atoms('INTEGER'), format: 32, data: words([ownedSince()]) };
    }
    return contents.get(target) ?? null;
  }

  /** Pairs of target and property; what cannot be had is marked in the list (ICCCM 2.6.2). */
  async #several(request: Request, contents: Contents): Promise<boolean> {
    const { x, atoms } = this.#options;
    const { requestor, property } = request;
    const list = await x.askOfWindow<Property>((reply) =>
      x.client.GetProperty(0, requestor, property, ANY_TYPE, 0, 2 * MAX_PAIRS, reply),
    );
    if (list === null) return false;
    const values = [...valuesOf(list)];
    let left = MAX_BYTES_TOGETHER;
    for (let at = 0; at + 1 < values.length; at += 2) {
      const [target = NONE, into = NONE] = values.slice(at, at + 2);
      left -= contents.get(target)?.data.length ?? 0;
      const isPut = into !== NONE && left >= 0 && this.#put({ ...request, target, property: into }, contents);
      if (!isPut) values[at + 1] = NONE;
    }
    x.client.ChangeProperty(REPLACE, requestor, property, atoms('ATOM_PAIR'), 32, words(values));
    return true;
  }

  #notify({ requestor, target, time }: Request, property: number): void {
    const { x, atoms } = this.#options;
    if (x.isLost) return;
    const selection = atoms('CLIPBOARD');
    const event = { name: 'SelectionNotify', seq: 0, time, requestor, selection, target, property };
    x.client.SendEvent(requestor, 0, 0, event);
  }
}
