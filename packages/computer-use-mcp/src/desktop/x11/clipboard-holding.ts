import type { Subject } from '@deskhand/tier-policy';
import type { XEvent } from 'x11';
import {
  MAX_CLIPBOARD_BYTES,
  type ClipboardUser,
  type Found,
  type ReadRules,
  type WriteRules,
} from '../clipboard.ts';
import { DesktopBusy } from '../failure.ts';
import { XConnection } from './connection.ts';
import { Owners, type OwnerSources } from './owners.ts';
import {
  NOTHING,
  contentsOfText,
  internSelectionAtoms,
  words,
  type Contents,
  type SelectionAtoms,
} from './selection/contents.ts';
import { keep, textIn, textOf, type Kept } from './selection/copying.ts';
import { SelectionReading, createWindow, type Patience } from './selection/reading.ts';
import { SelectionService } from './selection/service.ts';

/** A written text can be pasted for so long, counted anew with each paste. */
export const OFFER_MS = 120_000;
/** An owner that has not answered by then hangs. */
const READ_MS = 2000;
const KEEP_MS = 3000;
const HAND_OVER_MS = 3000;
const TIME_MS = 1000;
const ANY_OWNER_CHANGE = 7;
const SELECTION_NOTIFY = 31;
const REPLACE = 0;
const APPEND = 2;
const NOBODY = 0;

interface HoldingOptions {
  readonly display: string;
  readonly sources: OwnerSources;
}

/** What an agent wrote, for those who may have it. */
interface Offer {
  readonly by: ClipboardUser;
  readonly text: string;
  readonly contents: Contents;
  readonly mayPaste: (requestor: Subject) => boolean;
}

/** What the person had copied when the clipboard became ours, for all others. */
interface Before {
  readonly owner: Subject;
  readonly contents: Contents;
}

/** The connection that owns the clipboard while an agent's text is offered, and what is offered to whom. */
export class ClipboardHolding {
  readonly #x: XConnection;
  readonly #atoms: SelectionAtoms;
  readonly #sources: OwnerSources;
  readonly #window: number;
  readonly #service: SelectionService;
  #changes = 0;
  #ownedSince = 0;
  #offer: Offer | null = null;
  #before: Before | null = null;
  #expiry: NodeJS.Timeout | undefined;
  #givingBack: Promise<void> = Promise.resolve();

