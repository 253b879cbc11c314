import x11 from 'x11';
import { setTimeout as delay } from 'node:timers/promises';
import type { Rect } from '../../core/geometry.ts';
import type { WindowInfo } from '../desktop.ts';
import { XConnection, type AtomName } from './connection.ts';
import type { OwnerSources } from './owners.ts';
import { SceneReader } from './scene.ts';

const PAGER = 2;
/** What the root is told of its windows. */
const STRUCTURE_EVENTS: ReadonlySet<string> = new Set([
  'ConfigureNotify',
  'CreateNotify',
  'DestroyNotify',
  'MapNotify',
  'ReparentNotify',
  'UnmapNotify',
]);

/** Where a client message has its second number: of a ping the time, which comes back as it was. */
const PING_TOKEN_AT = 16;

const MAX_TITLE_BYTES = 1024;
const REVERT_TO_POINTER_ROOT = 1;
/** The focus follows the window manager's word within this time, or it does not follow. */
const FOCUS_MS = 150;
const FOCUS_LOOK_MS = 5;
/** A request for the front that had no result by then is made again. */
const ASK_AGAIN_MS = 300;

interface Settling {
  readonly which?: number | undefined;
  readonly answerMs?: number;
}

/**
 * The managed windows, and requests to the window manager. Events are read on a connection of their own, so that
 * they never stand in the way of a section.
 */
export class WindowList {
  readonly #x: XConnection;
  readonly #events: XConnection;
  readonly #sources: OwnerSources;
  #changedAt = performance.now();
  #lastPing = 0;

  private constructor(x: XConnection, events: XConnection, sources: OwnerSources) {
    this.#x = x;
    this.#events = events;
    this.#sources = sources;
    events.onEvent(({ name = '' }) => {
      if (STRUCTURE_EVENTS.has(name)) this.#changedAt = performance.now();
    });
  }

  static async open(options: {
    readonly x: XConnection;
    readonly display: string;
    readonly sources: OwnerSources;
  }): Promise<WindowList> {
    const events = await XConnection.open(options.display);
    const { PropertyChange, SubstructureNotify } = x11.eventMask;
    events.client.ChangeWindowAttributes(events.root, { eventMask: PropertyChange | SubstructureNotify });
    await events.sync();
    return new WindowList(options.x, events, options.sources);
  }

