import { setTimeout as delay } from 'node:timers/promises';
import { deadlineAfter } from '../../deadline.ts';
import type { Point } from '../../core/geometry.ts';
import type { Judge, Judged, Keystroke } from '../desktop.ts';
import { DesktopBusy, DesktopUnavailable } from '../failure.ts';
import type { Holder, Holding, Moved } from '../holding.ts';
import type { XConnection } from './connection.ts';
import { between, lookAt, stepHeld, type DragStep } from './drag.ts';
import { isMarked, leftButton, letGoSafely, pointerOf, releaseLeftovers, type Down } from './held.ts';
import { holdDown, repeatingKeys, stepKeys, type HeldKeys } from './key-hold.ts';
import type { Keyboard } from './keyboard.ts';
import type { OwnerSources } from './owners.ts';
import { aim, type Aimed, type Pressed, type PressGesture } from './pointer.ts';
import type { Delivery, Keyed } from './typing.ts';
import type { WindowList } from './window-list.ts';

/** Between two motions; faster ones reach a program as one. */
const STEP_MS = 8;
/** A program that drags gets so long to agree with the one under the pointer before the button goes up. */
const AGREE_MS = 60;
/** How often it is judged anew who gets what is held. */
const KEY_MS = 50;
const BUTTON_MS = 250;
/** A held key starts to repeat after so long. */
const REPEAT_AFTER_MS = 400;
/** A button is let go of when its holder does nothing for so long; others may act on the desktop after a minute. */
const IDLE_MS = 50_000;
/** Rounds of tries to let go on a display that stays busy. */
const ROUNDS = 3;
const RAISE_MS = 400;

interface Parts {
  readonly x: XConnection;
  readonly keyboard: Keyboard;
  readonly list: WindowList;
}

/** What of the desktop holding needs. */
export interface HoldingAccess {
  readonly sources: OwnerSources;
  /** Gives the connection, and tries again while the desktop is in use or busy. */
  patiently<T>(body: (parts: Parts) => Promise<T>, signal: AbortSignal): Promise<T>;
  activate(window: number, signal: AbortSignal): Promise<boolean>;
  sendKeys(
    keystroke: Keystroke,
    judge: Judge,
    how: { readonly signal: AbortSignal; readonly deliver: Delivery },
  ): Promise<Keyed>;
}

interface HeldButton {
  readonly session: string;
  x: XConnection;
  readonly pressed: Pressed;
  judge: Judge;
  lastUse: number;
}

const NEVER = new AbortController().signal;

/** Holds buttons and keys through the X server's test extension; at most one button at a time. */
export class X11Holding implements Holding {
  readonly #access: HoldingAccess;
  #button: HeldButton | null = null;
  #keys: { readonly x: XConnection; readonly down: Down } | null = null;
  /** Why a button went up while nobody called. */
  #lost: { readonly session: string; readonly tell: () => Moved } | null = null;
  #letting: Promise<void> = Promise.resolve();
  #watch: NodeJS.Timeout | undefined;

  constructor(access: HoldingAccess) {
    this.#access = access;
  }

  heldBy(): string | null {
    return this.#button?.session ?? null;
  }

  untilLetGo(): Promise<void> {
    return this.#letting;
  }

