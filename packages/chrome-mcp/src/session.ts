import { deadlineAfter } from '@deskhand/server-runtime';
import type { Browser, TargetInfo } from './browser/browser.ts';
import { Downloads, keepDownloads, type Download } from './browser/downloads.ts';
import { TimeUp } from './browser/failure.ts';
import type { PageScript } from './browser/page-script.ts';
import type { Opened, SharedBrowser } from './browser/shared-browser.ts';
import { Tab, type TurnOptions } from './browser/tab.ts';
import { unlessAborted } from './browser/turns.ts';
import type { Egress, Obstacle } from './egress/egress.ts';
import { OwnedTabs, type OwnedTab } from './owned-tabs.ts';

export interface BrowserSessionParts {
  readonly shared: SharedBrowser;
  /** What is put into the isolated worlds. */
  readonly script: PageScript;
  /** Milliseconds that one call may take. */
  readonly deadline: number;
  /** Cookies and storage of its own, apart from other sessions. */
  readonly isolated: boolean;
  /** `null` where what the browser reaches is not ours to limit. */
  readonly egress?: Pick<Egress, 'obstacle'> | null;
  /** Where files go that pages have the browser fetch. */
  readonly downloads: string;
}

/** A tab as a list shows it. */
export interface TabEntry {
  readonly id: string;
  readonly url: string;
  readonly title: string;
  readonly isCurrent: boolean;
  /** `free`: nobody's; the session that selects it has it. */
  readonly state: 'ready' | 'dialog' | 'crashed' | 'free';
}

/** What one client has of the browser: its tabs, the current one, and what it was not told yet. */
export class BrowserSession {
  readonly #parts: BrowserSessionParts;
  readonly #tabs = new OwnedTabs();
  readonly #news: string[] = [];
  #opened: Opened | null = null;
  #context: Promise<string | null> | null = null;
  #downloads: Downloads | null = null;
  /** Calls that come together share the tab that the first of them opens. */
  #first: Promise<OwnedTab> | null = null;
  readonly #ending = new AbortController();

  constructor(parts: BrowserSessionParts) {
    this.#parts = parts;
  }

  /** Milliseconds that one call may take. */
  get deadline(): number {
    return this.#parts.deadline;
  }

  /** What stands between the browser and an address, as far as it was tried. */
  obstacle(url: string): Obstacle | null {
    return this.#parts.egress?.obstacle(url) ?? null;
  }

  /** @throws BrowserUnavailable */
  async browser(signal: AbortSignal = this.#patience()): Promise<Browser> {
    const opened = await this.#parts.shared.get(signal);
    if (opened !== this.#opened) this.#adopt(opened);
    return opened.browser;
  }

  /** Those of this session, in the order in which they were opened; the browser is asked nothing. */
  tabs(): readonly TabEntry[] {
    return this.#tabs.all().map(({ id, targetId, tab }) => {
      const { url = '', title = '' } = this.#opened?.browser.page(targetId) ?? {};
      const state = tab?.isCrashed === true ? 'crashed' : tab?.dialog != null ? 'dialog' : 'ready';
      return { id, url, title, state, isCurrent: id === this.#tabs.current };
    });
  }

  /** Asks the browser for the titles of now; no page has to answer. */
  async refresh(signal: AbortSignal): Promise<void> {
    await this.#opened?.browser.refresh(this.#within(signal));
  }

  /** Resolves when no file is on its way. */
  async downloaded(signal: AbortSignal): Promise<void> {
    await this.#downloads?.idle(signal);
  }

