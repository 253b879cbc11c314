import x11, {
  type Display,
  type Extensions,
  type OptionalExtensions,
  type Property,
  type XClient,
  type XError,
  type XEvent,
} from 'x11';

/** The connection to the X server is gone: closed by us, by the server, or by the watchdog. */
export class ConnectionLost extends Error {
  override readonly name = 'ConnectionLost';
}

/** An error that the X server answered with, such as BadWindow. */
export const isProtocolError = (error: unknown): boolean =>
  error instanceof Error && 'error' in error && typeof error.error === 'number';

type Ask<T> = (reply: (error: XError | null | undefined, value: T) => true) => void;

const SILENT = 'it does not answer';

/** A server that says nothing for so long is stopped or hangs; waiting on would hang every call with it. */
const ANSWER_MS = 5000;

const ATOMS = [
  '_DESKHAND_HELD_BUTTONS',
  '_DESKHAND_HELD_KEYS',
  '_NET_ACTIVE_WINDOW',
  '_NET_CLIENT_LIST',
  '_NET_CLIENT_LIST_STACKING',
  '_NET_SUPPORTING_WM_CHECK',
  '_NET_WM_NAME',
  '_NET_WM_STATE',
  '_NET_WM_STATE_HIDDEN',
  '_NET_WM_WINDOW_OPACITY',
  '_NET_WM_WINDOW_TYPE',
  '_NET_WM_WINDOW_TYPE_DESKTOP',
  '_NET_WM_WINDOW_TYPE_DND',
  '_NET_WM_WINDOW_TYPE_DOCK',
  '_NET_WM_WINDOW_TYPE_NOTIFICATION',
  '_NET_WM_WINDOW_TYPE_SPLASH',
  '_NET_WM_WINDOW_TYPE_TOOLTIP',
  '_NET_WM_CM_S0',
  '_NET_WM_PING',
  'WM_PROTOCOLS',
] as const;

/** Atoms that the protocol numbers itself. */
const FIXED_ATOMS = { WM_NAME: 39, WM_TRANSIENT_FOR: 68 } as const;

const LAST_PREDEFINED_ATOM = 68;

export type AtomName = (typeof ATOMS)[number] | keyof typeof FIXED_ATOMS;

/** What lets a client in: the name of the method, and its bytes as characters. */
export interface XCookie {
  readonly name: string;
  readonly data: string;
}

/** One connection to an X server, with its callbacks as promises that end when the connection does. */
export class XConnection {
  readonly client: XClient;
  readonly display: Display;
  readonly root: number;
  readonly ext: Extensions;
  #atoms: ReadonlyMap<string, number> = new Map();
  readonly #pending = new Set<(error: Error) => void>();
  #turn: Promise<unknown> = Promise.resolve();
  #lost: ConnectionLost | null = null;
  #patience: NodeJS.Timeout | undefined;

  private constructor(display: Display, root: number, ext: Extensions) {
    this.client = display.client;
    this.display = display;
    this.root = root;
    this.ext = ext;
    const lose = () => this.#lose(new ConnectionLost('the connection to the X server was lost'));
    this.client.stream.on('close', lose);
    this.client.stream.on('end', lose);
    // errors of requests without a reply, such as a window that closed meanwhile, change nothing here
    this.client.on('error', (error: XError) => {
      if (error.code !== undefined) lose();
    });
  }

  /**
   * With the cookie of `XAUTHORITY`, unless told another one.
   *
   * @throws Error when no X server answers at `display`.
   */
  static async open(display: string, auth?: XCookie): Promise<XConnection> {
    const opened = await new Promise<Display>((resolve, reject) => {
      // requests of one turn of the event loop leave in one write
      const bufferRequests = { flushOnReply: false };
      const client = x11.createClient({ display, auth, bufferRequests }, (error, value) => {
        clearTimeout(patience);
        if (error) reject(error);
        else resolve(value);
      });
      client.on('error', reject);
      const patience = setTimeout(() => {
        reject(new Error(SILENT));
        client.terminate();
      }, ANSWER_MS);
    });
    const { client } = opened;
    client.removeAllListeners('error');
    forgetOtherServers(client);
    sweepWhenNeeded(client);
    const need = <Name extends keyof Extensions>(name: Name): Promise<Extensions[Name]> =>
      new Promise((resolve, reject) => {
        client.require(name, (error, extension) => {
          if (error) reject(new Error(`the X server lacks the extension ${name}`, { cause: error }));
          else resolve(extension);
          return true;
        });
      });
    const xwayland = await new Promise<boolean>((resolve, reject) => {
      client.QueryExtension('XWAYLAND', (error, extension) => {
        if (error) reject(error);
        else resolve(extension.present !== 0);
        return true;
      });
    });
    if (xwayland) {
      client.terminate();
      throw new Error('it belongs to a Wayland session, of which X11 shows only a part');
    }
    const [screen] = opened.screen;
    if (screen === undefined) throw new Error('the X server has no screen');
    const [xtest, res, shape, shm, xinput] = await Promise.all([
      need('xtest'),
      need('res'),
      need('shape'),
      need('shm'),
      need('xinput'),
    ]);
    const connection = new XConnection(opened, screen.root, { xtest, res, shape, shm, xinput });
    const atoms = await Promise.all(
      ATOMS.map(async (name) => {
        const atom = await connection.ask<number>((reply) => client.InternAtom(false, name, reply));
        return [name, atom] as const;
      }),
    );
    connection.#atoms = new Map([...atoms, ...Object.entries(FIXED_ATOMS)]);
    return connection;
  }

