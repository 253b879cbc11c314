import x11, { type Damage, type Fixes } from 'x11';
import { Blinking } from '../../core/blinking.ts';
import type { Changes, ChangeWatch, WatchOptions } from '../changes.ts';
import { DesktopUnavailable } from '../failure.ts';
import { ConnectionLost, XConnection } from './connection.ts';
import { DamageWatch } from './damage-watch.ts';
import { LayerReader } from './layers.ts';
import type { OwnerSources } from './owners.ts';

export interface DamageChangesOptions {
  readonly display: string;
  readonly sources: OwnerSources;
  /** Does it for an X server that lacks the extension. */
  readonly otherwise: Changes;
}

/** The connection that watches are made on. */
export interface DamageConnection {
  readonly x: XConnection;
  readonly damage: Damage;
  readonly fixes: Fixes;
  readonly layers: LayerReader;
  /** How many are on. */
  watches: number;
}

/**
 * Changes as the X server itself tells them, through the extension Damage. On a connection of its own, which no
 * section waits for, and which asks for nothing while nobody watches.
 */
export class DamageChanges implements Changes {
  readonly #options: DamageChangesOptions;
  readonly #blinking = new Blinking();
  #opening: Promise<DamageConnection | null> | null = null;

  constructor(options: DamageChangesOptions) {
    this.#options = options;
  }

  async watch(options: WatchOptions): Promise<ChangeWatch> {
    const connection = await this.#reached(this.#connection());
    if (connection === null) return this.#options.otherwise.watch(options);
    listen(connection, 1);
    const onStop = (): void => listen(connection, -1);
    const parts = { ...options, blinking: this.#blinking, onStop };
    const watch = await this.#reached(DamageWatch.start(connection, parts));
    return {
      settled: (patience, signal) => this.#reached(watch.settled(patience, signal)),
      stop: () => watch.stop(),
    };
  }

  async close(): Promise<void> {
    const opening = this.#opening;
    this.#opening = null;
    const connection = await opening?.catch(() => null); // it never opened
    connection?.x.destroy('the desktop was closed');
  }

  async #reached<T>(work: Promise<T>): Promise<T> {
    try {
      return await work;
    } catch (error) {
      if (!(error instanceof ConnectionLost)) throw error;
      throw new DesktopUnavailable(`the X server at ${this.#options.display} went away`, { cause: error });
    }
  }

  async #connection(): Promise<DamageConnection | null> {
    const known = this.#opening;
    if (known !== null) {
      const connection = await known;
      if (connection === null || !connection.x.isLost) return connection;
      if (this.#opening === known) this.#opening = null;
    }
    const opening = (this.#opening ??= this.#open());
    opening.catch(() => {
      if (this.#opening === opening) this.#opening = null;
    });
    return opening;
  }

  /** `null` when the X server lacks the extension. */
  async #open(): Promise<DamageConnection | null> {
    const { display, sources } = this.#options;
    const x = await XConnection.open(display).catch((error: unknown) => {
      throw new DesktopUnavailable(`no X server answers at ${display}: ${String(error)}`, { cause: error });
    });
    const [damage, fixes] = await Promise.all([x.optional('damage'), x.optional('fixes')]);
    if (damage !== null && fixes !== null) {
      return { x, damage, fixes, layers: new LayerReader(x, sources), watches: 0 };
    }
    x.destroy('it is of no use');
    return null;
  }
}

/** The X server tells what becomes of windows while at least one watch is on. */
function listen(connection: DamageConnection, change: 1 | -1): void {
  const { x } = connection;
  connection.watches += change;
  if (x.isLost || connection.watches !== (change === 1 ? 1 : 0)) return;
  const eventMask = change === 1 ? x11.eventMask.SubstructureNotify : 0;
  x.client.ChangeWindowAttributes(x.root, { eventMask });
}
