import type { Subject } from '@deskhand/tier-policy';
import { setTimeout as delay } from 'node:timers/promises';
import { inTime } from '@deskhand/server-runtime';
import { keysymsOf } from '../../core/keymap.ts';
import type { Point, Size } from '../../core/geometry.ts';
import type {
  Capture,
  CaptureOptions,
  Desktop,
  Gesture,
  Judge,
  Judged,
  Keystroke,
  Scene,
  Steps,
  WindowInfo,
} from '../desktop.ts';
import type { Holding } from '../holding.ts';
import { DesktopBusy, DesktopUnavailable, InputInUse } from '../failure.ts';
import { ComparedChanges } from '../compared-changes.ts';
import { X11Clipboard } from './clipboard.ts';
import { ConnectionLost, XConnection } from './connection.ts';
import { DamageChanges } from './damage.ts';
import { Processes } from '../linux/process.ts';
import type { Displays } from '../displays.ts';
import { releaseLeftovers } from './held.ts';
import { X11Holding } from './holding.ts';
import { judgeKeys } from './key-route.ts';
import { Keyboard } from './keyboard.ts';
import { keysymNamed } from './keysym-names.ts';
import { Monitors } from './monitors.ts';
import type { OwnerSources } from './owners.ts';
import { Paths } from './paths.ts';
import { aim } from './pointer.ts';
import { SceneReader } from './scene.ts';
import { Screen } from './screen.ts';
import { SceneChanged, ServerBusy } from './section.ts';
import { WindowList } from './window-list.ts';
import { X11Control } from './control.ts';
import { X11Obstacles } from './obstacles.ts';
import { X11Presence } from './presence.ts';
import { refuseNoDisplay, unreachable } from './unreachable.ts';
import { pressKeys, type Delivery, type KeyPlan, type Keyed } from './typing.ts';

/** Keys sent in one section; the scene is read and judged anew before each chunk. */
const CHUNK = 10;
/** Tries when a person holds a key or button, or the machine was too slow for the watchdog. */
const TRIES = 6;
const RETRY_MS = 100;
/** A machine with much else to do has this long to be fast enough again. */
const SLOW_MS = 5_000;
/** A compositor has drawn, and faded, what changed so long ago. */
const COMPOSITOR_MS = 400;
const QUIET_WITHIN_MS = 1500;
const RAISE_MS = 400;
/** An application that does not answer a ping gets this long to handle keys before a borrowed one changes. */
const SETTLE_MS = 1000;
/** The same for one that answers pings, and is slow. */
const ANSWER_MS = 8000;

export interface X11DesktopOptions {
  readonly display: string;
  /** X keysym name of the key with which a person stops everything; `null` for none. */
  readonly abortKey: string | null;
  /** Tells our own dialogs by process id: no tool may touch or show them. */
  readonly isOwnDialog: (pid: number) => boolean;
}

/** The keys of one section, and all that are still to come with them in front. */
interface Chunk {
  readonly some: readonly KeyPlan[];
  readonly ahead: readonly KeyPlan[];
  /** Presses and lets go, unless something else is to be done. */
  readonly deliver?: Delivery;
}

interface Parts {
  readonly x: XConnection;
  readonly keyboard: Keyboard;
  readonly screen: Screen;
  readonly monitors: Monitors;
  readonly list: WindowList;
}