  /** An extension that only some connections use; `null` where the server lacks it. */
  optional<Name extends keyof OptionalExtensions>(name: Name): Promise<OptionalExtensions[Name] | null> {
    return new Promise((resolve) => {
      this.client.require(name, (error, extension) => {
        resolve(error ? null : extension);
        return true;
      });
    });
  }

  get isLost(): boolean {
    return this.#lost !== null;
  }

  atom(name: AtomName): number {
    const atom = this.#atoms.get(name);
    if (atom === undefined) throw new Error(`atom ${name} was not interned`);
    return atom;
  }

  /** One request with a reply. Rejects with the protocol's error, or with `ConnectionLost`. */
  ask<T>(send: Ask<T>): Promise<T> {
    return new Promise((resolve, reject) => {
      if (this.#lost !== null) {
        reject(this.#lost);
        return;
      }
      this.#pending.add(reject);
      this.#patience ??= setTimeout(() => this.destroy(SILENT), ANSWER_MS);
      try {
        send((error, value) => {
          this.#answered(reject);
          if (error) reject(error);
          else resolve(value);
          return true;
        });
      } catch (error) {
        this.#answered(reject);
        reject(error instanceof Error ? error : new Error(String(error)));
      }
    });
  }

  /** As `ask`, with `null` for a window that no longer exists. */
  async askOfWindow<T>(send: Ask<T>): Promise<T | null> {
    try {
      return await this.ask(send);
    } catch (error) {
      if (error instanceof ConnectionLost) throw error;
      return null;
    }
  }

  /** A request without a reply: `true` when the server did it, `false` when it answered with an error. */
  attempt(send: (done: (error: XError | null | undefined) => true) => void): Promise<boolean> {
    return this.ask<boolean>((reply) => send((error) => reply(null, !error)));
  }

  /** Does what must not be mixed with other work of its kind on this connection, when that before it has ended. */
  inTurn<T>(work: () => Promise<T>): Promise<T> {
    const mine = this.#turn.then(work);
    this.#turn = mine.catch(() => undefined); // whoever asked for it is told
    return mine;
  }

  /** Resolves when the server has done everything sent so far. */
  async sync(): Promise<void> {
    await this.ask((reply) => this.client.GetInputFocus(reply));
  }

  /** 32-bit values of a property; empty when it is absent or of another format. */
  async longs(window: number, name: AtomName, limit = 1024): Promise<readonly number[]> {
    const property = await this.property(window, name, limit);
    if (property?.format !== 32) return [];
    return Array.from({ length: property.data.length >> 2 }, (_, i) => property.data.readUInt32LE(i * 4));
  }

  property(window: number, name: AtomName, limit: number): Promise<Property | null> {
    return this.askOfWindow((reply) =>
      this.client.GetProperty(0, window, this.atom(name), 0, 0, limit, reply),
    );
  }

  onEvent(listener: (event: XEvent) => void): () => void {
    this.client.on('event', listener);
    return () => this.client.off('event', listener);
  }

  /** Ends the connection at once; the server then frees every grab that it held. */
  destroy(reason: string): void {
    this.#lose(new ConnectionLost(reason));
    this.client.stream.destroy();
  }

  #answered(waiting: (error: Error) => void): void {
    this.#pending.delete(waiting);
    if (this.#pending.size > 0) this.#patience?.refresh();
    else this.#stopWaiting();
  }

  #stopWaiting(): void {
    clearTimeout(this.#patience);
    this.#patience = undefined;
  }

  #lose(error: ConnectionLost): void {
    if (this.#lost !== null) return;
    this.#lost = error;
    this.#stopWaiting();
    const pending = [...this.#pending];
    this.#pending.clear();
    for (const reject of pending) reject(error);
  }
}

/** Atoms differ from one X server to the next, and the package keeps one table for all: those of the protocol stay. */
function forgetOtherServers(client: XClient): void {
  const predefined = Object.entries(client.atoms).filter(([, atom]) => atom <= LAST_PREDEFINED_ATOM);
  client.atoms = Object.fromEntries(predefined);
}

/** The package goes through all that is waited for at each reply, also when no request without one is among it. */
function sweepWhenNeeded(client: XClient): void {
  const sweep = client._sweepVoid.bind(client);
  let swept = 0;
  client._sweepVoid = (seq) => {
    if (swept >= client._last_void_seq) return;
    sweep(seq);
    swept = seq;
  };
}
