import { keepDownloads } from './browser/downloads.ts';
import { TimeUp } from './browser/failure.ts';
import type { PageScript } from './browser/page-script.ts';
import type { Opened } from './browser/shared-browser.ts';
import { Tab } from './browser/tab.ts';
import type { CdpSession, Connection } from './cdp/connection.ts';
import { unlessAborted } from './browser/turns.ts';
import type { OwnedTab } from './owned-tabs.ts';

export interface TabOpenerParts {
  /** What is put into the isolated worlds. */
  readonly script: PageScript;
  /** Milliseconds that one call may take. */
  readonly deadline: number;
  /** Cookies and storage of its own, apart from other sessions. */
  readonly isolated: boolean;
  /** Where files go that pages have the browser fetch. */
  readonly downloads: string;
  /** The browser, which is started if it has to be. */
  opened(signal: AbortSignal): Promise<Opened>;
  /** Takes a new page into the session. */
  own(targetId: string): OwnedTab;
  /** Is told of a tab that is attached to, before anything in it is heard. */
  attached(tab: Tab): void;
}

/** Opens the tabs of a session, in a context of its own if it has one, and attaches to them. */
export class TabOpener {
  readonly #parts: TabOpenerParts;
  #context: Promise<string | null> | null = null;
  /** Calls that come together share the tab that the first of them opens. */
  #first: Promise<OwnedTab> | null = null;

  constructor(parts: TabOpenerParts) {
    this.#parts = parts;
  }

  /** The context of this session; `null` while or where it has none. */
  async context(): Promise<string | null> {
    // one that could not be made is none
    return (await this.#context?.catch(() => null)) ?? null;
  }

  /** What was made in a browser is gone with it. */
  forget(): void {
    this.#context = null;
  }

  /** The tab of a session that has none. */
  first(signal: AbortSignal): Promise<OwnedTab> {
    this.#first ??= this.create(this.#patience()).finally(() => {
      this.#first = null;
    });
    return unlessAborted(this.#first, signal);
  }

  async create(signal: AbortSignal): Promise<OwnedTab> {
    const opened = await this.#parts.opened(signal);
    const context = await this.#ownContext(opened, signal);
    const { targetId } = await opened.browser.connection.browser.send(
      'Target.createTarget',
      { url: 'about:blank', background: true, ...(context !== null && { browserContextId: context }) },
      { signal },
    );
    return this.#parts.own(targetId);
  }

  /** Attached to once, however many ask. */
  async attach(owned: OwnedTab, signal: AbortSignal): Promise<Tab> {
    const opening = owned.opening ?? this.#open(owned);
    owned.opening = opening;
    try {
      return await unlessAborted(opening, signal);
    } catch (error) {
      if (owned.opening === opening) owned.opening = null;
      if (!signal.aborted) throw error;
      throw new TimeUp('deaf', this.#parts.deadline);
    }
  }

  /** Made at the first tab, with the folder of its downloads. */
  #ownContext(opened: Opened, signal: AbortSignal): Promise<string | null> {
    const context = this.#context ?? this.#createContext(opened);
    this.#context = context;
    context.catch(() => {
      // the next call tries again
      if (this.#context === context) this.#context = null;
    });
    return unlessAborted(context, signal);
  }

  async #createContext({ browser, isOurs }: Opened): Promise<string | null> {
    const { isolated, downloads } = this.#parts;
    const { browser: root } = browser.connection;
    const context = isolated
      ? (await root.send('Target.createBrowserContext', { disposeOnDetach: true })).browserContextId
      : null;
    try {
      await keepDownloads(browser, { folder: isOurs ? downloads : null, context }, this.#patience());
    } catch (error) {
      // nobody will use it; a browser that is gone has none
      if (context !== null)
        root.send('Target.disposeBrowserContext', { browserContextId: context }).catch(() => undefined);
      throw error;
    }
    return context;
  }

  async #open(owned: OwnedTab): Promise<Tab> {
    const { script, deadline } = this.#parts;
    const { browser } = await this.#parts.opened(this.#patience());
    const { connection } = browser;
    const { id, targetId } = owned;
    const met = browser.meet(targetId);
    const page = met?.session ?? (await attachTo(connection, targetId));
    const tab = new Tab({
      ...{ id, targetId, connection, script: script.text, deadline, page },
      about: () => browser.page(targetId) ?? { url: '', title: '' },
    });
    owned.tab = tab;
    this.#parts.attached(tab);
    if (met?.dialog != null) tab.dialogs.found(met.dialog);
    await tab.open(this.#patience());
    return tab;
  }

  #patience(): AbortSignal {
    return AbortSignal.timeout(this.#parts.deadline);
  }
}

async function attachTo(connection: Connection, targetId: string): Promise<CdpSession> {
  const { sessionId } = await connection.browser.send('Target.attachToTarget', { targetId, flatten: true });
  return connection.session(sessionId);
}
