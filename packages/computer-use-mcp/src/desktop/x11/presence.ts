import type { Sync, XEvent } from 'x11';
import type { PersonEvent, Presence } from '../presence.ts';
import { ConnectionLost, XConnection } from './connection.ts';
import { INJECTORS } from './device-grabs.ts';
import { keysymNamed } from './keysym-names.ts';
import { refuseNoDisplay, unreachable } from './unreachable.ts';

const ALL_DEVICES = 0;
/** Touches of a device as it reports them itself, whoever has grabbed it (XI2proto, raw events since 2.1). */
const TOUCHES = ['RawKeyPress', 'RawButtonPress', 'RawMotion', 'RawTouchBegin'] as const;
const TOUCH_NAMES: ReadonlySet<string> = new Set(TOUCHES.map((name) => `XI${name}`));
/** A counter for each device (X Synchronization Extension, system counters). */
const IDLE_COUNTER = /^DEVICEIDLETIME (\d+)$/u;
/** The masters, which repeat what their devices do, and the injectors. */
const FIRST_OWN_DEVICE = 6;

export interface X11PresenceOptions {
  readonly display: string;
  /** X keysym name of the key that stops everything; `null` for none. */
  readonly abortKey: string | null;
}

/**
 * A person at an X display, by the device that each event comes from: what XTEST injects has devices of its own.
 * Devices are only listened to while somebody watches. Connects at first use and again after a loss.
 */
export class X11Presence implements Presence {
  readonly #options: X11PresenceOptions;
  #devices: Promise<Devices> | null = null;

  constructor(options: X11PresenceOptions) {
    this.#options = options;
  }

  async watch(onEvent: (event: PersonEvent) => void): Promise<() => void> {
    return (await this.#living()).watch(onEvent);
  }

  async idleMs(): Promise<number> {
    const devices = await this.#living();
    try {
      return await devices.idleMs();
    } catch (error) {
      if (error instanceof ConnectionLost) throw unreachable(this.#options.display, error);
      throw error;
    }
  }

  close(): void {
    void this.#devices?.then(
      (devices) => devices.close(),
      () => undefined, // it never opened
    );
    this.#devices = null;
  }

  async #living(): Promise<Devices> {
    for (;;) {
      const opening = (this.#devices ??= Devices.open(this.#options));
      try {
        const devices = await opening;
        if (!devices.isLost) return devices;
        this.#forget(opening);
      } catch (error) {
        this.#forget(opening);
        throw error;
      }
    }
  }

  #forget(opening: Promise<Devices>): void {
    if (this.#devices === opening) this.#devices = null;
  }
}

class Devices {
  readonly #x: XConnection;
  readonly #sync: Sync | null;
  readonly #abortKeysym: number | null;
  readonly #listeners = new Set<(event: PersonEvent) => void>();
  #abortKeycodes: ReadonlySet<number> = new Set();
  #counters: Promise<readonly number[]> | null = null;

  private constructor(x: XConnection, sync: Sync | null, abortKeysym: number | null) {
    this.#x = x;
    this.#sync = sync;
    this.#abortKeysym = abortKeysym;
    x.onEvent((event) => this.#hear(event));
  }

  static async open({ display, abortKey }: X11PresenceOptions): Promise<Devices> {
    try {
      refuseNoDisplay(display);
      const x = await XConnection.open(display);
      const devices = new Devices(x, await counting(x), abortKey === null ? null : keysymNamed(abortKey));
      devices.#select();
      await devices.#readKeys();
      return devices;
    } catch (error) {
      throw unreachable(display, error);
    }
  }

  get isLost(): boolean {
    return this.#x.isLost;
  }

  watch(onEvent: (event: PersonEvent) => void): () => void {
    this.#listeners.add(onEvent);
    this.#select();
    return () => {
      this.#listeners.delete(onEvent);
      if (!this.isLost) this.#select();
    };
  }

  async idleMs(): Promise<number> {
    const sync = this.#sync;
    if (sync === null) return Infinity;
    const counters = await (this.#counters ??= this.#findCounters(sync));
    const idle = await Promise.all(
      counters.map((counter) => this.#x.askOfWindow<number>((reply) => sync.QueryCounter(counter, reply))),
    );
    return Math.min(...idle.map((ms) => ms ?? Infinity));
  }

  close(): void {
    this.#x.destroy('the desktop was closed');
  }

  #select(): void {
    const touches = this.#listeners.size > 0 ? TOUCHES : [];
    this.#x.ext.xinput.XISelectEvents(this.#x.root, {
      deviceId: ALL_DEVICES,
      mask: ['HierarchyChanged', ...touches],
    });
  }

  #hear(event: XEvent): void {
    const { name = '', deviceId, sourceId } = event;
    if (name === 'MappingNotify') {
      // a connection that is lost meanwhile is opened, and the keys are read, anew
      this.#readKeys().catch(() => undefined);
    } else if (name === 'XIHierarchyChanged') {
      this.#counters = null;
    } else if (TOUCH_NAMES.has(name) && deviceId === sourceId && !INJECTORS.has(sourceId ?? 0)) {
      const isAbort = name === 'XIRawKeyPress' && this.#abortKeycodes.has(event.detail ?? 0);
      for (const listener of this.#listeners) listener(isAbort ? 'abort' : 'activity');
    }
  }

  async #readKeys(): Promise<void> {
    if (this.#abortKeysym === null) return;
    const { min_keycode: first, max_keycode: last } = this.#x.display;
    const rows = await this.#x.ask<readonly (readonly number[])[]>((reply) =>
      this.#x.client.GetKeyboardMapping(first, last - first + 1, reply),
    );
    const keycodes = rows.flatMap(([keysym], index) => (keysym === this.#abortKeysym ? [first + index] : []));
    this.#abortKeycodes = new Set(keycodes);
  }

  async #findCounters(sync: Sync): Promise<readonly number[]> {
    const all = await this.#x.ask<readonly { readonly counter: number; readonly name: string }[]>((reply) =>
      sync.ListSystemCounters(reply),
    );
    return all.flatMap(({ counter, name }) => {
      const device = IDLE_COUNTER.exec(name)?.[1];
      return Number(device) >= FIRST_OWN_DEVICE ? [counter] : [];
    });
  }
}

/** The extension that counts idle time; `null` where the server lacks it. */
async function counting(x: XConnection): Promise<Sync | null> {
  const sync = await x.optional('sync');
  if (sync !== null) await x.ask((reply) => sync.Initialize(3, 1, reply));
  return sync;
}