/** The desktop of an X server, over its protocol alone. Connects at first use and again after a loss. */
export class X11Desktop implements Desktop {
  readonly displays: Displays = { list: () => this.#with(({ monitors }) => monitors.list()) };
  readonly presence: X11Presence;
  readonly control: X11Control;
  readonly changes: DamageChanges;
  readonly clipboard: X11Clipboard;
  readonly obstacles: X11Obstacles;
  readonly #options: X11DesktopOptions;
  readonly #sources: OwnerSources;
  readonly #loans = new Map<number, number>();
  #parts: Promise<Parts> | null = null;
  readonly holding: Holding;

  constructor(options: X11DesktopOptions) {
    this.#options = options;
    this.presence = new X11Presence(options);
    this.control = new X11Control({
      display: options.display,
      onTaken: () =>
        this.#with(({ x, list }) => releaseLeftovers(x, (ms, answerMs) => list.settle(ms, { answerMs }))),
    });
    this.#sources = { processes: new Processes(), paths: new Paths(), isOwnDialog: options.isOwnDialog };
    const otherwise = new ComparedChanges(this);
    this.changes = new DamageChanges({ display: options.display, sources: this.#sources, otherwise });
    this.clipboard = new X11Clipboard({
      display: options.display,
      sources: this.#sources,
      judgeKeys: (judge, signal) =>
        this.#patiently(({ x }) => judgeKeys(judge, { x, sources: this.#sources }), signal),
    });
    this.holding = new X11Holding({
      sources: this.#sources,
      patiently: (body, signal) => this.#patiently(body, signal),
      activate: (window, signal) => this.activate(window, signal),
      sendKeys: (keystroke, judge, how) => {
        const some = [planOf(keystroke)];
        return this.#send({ some, ahead: some, deliver: how.deliver }, judge, how.signal);
      },
    });
    this.obstacles = new X11Obstacles({ display: options.display, sources: this.#sources });
  }

  screen(): Promise<Size> {
    return this.#with(({ screen }) => screen.size());
  }

  windows(): Promise<readonly WindowInfo[]> {
    return this.#with(({ list }) => list.read());
  }

  frontmost(): Promise<Scene> {
    return this.#with(async ({ x }) => new SceneReader(x, this.#sources).forFront());
  }

  pointer(): Promise<Point> {
    return this.#with(async ({ x }) => {
      const at = await x.ask<{ readonly rootX: number; readonly rootY: number }>((reply) =>
        x.client.QueryPointer(x.root, reply),
      );
      return { x: at.rootX, y: at.rootY };
    });
  }

  activate(window: number, signal: AbortSignal): Promise<boolean> {
    return this.#with(({ list }) => list.activate(window, signal));
  }

  capture(mayShow: (subject: Subject) => boolean, options: CaptureOptions = {}): Promise<Capture> {
    return this.#patiently(async ({ screen, list }) => {
      const until = performance.now() + QUIET_WITHIN_MS;
      for (;;) {
        const capture = await screen.capture(mayShow, options);
        if (!capture.isComposited || !capture.hidesSome) return capture;
        const restless = await list.restlessMs(COMPOSITOR_MS);
        if (restless === 0) return capture;
        if (performance.now() > until)
          throw new DesktopBusy('windows keep moving, and hidden ones could show');
        await delay(restless);
      }
    }, new AbortController().signal);
  }

  async point(gesture: Gesture, judge: Judge, signal: AbortSignal): Promise<Judged> {
    const once = (mayRaise: boolean) =>
      this.#patiently(
        ({ x, keyboard }) =>
          aim(gesture, judge, { x, sources: this.#sources, mayRaise, modifierKeys: keyboard.modifierKeys }),
        signal,
      );
    const first = await once(true);
    const { raiseFirst } = first;
    if (raiseFirst === null) return first;
    await inTime(RAISE_MS, signal, (patience) => this.activate(raiseFirst, patience));
    return once(false);
  }

  press(keystrokes: readonly Keystroke[], judge: Judge, steps: Steps): Promise<Judged> {
    return this.#inSteps(keystrokes.map(planOf), { judge, steps, chunk: 1 });
  }

  type(text: string, judge: Judge, steps: Steps): Promise<Judged> {
    const keysyms = keysymsOf(text);
    if ('codePoint' in keysyms) throw new Error('untypable characters are refused before this');
    const plans = keysyms.map((keysym): KeyPlan => ({ modifiers: [], keysym }));
    return this.#inSteps(plans, { judge, steps, chunk: CHUNK });
  }

  async close(): Promise<void> {
    await this.holding.letGo();
    this.presence.close();
    this.obstacles.close();
    this.control.close();
    await this.clipboard.close();
    const opening = this.#parts;
    this.#parts = null;
    await this.changes.close();
    if (opening === null) return;
    try {
      const { x, keyboard, screen, list } = await opening;
      if (!x.isLost && keyboard.borrowsAny) {
        await list.settle(SETTLE_MS);
        await keyboard.giveBack();
      }
      keyboard.close();
      if (!x.isLost) screen.close();
      list.close();
      x.destroy('the desktop was closed');
    } catch (error) {
      if (!(error instanceof ConnectionLost || error instanceof DesktopUnavailable)) throw error;
    }
  }

  async #inSteps(
    plans: readonly KeyPlan[],
    { judge, steps, chunk }: { readonly judge: Judge; readonly steps: Steps; readonly chunk: number },
  ): Promise<Judged> {
    let last: Keyed | null = null;
    for (let done = 0; done < plans.length; done += chunk) {
      steps.signal.throwIfAborted();
      const some = plans.slice(done, done + chunk);
      last = await this.#send({ some, ahead: plans.slice(done) }, judge, steps.signal);
      if (last.outcome === 'refused') break;
      await steps.onDone(some.length);
    }
    if (last === null) throw new Error('no keys were given');
    return { decision: last.decision, scene: last.scene };
  }

  /** Sends one chunk, borrowing keys and reading the keyboard again as often as somebody changes it. */
  async #send({ some, ahead, deliver }: Chunk, judge: Judge, signal: AbortSignal): Promise<Keyed> {
    for (let attempt = 0; attempt < TRIES; attempt++) {
      await this.#with((parts) => this.#prepare({ some, ahead }, parts));
      const keyed = await this.#patiently(
        ({ x, keyboard }) => pressKeys(some, judge, { x, keyboard, sources: this.#sources, deliver }),
        signal,
      );
      if (keyed.outcome !== 'keyboard_changed') return keyed;
    }
    throw new DesktopBusy('the keyboard layout keeps changing');
  }

  async #prepare({ some, ahead }: Chunk, { x, keyboard, list }: Parts): Promise<void> {
    if (keyboard.isStale) await keyboard.reload();
    const state = await x.ask<{ readonly keyMask: number }>((reply) => x.client.QueryPointer(x.root, reply));
    const group = (state.keyMask >> 13) & 3;
    const missing = (plans: readonly KeyPlan[]): readonly number[] => {
      const keysyms = plans.flatMap(({ keysym }) => keysym ?? []);
      return [...new Set(keysyms)].filter((keysym) => keyboard.place(keysym, group) === null);
    };
    const needed = missing(some);
    if (needed.length === 0) return;
    if (needed.length > keyboard.free) {
      await list.settle(SETTLE_MS, { answerMs: ANSWER_MS });
      await keyboard.giveBack();
    }
    // as many as there is room for, because a change of the keyboard costs every program on the screen time
    await keyboard.borrow(missing(ahead).slice(0, keyboard.free));
  }