  async drag(path: readonly Point[], modifiers: readonly string[], holder: Holder): Promise<Moved> {
    const [from, ...rest] = path;
    const to = rest.at(-1);
    if (from === undefined || to === undefined) throw new Error('a drag has a start and an end');
    for (const at of rest) {
      const judged = await this.#patiently(({ x }) => lookAt(at, holder.judge, this.#on(x)), holder.signal);
      if (!judged.decision.allowed) return { ...judged, wasPressed: false, at: from };
    }
    const pressed = await this.#pressAt({ at: from, to, modifiers }, holder);
    if (!pressed.decision.allowed) return { ...pressed, wasPressed: false, at: from };
    return this.#orLetGo(async () => {
      let last = from;
      for (const corner of rest) {
        const moved = await this.#moveAlong(between(last, corner, rest.length > 1 ? 3 : undefined), holder);
        if (!moved.decision.allowed) return moved;
        last = corner;
      }
      await this.#untilAgreed();
      return this.#end(last, holder);
    }).finally(() => {
      this.#lost = null; // whoever ended it told the call itself
    });
  }

  async press(holder: Holder): Promise<Judged> {
    this.#lost = null;
    const at = await this.#patiently(({ x }) => pointerOf(x), holder.signal);
    const judged = await this.#pressAt({ at, to: null, modifiers: [] }, holder);
    this.#watchButton();
    return judged;
  }

  async moveTo(to: Point, holder: Holder): Promise<Moved | null> {
    return this.#whileHeld(holder, async () => {
      const from = await this.#patiently(({ x }) => pointerOf(x), holder.signal);
      return this.#moveAlong(between(from, to), holder);
    });
  }

  async release(holder: Holder): Promise<Moved | null> {
    return this.#whileHeld(holder, async () => {
      await this.#untilAgreed();
      return this.#end(null, holder);
    });
  }

  async holdKeys(
    keystroke: Keystroke,
    ms: number,
    { judge, signal, onPressed }: Holder,
  ): Promise<Judged & { readonly heldMs: number }> {
    const repeats = await this.#patiently(({ x }) => repeatingKeys(x), signal);
    const held: { now: HeldKeys | null } = { now: null };
    const deliver: Delivery = (x, ...rest) =>
      holdDown(repeats, (keys) => {
        held.now = keys;
        this.#keys = { x, down: keys.down };
        onPressed();
      })(x, ...rest);
    let since = performance.now();
    const heldMs = (): number => Math.round(performance.now() - since);
    try {
      const first = await this.#access.sendKeys(keystroke, judge, { signal, deliver });
      since = performance.now();
      if (first.outcome !== 'sent' || held.now === null) return { ...first, heldMs: 0 };
      for (;;) {
        const left = ms - heldMs();
        await delay(Math.max(0, Math.min(KEY_MS, left)), undefined, { signal });
        const isOver = heldMs() >= ms;
        const then = isOver ? 'release' : heldMs() >= REPEAT_AFTER_MS ? 'repeat' : 'hold';
        const step = { then, held: held.now } as const;
        const judged = await this.#patiently(async ({ x }) => {
          const { down } = step.held;
          if (x !== this.#keys?.x) await this.#refuseUnmarked(x, down);
          this.#keys = { x, down };
          return stepKeys(step, judge, this.#on(x));
        }, signal);
        if (judged.decision.allowed && isOver) this.#keys = null;
        if (!judged.decision.allowed || isOver) return { ...judged, heldMs: heldMs() };
      }
    } finally {
      await this.#letGoOfKeys();
    }
  }

  async letGo(session?: string, why?: Error): Promise<void> {
    const button = this.#button;
    if (button !== null && (session === undefined || button.session === session)) {
      this.#forgetButton();
      if (why !== undefined) this.#lose(button, () => failWith(why));
      const going = this.#letGoOf(button.x, leftButton(button.pressed.keycodes), button.pressed);
      this.#letting = going.catch(() => undefined); // whoever let go is told
      await going;
    }
    await this.#letting;
    // keys are held by a call, which lets go of them when it ends
    if (session === undefined) await this.#letGoOfKeys();
  }

  async #letGoOfKeys(): Promise<void> {
    const keys = this.#keys;
    if (keys === null) return;
    this.#keys = null;
    await this.#letGoOf(keys.x, keys.down, null);
  }

  #on(x: XConnection): { readonly x: XConnection; readonly sources: OwnerSources } {
    return { x, sources: this.#access.sources };
  }

  #patiently<T>(body: (parts: Parts) => Promise<T>, signal: AbortSignal): Promise<T> {
    return this.#access.patiently(body, signal);
  }

  async #pressAt(
    { at, to, modifiers }: Pick<PressGesture, 'at' | 'to' | 'modifiers'>,
    { session, judge, signal, onPressed }: Holder,
  ): Promise<Aimed> {
    const once = (mayRaise: boolean): Promise<Aimed> =>
      this.#patiently(async ({ x, keyboard }) => {
        const { sources } = this.#access;
        const onPress = (pressed: Pressed): void => {
          this.#button = { session, x, pressed, judge, lastUse: performance.now() };
          onPressed();
        };
        const gesture: PressGesture = { kind: 'press', at, to, button: 'left', modifiers, onPress };
        return this.#orLetGo(() =>
          aim(gesture, judge, { x, sources, mayRaise, modifierKeys: keyboard.modifierKeys }),
        );
      }, signal);
    const first = await once(true);
    if (first.raiseFirst === null) return first;
    await this.#access.activate(first.raiseFirst, deadlineAfter(RAISE_MS, signal));
    return once(false);
  }

  async #moveAlong(points: readonly Point[], holder: Holder): Promise<Moved> {
    let moved: Moved | null = null;
    for (const [index, to] of points.entries()) {
      await delay(STEP_MS, undefined, { signal: holder.signal });
      const before: Point = moved?.at ?? this.#held().pressed.at;
      const then = index < points.length - 1 ? 'pass' : 'hold';
      const judged = await this.#step({ to, then }, holder);
      moved = { ...judged, wasPressed: true, at: judged.decision.allowed ? to : before };
      if (!judged.decision.allowed) {
        await this.letGo();
        return moved;
      }
    }
    if (moved === null) throw new Error('there was no way to go');
    return moved;
  }

  /** Lets go where the pointer is, or at a point, if that is allowed. */
  async #end(to: Point | null, holder: Holder): Promise<Moved> {
    const at = to ?? (await this.#patiently(({ x }) => pointerOf(x), holder.signal));
    const judged = await this.#step({ to, then: 'release' }, holder);
    if (judged.decision.allowed) this.#forgetButton();
    else await this.letGo();
    return { ...judged, wasPressed: true, at };
  }

  /** Works with the button, or tells why it went up without this session, also when that happened meanwhile. */
  async #whileHeld({ session }: Holder, work: () => Promise<Moved>): Promise<Moved | null> {
    if (this.#button?.session !== session) return this.#takeLost(session);
    try {
      return await this.#orLetGo(work);
    } catch (error) {
      const lost = await this.#takeLost(session);
      if (lost === null) throw error;
      return lost;
    }
  }

  #step(
    { to, then }: { readonly to: Point | null; readonly then: DragStep['then'] },
    { judge, signal }: Pick<Holder, 'judge' | 'signal'>,
  ): Promise<Judged> {
    const held = this.#held();
    return this.#patiently(async ({ x }) => {
      if (x !== held.x) await this.#refuseUnmarked(x, leftButton(held.pressed.keycodes));
      if (this.#button !== held) throw wentUp();
      held.x = x;
      held.judge = judge;
      held.lastUse = performance.now();
      return stepHeld({ to, then, pressed: held.pressed }, judge, this.#on(x));
    }, signal);
  }

  /** What is down outlives a connection that the watchdog ended, and not the server. */
  async #refuseUnmarked(x: XConnection, down: Down): Promise<void> {
    if (await isMarked(x, down)) return;
    throw new DesktopUnavailable('the connection was lost, and what was held with it');
  }

  #held(): HeldButton {
    if (this.#button === null) throw wentUp();
    return this.#button;
  }

  async #untilAgreed(): Promise<void> {
    const { managed } = this.#held().pressed;
    await delay(STEP_MS);
    await this.#patiently(({ list }) => list.settle(AGREE_MS, managed ?? undefined), NEVER);
    await delay(STEP_MS);
  }

  /** Whatever goes wrong, nothing stays down. */
  async #orLetGo<T>(work: () => Promise<T>): Promise<T> {
    try {
      return await work();
    } catch (error) {
      await this.letGo();
      throw error;
    }
  }

  async #letGoOf(x: XConnection, down: Down, pressed: Pressed | null): Promise<void> {
    const settleOf =
      ({ list }: Parts) =>
      (ms: number) =>
        list.settle(ms, pressed?.managed ?? undefined);
    for (let round = 1; ; round++) {
      try {
        await this.#patiently(async (parts) => {
          if (parts.x === x) await letGoSafely(x, down, settleOf(parts));
          else await releaseLeftovers(parts.x, settleOf(parts));
        }, NEVER);
        return;
      } catch (error) {
        if (error instanceof DesktopUnavailable) return; // nothing is held on a display that is gone
        if (!(error instanceof DesktopBusy)) throw error;
        if (round === ROUNDS) return; // what is still down stands on the root window, for whoever acts next
      }
    }
  }

  #lose({ session }: HeldButton, tell: () => Moved): void {
    this.#lost = { session, tell };
  }

  #forgetButton(): void {
    this.#button = null;
    clearInterval(this.#watch);
  }

  async #takeLost(session: string): Promise<Moved | null> {
    await this.#letting;
    const lost = this.#lost?.session === session ? this.#lost : null;
    if (lost === null) return null;
    this.#lost = null;
    return lost.tell();
  }

  /** Between calls: lets go when the holder may no longer act where the pointer is, or does nothing any more. */
  #watchButton(): void {
    clearInterval(this.#watch);
    if (this.#button === null) return;
    this.#watch = setInterval(() => void this.#lookAfter(), BUTTON_MS).unref();
  }

  async #lookAfter(): Promise<void> {
    const held = this.#button;
    if (held === null || performance.now() - held.lastUse < BUTTON_MS) return;
    if (performance.now() - held.lastUse > IDLE_MS) {
      await this.letGo();
      return;
    }
    try {
      const { lastUse } = held;
      const judged = await this.#patiently(
        ({ x }) => stepHeld({ to: null, then: 'hold', pressed: held.pressed }, held.judge, this.#on(x)),
        NEVER,
      );
      // a call came in between, which judges for itself
      if (judged.decision.allowed || this.#button !== held || held.lastUse !== lastUse) return;
      this.#lose(held, () => ({ ...judged, wasPressed: true, at: held.pressed.at }));
      await this.letGo();
    } catch (error) {
      if (!(error instanceof DesktopBusy)) await this.letGo();
    }
  }
}

const wentUp = (): DesktopBusy => new DesktopBusy('the button went up meanwhile');

const failWith = (why: Error): never => {
  throw why;
};
