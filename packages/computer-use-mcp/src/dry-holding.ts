import type { Point } from './core/geometry.ts';
import type { Desktop, Judge, Judged, Keystroke } from './desktop/desktop.ts';
import type { Holder, Holding, Moved } from './desktop/holding.ts';

/** What decides on an action that is then withheld. */
export type Withhold = <T extends Judged>(judge: Judge, act: (told: Judge) => Promise<T>) => Promise<T>;

/** A button that is not pressed counts as held for about as long as a real one would be without a call. */
const HELD_MS = 50_000;

/** Judges what would be held, and where it would be let go of; nothing goes down. */
export class DryHolding implements Holding {
  readonly #desktop: Desktop;
  readonly #holding: Holding;
  readonly #withhold: Withhold;
  #held: { readonly session: string; readonly until: number } | null = null;

  constructor(desktop: Desktop, holding: Holding, withhold: Withhold) {
    this.#desktop = desktop;
    this.#holding = holding;
    this.#withhold = withhold;
  }

  heldBy(): string | null {
    return this.#held !== null && performance.now() < this.#held.until ? this.#held.session : null;
  }

  untilLetGo(): Promise<void> {
    return Promise.resolve();
  }

  async drag(path: readonly Point[], _modifiers: readonly string[], holder: Holder): Promise<Moved> {
    const [from, ...rest] = path;
    if (from === undefined) throw new Error('a drag has a start and an end');
    let moved = await this.#look(from, holder);
    for (const at of rest) if (moved.decision.allowed) moved = await this.#look(at, holder);
    return moved;
  }

  async press(holder: Holder): Promise<Judged> {
    const judged = await this.#withhold(holder.judge, (judge) => this.#holding.press({ ...holder, judge }));
    if (judged.decision.allowed) this.#hold(holder);
    return judged;
  }

  async moveTo(to: Point, holder: Holder): Promise<Moved | null> {
    return this.heldBy() === holder.session ? this.#look(to, holder) : null;
  }

  async release(holder: Holder): Promise<Moved | null> {
    if (this.heldBy() !== holder.session) return null;
    this.#held = null;
    return this.#look(await this.#desktop.pointer(), holder);
  }

  async holdKeys(
    keystroke: Keystroke,
    ms: number,
    holder: Holder,
  ): Promise<Judged & { readonly heldMs: number }> {
    return this.#withhold(holder.judge, (judge) =>
      this.#holding.holdKeys(keystroke, ms, { ...holder, judge }),
    );
  }

  letGo(session?: string): Promise<void> {
    if (session === undefined || session === this.#held?.session) this.#held = null;
    return Promise.resolve();
  }

  #hold({ session }: Holder): void {
    this.#held = { session, until: performance.now() + HELD_MS };
  }

  /** Judges as if the button were there. */
  async #look(at: Point, { judge, signal }: Holder): Promise<Moved> {
    const judged = await this.#withhold(judge, (told) =>
      this.#desktop.point({ kind: 'move', at }, told, signal),
    );
    return { ...judged, wasPressed: false, at };
  }
}