  /** Pages that are no session's: those of the person, in a browser that was joined. */
  freeTabs(): readonly TabEntry[] {
    const pages = this.#opened?.browser.pages() ?? [];
    return pages
      .filter(({ targetId }) => this.#parts.shared.isFree(targetId))
      .map(({ targetId, url, title }) => ({
        ...{ id: this.#tabs.idOf(targetId), url, title },
        ...{ state: 'free', isCurrent: false },
      }));
  }

  /** The tab with this id, else the current one, else a new one; attached to. */
  async tab(id?: string, signal: AbortSignal = this.#patience()): Promise<Tab> {
    await this.browser(signal);
    const wanted = id ?? this.#tabs.current;
    const owned = wanted === null ? await unlessAborted(this.#firstTab(), signal) : this.#tabs.named(wanted);
    return this.#attach(owned, signal);
  }

  /** Does something in a tab, on its turn there and within the time of one call. */
  async inTab<T>(
    id: string | undefined,
    work: (tab: Tab, signal: AbortSignal) => Promise<T>,
    { signal, ...turn }: TurnOptions & { readonly signal: AbortSignal },
  ): Promise<T> {
    const tab = await this.tab(id, this.#within(signal));
    return tab.inTurn((within) => work(tab, within), signal, turn);
  }

  /** A tab that is attached to, whatever state it is in; nothing waits for the page. */
  attachedTab(id?: string): Tab | null {
    const wanted = id ?? this.#tabs.current;
    return wanted === null ? null : this.#tabs.named(wanted).tab;
  }

  async newTab(signal: AbortSignal): Promise<Tab> {
    const within = this.#within(signal);
    const owned = await this.#create(within);
    this.#tabs.makeCurrent(owned.id);
    return this.#attach(owned, within);
  }

  /** Makes a tab the current one; one that is nobody's becomes this session's. */
  select(id: string): void {
    const targetId = this.#tabs.offered(id);
    if (targetId !== null && this.#parts.shared.claim(targetId, this)) {
      this.#tabs.add(targetId, { isBorrowed: true });
    }
    this.#tabs.makeCurrent(id);
  }

  /** Closes a tab whatever its page does. */
  async closeTab(id: string, signal: AbortSignal): Promise<void> {
    const { targetId, tab } = this.#tabs.named(id);
    const within = this.#within(signal);
    const browser = await this.browser(within);
    const gone = closed(browser, targetId);
    this.#forget(targetId, 'it was closed');
    // a page that stands still, or hangs, does not end when it is asked to
    await tab?.dialogs.dismiss();
    const end = setTimeout(() => tab?.crash(), 1_000);
    try {
      await browser.connection.browser.send('Target.closeTarget', { targetId }, { signal: within });
      await unlessAborted(gone, within);
    } finally {
      clearTimeout(end);
    }
  }

  /** What happened since the last answer, and was not asked for. */
  takeNews(): readonly string[] {
    return this.#news.splice(0);
  }

  tell(news: string): void {
    this.#news.push(news);
  }

  /** Closes the tabs of this session; the browser stays for the others. */
  async close(): Promise<void> {
    this.#ending.abort(new Error('the session ended'));
    const root = this.#opened?.browser.connection;
    if (root === undefined || root.closed.aborted) return;
    const options = { signal: AbortSignal.timeout(2_000) };
    const all = this.#tabs.all();
    const targets = all.filter(({ isBorrowed }) => !isBorrowed).map(({ targetId }) => targetId);
    for (const { targetId } of all) this.#forget(targetId, 'the session ended');
    const context = await this.#context?.catch(() => null);
    const ending =
      context == null
        ? targets.map((targetId) => root.browser.send('Target.closeTarget', { targetId }, options))
        : [root.browser.send('Target.disposeBrowserContext', { browserContextId: context }, options)];
    // what is gone already is what was wanted
    await Promise.allSettled(ending);
  }

  #patience(): AbortSignal {
    return AbortSignal.timeout(this.#parts.deadline);
  }

  #within(signal: AbortSignal): AbortSignal {
    return deadlineAfter(this.#parts.deadline, signal);
  }

  #adopt(opened: Opened): void {
    this.#opened = opened;
    this.#context = null;
    if (opened.note !== null) this.tell(opened.note);
    const { browser, isOurs } = opened;
    const downloads = new Downloads(browser, isOurs ? this.#parts.downloads : null, {
      owns: (frameId) => this.#tabOf(frameId) !== null,
      began: (download, frameId) => this.#tabOf(frameId)?.activity.tell({ kind: 'download', ...download }),
      ended: (download) => this.tell(saidOf(download)),
    });
    const stop = browser.hear({
      opened: (info) => this.#sawOpened(info),
      closed: (targetId) => this.#sawClosed(targetId),
      crashed: (targetId) => this.#sawCrashed(targetId),
      download: (event) => downloads.hear(event),
    });
    this.#downloads = downloads;
    const lost = (): void => {
      stop();
      this.#lostBrowser();
    };
    const { closed } = browser.connection;
    closed.addEventListener('abort', lost);
    this.#ending.signal.addEventListener('abort', () => {
      stop();
      closed.removeEventListener('abort', lost);
    });
  }