  /** How long it still takes until no window has been moved, shown, hidden or restacked for `ms`; 0 when it has. */
  async restlessMs(ms: number): Promise<number> {
    await this.#events.sync();
    return Math.max(0, this.#changedAt + ms - performance.now());
  }

  /** Topmost first. */
  async read(): Promise<readonly WindowInfo[]> {
    const { root } = this.#x;
    const reader = new SceneReader(this.#x, this.#sources);
    const stacking = await this.#x.longs(root, '_NET_CLIENT_LIST_STACKING');
    const windows = stacking.length > 0 ? stacking : await this.#x.longs(root, '_NET_CLIENT_LIST');
    const [active] = await this.#x.longs(root, '_NET_ACTIVE_WINDOW', 1);
    const infos = await Promise.all(
      windows.toReversed().map(async (id): Promise<WindowInfo | null> => {
        const [rect, title, states, subject] = await Promise.all([
          this.#rect(id),
          this.#title(id),
          this.#x.longs(id, '_NET_WM_STATE', 64),
          reader.subjectOf(id),
        ]);
        if (rect === null) return null;
        const isMinimized = states.includes(this.#x.atom('_NET_WM_STATE_HIDDEN'));
        return { id, subject, title, rect, isActive: id === active, isMinimized };
      }),
    );
    return infos.filter((info) => info !== null);
  }

  /** True when the window manager made the window active before the signal. */
  async activate(window: number, signal: AbortSignal): Promise<boolean> {
    const isActive = async (): Promise<boolean> =>
      (await this.#events.longs(this.#events.root, '_NET_ACTIVE_WINDOW', 1))[0] === window;
    const changed = this.#property('_NET_ACTIVE_WINDOW');
    const gone = aborted(signal);
    try {
      await this.#askForFront(window);
      while (!(await isActive())) {
        if (signal.aborted) return false;
        const isLate = delay(ASK_AGAIN_MS, true, { ref: false });
        // xfwm4 sometimes gives the focus and then calls no window active
        if ((await Promise.race([changed.next(), gone, isLate])) === true) await this.#askForFront(window);
      }
      return await this.#hasFocus(window, signal);
    } finally {
      changed.stop();
    }
  }

  async #askForFront(window: number): Promise<void> {
    const message = this.#x.atom('_NET_ACTIVE_WINDOW');
    this.#x.client.SendClientMessage(this.#x.root, window, message, 32, [PAGER, 0, 0]);
    await this.#x.sync();
  }

  /**
   * A window manager that was passed over by an unmanaged window believes that nothing changed and does nothing;
   * then the focus is set for it.
   */
  async #hasFocus(window: number, signal: AbortSignal): Promise<boolean> {
    const mask = ~this.#events.display.resource_mask;
    const patience = performance.now() + FOCUS_MS;
    let isForced = false;
    for (;;) {
      const { focus } = await this.#events.ask<{ readonly focus: number }>((reply) =>
        this.#events.client.GetInputFocus(reply),
      );
      if (((focus ^ window) & mask) === 0) return true;
      if (signal.aborted) return false;
      if (!isForced && performance.now() > patience) {
        this.#events.client.SetInputFocus(window, REVERT_TO_POINTER_ROOT);
        isForced = true;
      }
      await delay(FOCUS_LOOK_MS);
    }
  }

  /**
   * Waits until the application of `which`, or of the window in front, has handled its events, or for `ms`; for
   * `answerMs` when it takes pings.
   */
  async settle(ms: number, { which, answerMs = ms }: Settling = {}): Promise<void> {
    const window = which ?? (await this.#x.longs(this.#x.root, '_NET_ACTIVE_WINDOW', 1))[0];
    const ping = this.#x.atom('_NET_WM_PING');
    const isAnswering =
      window !== undefined && window !== 0 && (await this.#x.longs(window, 'WM_PROTOCOLS')).includes(ping);
    if (!isAnswering) return delay(ms);
    const token = (this.#lastPing += 1);
    const answered = new AbortController();
    const stop = this.#events.onEvent(({ name, rawData }) => {
      // an answer to an earlier ping says nothing of what came after that
      if (name === 'ClientMessage' && rawData?.readUInt32LE(PING_TOKEN_AT) === token) answered.abort();
    });
    try {
      const protocols = this.#x.atom('WM_PROTOCOLS');
      this.#x.client.SendClientMessage(window, window, protocols, 32, [ping, token, window], 0);
      await delay(answerMs, undefined, { signal: answered.signal });
    } catch (error) {
      if (!answered.signal.aborted) throw error;
    } finally {
      stop();
    }
  }

  close(): void {
    this.#events.destroy('the desktop was closed');
  }

  #property(name: AtomName): { next(): Promise<void>; stop(): void } {
    const atom = this.#events.atom(name);
    let seen = false;
    let wake: (() => void) | null = null;
    const stop = this.#events.onEvent((event) => {
      if (event.name !== 'PropertyNotify' || event.atom !== atom) return;
      seen = true;
      wake?.();
    });
    return {
      next: () =>
        new Promise((resolve) => {
          if (seen) resolve();
          else wake = resolve;
          seen = false;
        }),
      stop,
    };
  }

  async #rect(window: number): Promise<Rect | null> {
    const [geometry, origin] = await Promise.all([
      this.#x.askOfWindow<{ readonly width: number; readonly height: number }>((reply) =>
        this.#x.client.GetGeometry(window, reply),
      ),
      this.#x.askOfWindow<{ readonly destX: number; readonly destY: number }>((reply) =>
        this.#x.client.TranslateCoordinates(window, this.#x.root, 0, 0, reply),
      ),
    ]);
    if (geometry === null || origin === null) return null;
    // the protocol's signed 16 bits: windows can start left of or above the screen
    const signed = (value: number): number => (value << 16) >> 16;
    return {
      x: signed(origin.destX),
      y: signed(origin.destY),
      width: geometry.width,
      height: geometry.height,
    };
  }

  async #title(window: number): Promise<string> {
    const modern = await this.#x.property(window, '_NET_WM_NAME', MAX_TITLE_BYTES / 4);
    const property = modern?.data.length
      ? modern
      : await this.#x.property(window, 'WM_NAME', MAX_TITLE_BYTES / 4);
    return property?.data.toString('utf8') ?? '';
  }
}

function aborted(signal: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    if (signal.aborted) resolve();
    else signal.addEventListener('abort', () => resolve(), { once: true });
  });
}
