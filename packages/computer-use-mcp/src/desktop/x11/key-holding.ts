import { setTimeout as delay } from 'node:timers/promises';
import type { Judged, Keystroke } from '../desktop.ts';
import type { Holder } from '../holding.ts';
import type { XConnection } from './connection.ts';
import type { Down } from './held.ts';
import { letGoOf, refuseUnheld, type HoldingAccess } from './holding-access.ts';
import { holdDown, repeatingKeys, stepKeys, type HeldKeys, type KeyStep } from './key-hold.ts';
import type { Delivery, Keyed } from './typing.ts';

/** How often it is judged anew who gets what is held. */
const STEP_MS = 50;
/** A held key starts to repeat after so long. */
const REPEAT_AFTER_MS = 400;

interface Pressed extends Keyed {
  /** `null` when nothing was pressed. */
  readonly held: HeldKeys | null;
}

/** Holds one combination at a time, for as long as a call lasts. */
export class KeyHolding {
  readonly #access: HoldingAccess;
  #keys: { readonly x: XConnection; readonly down: Down } | null = null;
  #letting: Promise<void> = Promise.resolve();

  constructor(access: HoldingAccess) {
    this.#access = access;
  }

  async hold(
    keystroke: Keystroke,
    ms: number,
    holder: Holder,
  ): Promise<Judged & { readonly heldMs: number }> {
    try {
      const { held, ...first } = await this.#press(keystroke, holder);
      const since = performance.now();
      const heldMs = (): number => Math.round(performance.now() - since);
      if (first.outcome !== 'sent' || held === null) return { ...first, heldMs: 0 };
      for (;;) {
        const wait = Math.max(0, Math.min(STEP_MS, ms - heldMs()));
        await delay(wait, undefined, { signal: holder.signal });
        const isOver = heldMs() >= ms;
        const then = isOver ? 'release' : heldMs() >= REPEAT_AFTER_MS ? 'repeat' : 'hold';
        const judged = await this.#step({ then, held }, holder);
        if (judged.decision.allowed && isOver) this.#keys = null;
        if (!judged.decision.allowed || isOver) return { ...judged, heldMs: heldMs() };
      }
    } finally {
      await this.letGo();
    }
  }

  /** Resolves when nothing is down, whoever began to let go of it. */
  letGo(): Promise<void> {
    const keys = this.#keys;
    if (keys === null) return this.#letting;
    this.#keys = null;
    const going = letGoOf({ ...keys, window: null }, this.#access);
    this.#letting = going.catch(() => undefined); // whoever let go is told
    return going;
  }

  async #press(keystroke: Keystroke, { judge, signal, onPressed }: Holder): Promise<Pressed> {
    const repeats = await this.#access.patiently(({ x }) => repeatingKeys(x), signal);
    const pressed: { held: HeldKeys | null } = { held: null };
    const deliver: Delivery = (x, ...rest) =>
      holdDown(repeats, (held) => {
        pressed.held = held;
        this.#keys = { x, down: held.down };
        onPressed();
      })(x, ...rest);
    const keyed = await this.#access.sendKeys(keystroke, judge, { signal, deliver });
    return { ...keyed, ...pressed };
  }

  #step(step: KeyStep, { judge, signal }: Holder): Promise<Judged> {
    const { sources } = this.#access;
    return this.#access.patiently(async ({ x }) => {
      await refuseUnheld(x, this.#keys);
      this.#keys = { x, down: step.held.down };
      return stepKeys(step, judge, { x, sources });
    }, signal);
  }
}