  #tabOf(frameId: string): Tab | null {
    const owned = this.#tabs.all().find(({ tab }) => tab?.frames().some(({ id }) => id === frameId));
    return owned?.tab ?? null;
  }

  #lostBrowser(): void {
    const lost = this.#tabs.all();
    if (lost.length > 0 && !this.#ending.signal.aborted) {
      const what = lost.map(({ id }) => id).join(', ');
      this.tell(`The browser ended by itself; its tabs (${what}) are gone. The next call starts it again.`);
    }
    for (const { targetId } of lost) this.#forget(targetId, 'the browser ended');
    this.#opened = null;
  }

  #sawOpened({ targetId, openerId, url }: TargetInfo): void {
    const opener = openerId === undefined ? null : this.#tabs.ofTarget(openerId);
    if (opener === null || this.#ending.signal.aborted || !this.#parts.shared.claim(targetId, this)) return;
    const owned = this.#tabs.add(targetId);
    this.tell(
      `The page in ${opener.id} opened a new tab, ${owned.id}. The current one is still ${this.#tabs.current}.`,
    );
    opener.tab?.activity.tell({ kind: 'tabOpened', tab: owned.id, url });
    // at once, so that a dialog in it is known; one that is gone by then is told as closed
    this.#attach(owned, this.#patience()).catch(() => undefined);
  }

  #sawClosed(targetId: string): void {
    const owned = this.#tabs.ofTarget(targetId);
    if (owned === null) return;
    this.tell(`Tab ${owned.id} was closed by its page or by the person.`);
    this.#forget(targetId, 'the tab was closed');
  }

  #sawCrashed(targetId: string): void {
    const owned = this.#tabs.ofTarget(targetId);
    if (owned === null) return;
    owned.tab?.crashed();
    this.tell(`The page in ${owned.id} crashed. {"action": "reload"} of navigate loads it again.`);
  }

  #forget(targetId: string, reason: string): void {
    this.#tabs.ofTarget(targetId)?.tab?.closed(reason);
    this.#tabs.remove(targetId);
    this.#parts.shared.release(targetId);
  }

  #firstTab(): Promise<OwnedTab> {
    this.#first ??= this.#create(this.#patience()).finally(() => {
      this.#first = null;
    });
    return this.#first;
  }

  async #create(signal: AbortSignal): Promise<OwnedTab> {
    const browser = await this.browser(signal);
    const context = await this.#ownContext(browser, signal);
    const { targetId } = await browser.connection.browser.send(
      'Target.createTarget',
      { url: 'about:blank', background: true, ...(context !== null && { browserContextId: context }) },
      { signal },
    );
    this.#parts.shared.claim(targetId, this);
    return this.#tabs.add(targetId);
  }

  /** Made at the first tab, with the folder of its downloads. */
  #ownContext(browser: Browser, signal: AbortSignal): Promise<string | null> {
    this.#context ??= this.#createContext(browser);
    return unlessAborted(this.#context, signal);
  }

  async #createContext(browser: Browser): Promise<string | null> {
    const { isolated, downloads } = this.#parts;
    const { browser: root } = browser.connection;
    const context = isolated
      ? (await root.send('Target.createBrowserContext', { disposeOnDetach: true })).browserContextId
      : null;
    const folder = this.#opened?.isOurs === true ? downloads : null;
    await keepDownloads(browser, { folder, context }, this.#patience());
    return context;
  }

  async #attach(owned: OwnedTab, signal: AbortSignal): Promise<Tab> {
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

  async #open(owned: OwnedTab): Promise<Tab> {
    const { script, deadline } = this.#parts;
    const browser = await this.browser();
    const { connection } = browser;
    const { id, targetId } = owned;
    const { sessionId } = await connection.browser.send('Target.attachToTarget', { targetId, flatten: true });
    const tab = new Tab({
      ...{ id, targetId, connection, script: script.text, deadline, page: connection.session(sessionId) },
      about: () => browser.page(targetId) ?? { url: '', title: '' },
    });
    owned.tab = tab;
    await tab.open(this.#patience());
    return tab;
  }
}

const saidOf = ({ name, path, bytes, state }: Download): string => {
  const file = JSON.stringify(name);
  if (state === 'whole') return `Downloaded ${file}, ${bytes} bytes${path === null ? '' : `, to ${path}`}.`;
  return state === 'tooLarge'
    ? `The download ${file} was stopped at ${bytes} bytes: it is too large.`
    : `The download ${file} failed.`;
};

/** Resolves when the page is no more. */
function closed(browser: Browser, targetId: string): Promise<void> {
  return new Promise((resolve) => {
    const nothing = (): void => undefined;
    const stop = browser.hear({
      ...{ opened: nothing, crashed: nothing, download: nothing },
      closed: (gone) => {
        if (gone !== targetId) return;
        stop();
        resolve();
      },
    });
  });
}
