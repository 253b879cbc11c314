import { AccessibilityUnavailable } from '../failure.ts';
import type { Bus } from './bus.ts';
import { aborted, openAccessibilityBus } from './connection.ts';

interface Shared {
  readonly opening: Promise<Bus>;
  readonly mayStart: boolean;
  users: number;
  isRetired: boolean;
}

const CONNECT_MS = 3000;

/** The one connection of all sessions: opened at first use, and again when it broke. */
export class SharedBus {
  readonly #env: Readonly<Record<string, string | undefined>>;
  #current: Shared | null = null;

  constructor(env: Readonly<Record<string, string | undefined>>) {
    this.#env = env;
  }

  /** Works with a connection that answers. One that `work` leaves behind with unanswered calls is not used again. */
  async use<T>(work: (bus: Bus) => Promise<T>, mayStart = true): Promise<T> {
    const { shared, bus } = await this.#living(mayStart);
    try {
      return await work(bus);
    } catch (error) {
      if (bus.isLost)
        throw new AccessibilityUnavailable('the accessibility bus went away', 'Try again.', { cause: error });
      throw error;
    } finally {
      this.#release(shared, bus);
    }
  }

  /** Lets the others finish, and opens another connection for whoever comes next. */
  retire(): void {
    if (this.#current !== null) this.#current.isRetired = true;
    this.#current = null;
  }

  close(): void {
    const current = this.#current;
    this.#current = null;
    void current?.opening.then(
      (bus) => bus.close(),
      () => undefined, // it never opened
    );
  }

  async #living(mayStart: boolean): Promise<{ readonly shared: Shared; readonly bus: Bus }> {
    for (let isAgain = false; ; isAgain = true) {
      const shared = (this.#current ??= this.#open(mayStart));
      shared.users += 1;
      try {
        const bus = await shared.opening;
        if (await answers(bus)) return { shared, bus };
        this.#forget(shared);
        this.#release(shared, bus);
        if (isAgain)
          throw new AccessibilityUnavailable('the accessibility bus does not answer', 'Try again.');
      } catch (error) {
        this.#forget(shared);
        // somebody else's try, which would not have started the bus
        if (isAgain || !mayStart || shared.mayStart) throw error;
      }
    }
  }

  #open(mayStart: boolean): Shared {
    const signal = AbortSignal.timeout(CONNECT_MS);
    return {
      opening: openAccessibilityBus({ env: this.#env, mayStart, signal }),
      mayStart,
      users: 0,
      isRetired: false,
    };
  }

  #forget(shared: Shared): void {
    shared.isRetired = true;
    if (this.#current === shared) this.#current = null;
  }

  #release(shared: Shared, bus: Bus): void {
    shared.users -= 1;
    if (shared.isRetired && shared.users === 0) bus.close();
  }
}

/** A bus that ended quietly only shows it when it is asked something. */
async function answers(bus: Bus): Promise<boolean> {
  const call = {
    destination: 'org.freedesktop.DBus',
    path: '/org/freedesktop/DBus',
    interface: 'org.freedesktop.DBus',
    member: 'GetId',
  };
  try {
    await Promise.race([bus.call(call), aborted(AbortSignal.timeout(CONNECT_MS))]);
    return true;
  } catch {
    return false; // whatever it is, another connection is the answer
  }
}