  /** Tries again while a person holds a key, or when the watchdog ended a section before it sent anything. */
  async #patiently<T>(body: (parts: Parts) => Promise<T>, signal: AbortSignal): Promise<T> {
    const since = performance.now();
    for (let attempt = 1; ; attempt++) {
      try {
        return await this.#with(body);
      } catch (error) {
        const isSlow = error instanceof DesktopBusy;
        const isEnough = attempt >= TRIES && !(isSlow && performance.now() - since < SLOW_MS);
        if (isEnough || !(isSlow || error instanceof InputInUse)) throw error;
        await delay(RETRY_MS * attempt, undefined, { signal });
      }
    }
  }

  async #with<T>(body: (parts: Parts) => Promise<T>): Promise<T> {
    const opening = (this.#parts ??= this.#open());
    try {
      return await body(await opening);
    } catch (error) {
      if (error instanceof ServerBusy) {
        this.#forget(opening);
        throw new DesktopBusy(error.message, { cause: error });
      }
      if (error instanceof ConnectionLost) {
        this.#forget(opening);
        throw new DesktopUnavailable(`the X server at ${this.#options.display} went away`, { cause: error });
      }
      if (error instanceof SceneChanged) throw new DesktopBusy(error.message, { cause: error });
      if (error instanceof DesktopUnavailable) this.#forget(opening);
      throw error;
    }
  }

  #forget(opening: Promise<Parts>): void {
    if (this.#parts === opening) this.#parts = null;
    void opening.then(
      ({ x, list }) => {
        list.close();
        x.destroy('the connection is not used any more');
      },
      () => undefined, // it never opened
    );
  }

  async #open(): Promise<Parts> {
    const { display } = this.#options;
    const sources = this.#sources;
    try {
      refuseNoDisplay(display);
      const x = await XConnection.open(display);
      const keyboard = await Keyboard.open(x, this.#loans);
      const list = await WindowList.open({ x, display, sources });
      return { x, keyboard, list, screen: new Screen(x, sources), monitors: new Monitors(x) };
    } catch (error) {
      throw unreachable(display, error);
    }
  }
}

function planOf({ modifiers, key }: Keystroke): KeyPlan {
  const keysym = key === null ? null : keysymNamed(key);
  if (key !== null && keysym === null) throw new Error(`there is no key named ${key}`);
  return { modifiers, keysym };
}
