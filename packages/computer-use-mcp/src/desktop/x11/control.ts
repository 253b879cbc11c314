import { readFileSync } from 'node:fs';
import { z } from 'zod';
import type { Control, Controller } from '../control.ts';
import { DesktopBusy } from '../failure.ts';
import { ConnectionLost, XConnection } from './connection.ts';
import { ServerBusy, atomically } from './section.ts';
import { refuseNoDisplay, unreachable } from './unreachable.ts';

const NAME = '_DESKHAND_CONTROLLER';
const SERVER = 'computer-use-mcp';
/** Tries when another program holds the X server, or the machine is too slow. */
const TRIES = 3;
const NOBODY = 0;
const INPUT_ONLY = 2;
const REPLACE = 0;
const ATOM_STRING = 31;
const CURRENT_TIME = 0;
/** Longest note of a holder, in units of four bytes. */
const MAX_NOTE = 256;

/** What a holder says of itself; anybody could have written it, so it is short and plain. */
const word = z.string().regex(/^[\w.+@-]{1,40}$/u);
const note = z.object({ pid: z.int(), name: word, startedBy: word.nullable(), since: z.iso.datetime() });

export interface X11ControlOptions {
  readonly display: string;
  /** Puts in order what the process before may have left; runs before anything is done. */
  readonly onTaken: () => Promise<void>;
}

/**
 * Holds the selection `_DESKHAND_CONTROLLER`. The X server has one owner for it, whatever user or container that
 * runs in, and forgets the owner when its connection ends: a dead process holds nothing, a stopped one still does.
 */
export class X11Control implements Control {
  readonly #display: string;
  readonly #onTaken: () => Promise<void>;
  #held: Promise<Held> | null = null;
  #isOrdered = false;

  constructor({ display, onTaken }: X11ControlOptions) {
    this.#display = display;
    this.#onTaken = onTaken;
  }

  async claim(): Promise<Controller | null> {
    for (let attempt = 1; ; attempt++) {
      const held = await this.#living();
      try {
        const other = await held.claim();
        if (other === null) await this.#order();
        return other;
      } catch (error) {
        if (error instanceof ConnectionLost) throw unreachable(this.#display, error);
        if (!(error instanceof ServerBusy)) throw error;
        if (attempt === TRIES) throw new DesktopBusy(error.message, { cause: error });
      }
    }
  }

  release(): void {
    this.close();
  }

  /** The X server frees what the connection held. */
  close(): void {
    void this.#held?.then(
      (held) => held.close(),
      () => undefined, // it never opened
    );
    this.#held = null;
    this.#isOrdered = false;
  }

  async #order(): Promise<void> {
    if (this.#isOrdered) return;
    await this.#onTaken();
    this.#isOrdered = true;
  }

  async #living(): Promise<Held> {
    for (;;) {
      const opening = (this.#held ??= Held.open(this.#display));
      try {
        const held = await opening;
        if (!held.isLost) return held;
        this.#forget(opening);
      } catch (error) {
        this.#forget(opening);
        throw error;
      }
    }
  }

  #forget(opening: Promise<Held>): void {
    if (this.#held !== opening) return;
    this.#held = null;
    this.#isOrdered = false;
  }
}

class Held {
  readonly #x: XConnection;
  readonly #selection: number;
  readonly #window: number;

  private constructor(x: XConnection, selection: number, window: number) {
    this.#x = x;
    this.#selection = selection;
    this.#window = window;
  }

  static async open(display: string): Promise<Held> {
    try {
      refuseNoDisplay(display);
      const x = await XConnection.open(display);
      const selection = await x.ask<number>((reply) => x.client.InternAtom(false, NAME, reply));
      const window = x.client.AllocID();
      const values = { eventMask: 0, overrideRedirect: 1 };
      x.client.CreateWindow(window, x.root, -1, -1, 1, 1, 0, 0, INPUT_ONLY, 0, values);
      const about = Buffer.from(JSON.stringify(ownNote()));
      x.client.ChangeProperty(REPLACE, window, selection, ATOM_STRING, 8, about);
      return new Held(x, selection, window);
    } catch (error) {
      throw unreachable(display, error);
    }
  }

  get isLost(): boolean {
    return this.#x.isLost;
  }

  async claim(): Promise<Controller | null> {
    const { client } = this.#x;
    // anybody can take it by force, so it is looked at each time
    const before = await this.#owner();
    if (before !== NOBODY) return before === this.#window ? null : this.#about(before);
    // between the look and the taking nobody else can take it
    const owner = await atomically(this.#x, async () => {
      const value = await this.#owner();
      const take = (): void => client.SetSelectionOwner(this.#window, this.#selection, CURRENT_TIME);
      return { value, send: value === NOBODY ? take : undefined };
    });
    const now = owner === NOBODY ? await this.#owner() : owner;
    return now === this.#window ? null : this.#about(now);
  }

  close(): void {
    this.#x.destroy('the desktop is let go of');
  }

  #owner(): Promise<number> {
    return this.#x.ask<number>((reply) => this.#x.client.GetSelectionOwner(this.#selection, reply));
  }

  /** The process as the X server knows it; its own words only when they agree with that. */
  async #about(window: number): Promise<Controller> {
    const { res } = this.#x.ext;
    const [ids, property] = await Promise.all([
      this.#x.askOfWindow<readonly { readonly value: readonly number[] }[]>((reply) =>
        res.QueryClientIds([{ client: window, mask: res.ClientIdMask.LocalClientPID }], reply),
      ),
      this.#x.askOfWindow<{ readonly data: Buffer }>((reply) =>
        this.#x.client.GetProperty(0, window, this.#selection, ATOM_STRING, 0, MAX_NOTE, reply),
      ),
    ]);
    const pid = ids?.[0]?.value[0] ?? null;
    const said = readNote(property?.data.toString('utf8') ?? '');
    if (said === null || (pid !== null && said.pid !== pid)) {
      return { pid, name: null, startedBy: null, since: null };
    }
    return { ...said, since: new Date(said.since) };
  }
}

function ownNote(): z.output<typeof note> {
  const startedBy = word.safeParse(commandOf(process.ppid));
  const since = new Date().toISOString();
  return { pid: process.pid, name: SERVER, startedBy: startedBy.success ? startedBy.data : null, since };
}

function commandOf(pid: number): string | null {
  try {
    return readFileSync(`/proc/${pid}/comm`, 'utf8').trim();
  } catch {
    return null; // another system, or the parent is gone
  }
}

function readNote(text: string): z.output<typeof note> | null {
  try {
    return note.parse(JSON.parse(text));
  } catch {
    return null; // whoever holds it is no server of ours, or an older one
  }
}
