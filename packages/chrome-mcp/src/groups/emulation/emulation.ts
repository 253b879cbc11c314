import type { Tab } from '../../browser/tab.ts';
import type { CdpSession } from '../../cdp/connection.ts';
import type { BrowserSession } from '../../session.ts';
import { apply, type Natural } from './commands.ts';
import { settingNames, type SettingName, type Settings } from './settings.ts';

/** What holds in all tabs of a session, those that come included. */
export class Emulation {
  readonly #session: BrowserSession;
  readonly #sessions = new Map<CdpSession, { readonly isPage: boolean }>();
  #settings: Settings = {};
  #natural: Natural = { userAgent: '' };
  #unfollow: (() => void) | null = null;

  constructor(session: BrowserSession) {
    this.#session = session;
  }

  get settings(): Settings {
    return this.#settings;
  }

  /**
   * Adds to what holds; a name that is `undefined` ends it.
   *
   * @throws CommandFailed when the browser does not take a value, and then nothing has changed
   */
  async change(change: Settings, signal: AbortSignal): Promise<void> {
    const { connection } = await this.#session.browser(signal);
    const { userAgent } = await connection.browser.send('Browser.getVersion', undefined, { signal });
    this.#natural = { userAgent };
    const before = this.#settings;
    const names = settingNames.filter((name) => name in change);
    this.#unfollow ??= this.#session.attached.follow((tab) => this.#begin(tab));
    this.#settings = { ...before, ...change };
    try {
      await this.#tell(names);
    } catch (error) {
      this.#settings = before;
      await this.#tell(names);
      throw error;
    }
  }

  /** Everything is natural again, and new tabs are not told anything. */
  end(): void {
    const names = settingNames.filter((name) => this.#settings[name] !== undefined);
    this.#settings = {};
    // a tab that is gone believes nothing
    this.#tell(names).catch(() => undefined);
    this.#unfollow?.();
    this.#unfollow = null;
  }

  #begin(tab: Tab): () => void {
    return tab.sessions.follow((session) => {
      this.#sessions.set(session, { isPage: session === tab.page });
      const names = settingNames.filter((name) => this.#settings[name] !== undefined);
      // it may be gone again, and a frame need not take all
      for (const sent of this.#applied(session, names)) sent.catch(() => undefined);
      return () => void this.#sessions.delete(session);
    });
  }

  /** Pages have to take it; frames in the process of another one believe what that does. */
  async #tell(names: readonly SettingName[]): Promise<void> {
    const sent = [...this.#sessions].flatMap(([session, { isPage }]) =>
      this.#applied(session, names).map((one) => (isPage ? one : one.catch(() => undefined))),
    );
    await Promise.all(sent);
  }

  #applied(session: CdpSession, names: readonly SettingName[]): readonly Promise<unknown>[] {
    const { isPage = false } = this.#sessions.get(session) ?? {};
    const about = { settings: this.#settings, natural: this.#natural, isPage };
    return names.flatMap((name) => apply(session, { ...about, name }));
  }
}