  private constructor(x: XConnection, atoms: SelectionAtoms, sources: OwnerSources) {
    this.#x = x;
    this.#atoms = atoms;
    this.#sources = sources;
    this.#window = createWindow(x);
    this.#service = new SelectionService({
      x,
      atoms,
      sources,
      window: this.#window,
      contentsFor: (requestor) => this.#contentsFor(requestor),
      ownedSince: () => this.#ownedSince,
    });
  }

  static async open({ display, sources }: HoldingOptions): Promise<ClipboardHolding> {
    // the library would take the first screen of this computer instead
    if (display === '') throw new Error('DISPLAY is not set');
    const x = await XConnection.open(display);
    const atoms = await internSelectionAtoms(x);
    const fixes = await x.optional('fixes');
    if (fixes === null) throw new Error('the X server lacks the extension XFIXES');
    const holding = new ClipboardHolding(x, atoms, sources);
    x.onEvent((event) => {
      if (event.type === fixes.firstEvent) holding.#onOwner(event);
    });
    fixes.SelectSelectionInput(holding.#window, atoms('CLIPBOARD'), ANY_OWNER_CHANGE);
    await x.sync();
    return holding;
  }

  get isLost(): boolean {
    return this.#x.isLost;
  }

  /** Who owns the clipboard now, and how often it changed hands until now. */
  async state(): Promise<{ readonly owner: number; readonly changes: number }> {
    const owner = await this.#x.ask<number>((reply) =>
      this.#x.client.GetSelectionOwner(this.#atoms('CLIPBOARD'), reply),
    );
    return { owner, changes: this.#changes };
  }

  async find(owner: number, { by, mayRead }: ReadRules, signal: AbortSignal): Promise<Found> {
    if (owner === NOBODY) return { kind: 'empty' };
    if (owner === this.#window) return this.#findOwn(by, mayRead);
    const subject = await new Owners(this.#x, this.#sources).of(owner);
    if (!mayRead(subject)) return { kind: 'foreign', owner: subject };
    return this.#reading({ ms: READ_MS, signal }, async (reading): Promise<Found> => {
      const found = await textOf(reading, this.#atoms, MAX_CLIPBOARD_BYTES);
      return { ...found, owner: subject };
    });
  }

  /** What is on the clipboard that is not ours; or that it cannot be kept. */
  async keep(signal: AbortSignal): Promise<Kept & { readonly owner?: Subject }> {
    const { owner } = await this.state();
    if (owner === this.#window) return this.#before ?? { contents: NOTHING };
    if (owner === NOBODY) return { contents: NOTHING };
    const subject = await new Owners(this.#x, this.#sources).of(owner);
    const kept = await this.#reading({ ms: KEEP_MS, signal }, (reading) => keep(reading, this.#atoms));
    return { ...kept, owner: subject };
  }

  /** Makes the clipboard ours; false when somebody else copied since `time`. */
  async take(kept: Kept & { readonly owner?: Subject }, time: number): Promise<boolean> {
    if ('notKept' in kept) return false;
    const { contents, owner = { kind: 'unknown', reason: 'no_owner' } } = kept;
    // whoever asks right after the change is answered with it
    this.#before = { contents, owner };
    this.#x.client.SetSelectionOwner(this.#window, this.#atoms('CLIPBOARD'), time);
    const isOurs = (await this.state()).owner === this.#window;
    if (isOurs) this.#ownedSince = time;
    else this.#before = null;
    return isOurs;
  }

  offer(text: string, { by, mayPaste }: WriteRules): void {
    this.#offer = { by, text, contents: contentsOfText(text, this.#atoms), mayPaste };
    this.#expireLater();
  }

  withdraw(by: ClipboardUser): void {
    if (this.#offer?.by === by) this.#givingBack = this.#giveBack();
  }

  async close(): Promise<void> {
    clearTimeout(this.#expiry);
    this.#offer = null;
    await this.#givingBack;
    try {
      if (!this.#x.isLost && this.#before !== null && this.#before.contents.size > 0) await this.#handOver();
    } finally {
      this.#service.close();
      this.#x.destroy('the desktop was closed');
    }
  }

  /** The server's clock. */
  async now(): Promise<number> {
    const property = this.#atoms('DESKHAND_CLIPBOARD');
    this.#x.client.ChangeProperty(
      APPEND,
      this.#window,
      property,
      this.#atoms('INTEGER'),
      32,
      Buffer.alloc(0),
    );
    const event = await this.#event(TIME_MS, ({ wid, atom }) => wid === this.#window && atom === property);
    if (event?.time === undefined) throw new DesktopBusy('the X server does not tell the time');
    return event.time;
  }

  async #reading<T>(patience: Patience, work: (reading: SelectionReading) => Promise<T>): Promise<T> {
    const reading = new SelectionReading(this.#x, this.#atoms, patience);
    try {
      return await work(reading);
    } finally {
      reading.close();
    }
  }

  /** The next event that is meant; `null` when none comes in time. */
  #event(ms: number, isMeant: (event: XEvent) => boolean): Promise<XEvent | null> {
    return new Promise((resolve) => {
      const end = (event: XEvent | null): void => {
        clearTimeout(timer);
        stop();
        resolve(event);
      };
      const timer = setTimeout(() => end(null), ms);
      const stop = this.#x.onEvent((event) => {
        if (isMeant(event)) end(event);
      });
    });
  }

  /** Gives what the person had copied to the desktop's clipboard manager, when there is one (ClipboardManager specification). */
  async #handOver(): Promise<void> {
    const [manager, property] = [this.#atoms('CLIPBOARD_MANAGER'), this.#atoms('DESKHAND_CLIPBOARD')];
    const owner = await this.#x.ask<number>((reply) => this.#x.client.GetSelectionOwner(manager, reply));
    if (owner === NOBODY) return;
    const targets = words([...(this.#before?.contents.keys() ?? [])]);
    this.#x.client.ChangeProperty(REPLACE, this.#window, property, this.#atoms('ATOM'), 32, targets);
    const { client } = this.#x;
    client.ConvertSelection(this.#window, manager, this.#atoms('SAVE_TARGETS'), property, this.#ownedSince);
    await this.#event(
      HAND_OVER_MS,
      ({ type, selection }) => type === SELECTION_NOTIFY && selection === manager,
    );
    await this.#service.answered();
  }

  #findOwn(by: ClipboardUser, mayRead: ReadRules['mayRead']): Found {
    if (this.#offer?.by === by) return { kind: 'own', text: this.#offer.text };
    const before = this.#before;
    if (before === null || before.contents.size === 0) return { kind: 'empty' };
    if (!mayRead(before.owner)) return { kind: 'foreign', owner: before.owner };
    return { ...textIn(before.contents, this.#atoms, MAX_CLIPBOARD_BYTES), owner: before.owner };
  }

  #contentsFor(requestor: Subject): Contents {
    if (this.#offer?.mayPaste(requestor) === true) {
      this.#expireLater();
      return this.#offer.contents;
    }
    return this.#before?.contents ?? NOTHING;
  }

  #onOwner({ owner }: XEvent): void {
    this.#changes++;
    if (owner === this.#window) return;
    clearTimeout(this.#expiry);
    this.#offer = null;
    this.#before = null;
  }

  #expireLater(): void {
    clearTimeout(this.#expiry);
    this.#expiry = setTimeout(() => {
      this.#givingBack = this.#giveBack();
    }, OFFER_MS).unref();
  }

  /** From now on there is for everybody what was there before; the change of hands tells programs to look again. */
  async #giveBack(): Promise<void> {
    clearTimeout(this.#expiry);
    this.#offer = null;
    if (this.#x.isLost || this.#before === null) return;
    const isEmpty = this.#before.contents.size === 0;
    try {
      const time = await this.now();
      this.#ownedSince = time;
      this.#x.client.SetSelectionOwner(isEmpty ? NOBODY : this.#window, this.#atoms('CLIPBOARD'), time);
    } catch {
      // the connection was lost, and the clipboard with it
    }
  }
}
