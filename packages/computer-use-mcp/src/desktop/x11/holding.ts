import { setTimeout as delay } from 'node:timers/promises';
import { inTime } from '@deskhand/server-runtime';
import type { Point } from '../../core/geometry.ts';
import type { Judge, Judged, Keystroke } from '../desktop.ts';
import { DesktopBusy } from '../failure.ts';
import type { Holder, Holding, Moved } from '../holding.ts';
import type { XConnection } from './connection.ts';
import { between, lookAt, stepHeld, type DragOptions, type DragStep } from './drag.ts';
import { leftButton, pointerOf } from './held.ts';
import { NEVER, letGoOf, refuseUnheld, type Hold, type HoldingAccess } from './holding-access.ts';
import { KeyHolding } from './key-holding.ts';
import { aim, type Aimed, type Pressed, type PressGesture } from './pointer.ts';

/** Between two motions; faster ones reach a program as one. */
const STEP_MS = 8;
/** A program that drags gets so long to agree with the one under the pointer before the button goes up. */
const AGREE_MS = 60;
/** How often it is judged anew who gets what is held. */
const BUTTON_MS = 250;
/** A button is let go of when its holder does nothing for so long; others may act on the desktop after a minute. */
const IDLE_MS = 50_000;
const RAISE_MS = 400;

interface HeldButton {
  readonly session: string;
  x: XConnection;
  readonly pressed: Pressed;
  judge: Judge;
  lastUse: number;
}

/** Holds buttons and keys through the X server's test extension; at most one button at a time. */
export class X11Holding implements Holding {
  readonly #access: HoldingAccess;
  readonly #keys: KeyHolding;
  #button: HeldButton | null = null;
  /** Why a button went up while nobody called. */
  #lost: { readonly session: string; readonly tell: () => Moved } | null = null;
  #letting: Promise<void> = Promise.resolve();
  #watch: NodeJS.Timeout | undefined;

  constructor(access: HoldingAccess) {
    this.#access = access;
    this.#keys = new KeyHolding(access);
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

  holdKeys(keystroke: Keystroke, ms: number, holder: Holder): Promise<Judged & { readonly heldMs: number }> {
    return this.#keys.hold(keystroke, ms, holder);
  }

  async letGo(session?: string, why?: Error): Promise<void> {
    const button = this.#button;
    if (button !== null && (session === undefined || button.session === session)) {
      this.#forgetButton();
      if (why !== undefined) this.#lose(button, () => failWith(why));
      const going = letGoOf({ ...holdOf(button), window: button.pressed.managed }, this.#access);
      this.#letting = going.catch(() => undefined); // whoever let go is told
      await going;
    }
    await this.#letting;
    // keys are held by a call, which lets go of them when it ends
    if (session === undefined) await this.#keys.letGo();
  }

  #on(x: XConnection): DragOptions {
    return { x, sources: this.#access.sources };
  }

  readonly #patiently: HoldingAccess['patiently'] = (body, signal) => this.#access.patiently(body, signal);

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
    const { raiseFirst } = first;
    if (raiseFirst === null) return first;
    await inTime(RAISE_MS, signal, (patience) => this.#access.activate(raiseFirst, patience));
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
      await refuseUnheld(x, holdOf(held));
      if (this.#button !== held) throw wentUp();
      held.x = x;
      held.judge = judge;
      held.lastUse = performance.now();
      return stepHeld({ to, then, pressed: held.pressed }, judge, this.#on(x));
    }, signal);
  }

  #held(): HeldButton {
    if (this.#button === null) throw wentUp();
    return this.#button;
  }

  async #untilAgreed(): Promise<void> {
    const { managed } = this.#held().pressed;
    await delay(STEP_MS);
    await this.#patiently(({ list }) => list.settle(AGREE_MS, { which: managed ?? undefined }), NEVER);
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

const holdOf = ({ x, pressed }: HeldButton): Omit<Hold, 'window'> => ({
  x,
  down: leftButton(pressed.keycodes),
});

const wentUp = (): DesktopBusy => new DesktopBusy('the button went up meanwhile');

const failWith = (why: Error): never => {
  throw why;
};
