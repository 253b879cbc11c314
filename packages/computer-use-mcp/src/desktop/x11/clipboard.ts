import type {
  Clipboard,
  ClipboardUser,
  ReadClipboard,
  ReadRules,
  WriteRules,
  WrittenClipboard,
} from '../clipboard.ts';
import type { Judge, Judged } from '../desktop.ts';
import { DesktopBusy, DesktopUnavailable } from '../failure.ts';
import { ClipboardHolding, OFFER_MS } from './clipboard-holding.ts';
import { ConnectionLost } from './connection.ts';
import type { OwnerSources } from './owners.ts';

const TRIES = 3;

export interface X11ClipboardOptions {
  readonly display: string;
  readonly sources: OwnerSources;
  /** Judges who would receive a key right now. */
  readonly judgeKeys: (judge: Judge, signal: AbortSignal) => Promise<Judged>;
}

/**
 * The selection CLIPBOARD. It has a connection of its own, which never holds the server up and outlives the loss of
 * the one that does: what the person copied is only here while an agent's text is offered.
 */
export class X11Clipboard implements Clipboard {
  readonly #options: X11ClipboardOptions;
  #opening: Promise<ClipboardHolding> | null = null;
  #turn: Promise<unknown> = Promise.resolve();

  constructor(options: X11ClipboardOptions) {
    this.#options = options;
  }

  read(rules: ReadRules, signal: AbortSignal): Promise<ReadClipboard> {
    return this.#inTurn(async (holding) => {
      for (let attempt = 0; attempt < TRIES; attempt++) {
        const before = await holding.state();
        const judged = await this.#options.judgeKeys(rules.judge, signal);
        if (!judged.decision.allowed) return { ...judged, found: null };
        const found = await holding.find(before.owner, rules, signal);
        signal.throwIfAborted();
        // whoever was judged is the one that was asked: nobody else came in between
        if ((await holding.state()).changes === before.changes) return { ...judged, found };
      }
      throw new DesktopBusy('the clipboard keeps changing');
    });
  }

  write(text: string, rules: WriteRules, signal: AbortSignal): Promise<WrittenClipboard> {
    return this.#inTurn(async (holding) => {
      const judged = await this.#options.judgeKeys(rules.judge, signal);
      const answer = { ...judged, notKept: null, offeredMs: OFFER_MS };
      if (!judged.decision.allowed) return answer;
      for (let attempt = 0; attempt < TRIES; attempt++) {
        // the server ignores us when somebody else copies after this time
        const time = await holding.now();
        const kept = await holding.keep(signal);
        signal.throwIfAborted();
        if ('notKept' in kept) return { ...answer, notKept: kept.notKept };
        if (await holding.take(kept, time)) {
          holding.offer(text, rules);
          return answer;
        }
      }
      throw new DesktopBusy('the clipboard keeps changing');
    });
  }

  withdraw(by: ClipboardUser): void {
    void this.#opening?.then(
      (holding) => holding.withdraw(by),
      () => undefined, // it never opened
    );
  }

  async close(): Promise<void> {
    const opening = this.#opening;
    this.#opening = null;
    const holding = await opening?.catch(() => null); // it never opened
    await holding?.close();
  }

  /** One at a time: two that keep what was there before would keep each other's. */
  #inTurn<T>(work: (holding: ClipboardHolding) => Promise<T>): Promise<T> {
    const turn = this.#turn.then(async () => {
      try {
        return await work(await this.#open());
      } catch (error) {
        if (!(error instanceof ConnectionLost)) throw error;
        throw this.#unreachable(error);
      }
    });
    this.#turn = turn.catch(() => undefined); // whoever asked is told
    return turn;
  }

  async #open(): Promise<ClipboardHolding> {
    const known = await this.#opening?.catch(() => null); // tried anew
    if (known !== undefined && known !== null && !known.isLost) return known;
    this.#opening = ClipboardHolding.open(this.#options).catch((error: unknown) => {
      throw this.#unreachable(error);
    });
    return this.#opening;
  }

  #unreachable(cause: unknown): DesktopUnavailable {
    const why = cause instanceof Error ? cause.message : String(cause);
    return new DesktopUnavailable(`no X server answers at ${this.#options.display}: ${why}`, { cause });
  }
}
