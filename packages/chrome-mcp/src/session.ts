import { deadlineAfter, ToolError } from '@deskhand/server-runtime';
import type { Browser, TargetInfo } from './browser/browser.ts';
import type { Opened, SharedBrowser } from './browser/shared-browser.ts';
import type { PageScript } from './browser/page-script.ts';
import { Tab, type TurnOptions } from './browser/tab.ts';
import { unlessAborted } from './browser/turns.ts';
import { TimeUp } from './browser/failure.ts';
import type { Egress, Obstacle } from './egress/egress.ts';

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
}

/** A tab as a list shows it. */
export interface TabEntry {
  readonly id: string;
  readonly targetId: string;
  readonly url: string;
  readonly title: string;
  readonly isCurrent: boolean;
  readonly state: 'ready' | 'dialog' | 'crashed';
}

interface Owned {
  readonly id: string;
  readonly targetId: string;
  attached: Promise<Tab> | null;
  /** Once it is there, for what comes out of band. */
  tab: Tab | null;
}

/** What one client has of the browser: its tabs, the current one, and what it was not told yet. */
export class BrowserSession {
  readonly #parts: BrowserSessionParts;
  readonly #owned = new Map<string, Owned>();
  readonly #news: string[] = [];
  #opened: Opened | null = null;
  #context: Promise<string> | null = null;
  #current: string | null = null;
  #lastId = 0;
  #hasEnded = false;

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

  /** Of this session, in the order in which they were opened; the browser is asked nothing. */
  tabs(): readonly TabEntry[] {
    return [...this.#owned.values()].map(({ id, targetId, tab }) => {
      const info = this.#opened?.browser.page(targetId);
      const state = tab?.isCrashed === true ? 'crashed' : tab?.dialog != null ? 'dialog' : 'ready';
      const isCurrent = id === this.#current;
      return { ...{ id, targetId, state, isCurrent }, url: info?.url ?? '', title: info?.title ?? '' };
    });
  }

  /** The tab with this id, else the current one, else a new one; attached to. */
  async tab(id?: string, signal: AbortSignal = this.#patience()): Promise<Tab> {
    await this.browser(signal);
    const wanted = id ?? this.#current;
    if (wanted === null) return this.#attach(await this.#create(signal), signal);
    return this.#attach(this.#find(wanted), signal);
  }

  /** Does something in a tab, on its turn there and within the time of one call. */
  async inTab<T>(
    id: string | undefined,
    work: (tab: Tab, signal: AbortSignal) => Promise<T>,
    { signal, ...turn }: TurnOptions & { readonly signal: AbortSignal },
  ): Promise<T> {
    const tab = await this.tab(id, deadlineAfter(this.#parts.deadline, signal));
    return tab.inTurn((within) => work(tab, within), signal, turn);
  }

  /** A tab that is attached already, whatever state it is in; nothing waits for the page. */
  attachedTab(id?: string): Tab | null {
    const wanted = id ?? this.#current;
    return wanted === null ? null : this.#find(wanted).tab;
  }

  async newTab(signal: AbortSignal): Promise<Tab> {
    await this.browser(signal);
    const owned = await this.#create(signal);
    this.#current = owned.id;
    return this.#attach(owned, signal);
  }

  select(id: string): void {
    this.#current = this.#find(id).id;
  }

  /** Closes a tab whatever its page does. */
  async closeTab(id: string, signal: AbortSignal): Promise<void> {
    const owned = this.#find(id);
    const browser = await this.browser(signal);
    const gone = new Promise<void>((resolve) => {
      const stop = browser.hear({
        ...SILENT,
        closed: (targetId) => {
          if (targetId !== owned.targetId) return;
          stop();
          resolve();
        },
      });
    });
    this.#forget(owned.targetId, 'it was closed');
    await owned.tab?.dialogs.dismiss();
    const { targetId } = owned;
    await browser.connection.browser.send('Target.closeTarget', { targetId }, { signal });
    const crash = setTimeout(() => owned.tab?.crash(), 1_000);
    try {
      await unlessAborted(gone, signal);
    } finally {
      clearTimeout(crash);
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
    this.#hasEnded = true;
    const browser = this.#opened?.browser;
    if (browser === undefined || browser.connection.closed.aborted) return;
    const { browser: root } = browser.connection;
    const closing = [...this.#owned.values()].map(({ targetId }) => {
      this.#parts.shared.release(targetId);
      return root.send('Target.closeTarget', { targetId }, { signal: AbortSignal.timeout(2_000) });
    });
    // what is gone already is what was wanted
    await Promise.allSettled(closing);
    const browserContextId = await this.#context;
    if (browserContextId === null) return;
    await Promise.allSettled([
      root.send('Target.disposeBrowserContext', { browserContextId }, { signal: AbortSignal.timeout(2_000) }),
    ]);
  }

  #patience(): AbortSignal {
    return AbortSignal.timeout(this.#parts.deadline);
  }

  #adopt(opened: Opened): void {
    this.#opened = opened;
    this.#context = null;
    if (opened.note !== null) this.tell(opened.note);
    const stop = opened.browser.hear({
      opened: (info) => this.#sawOpened(info),
      closed: (targetId) => this.#sawClosed(targetId),
      crashed: (targetId) => this.#sawCrashed(targetId),
      download: () => undefined,
    });
    opened.browser.connection.closed.addEventListener('abort', () => {
      stop();
      this.#lostBrowser();
    });
  }

  #lostBrowser(): void {
    const lost = [...this.#owned.values()];
    if (lost.length > 0 && !this.#hasEnded) {
      const what = lost.map(({ id }) => id).join(', ');
      this.tell(`The browser ended by itself; its tabs (${what}) are gone. The next call starts it again.`);
    }
    for (const { targetId } of lost) this.#forget(targetId, 'the browser ended');
    this.#opened = null;
  }

  #sawOpened(info: TargetInfo): void {
    const opener = [...this.#owned.values()].find(({ targetId }) => targetId === info.openerId);
    if (opener === undefined || this.#hasEnded) return;
    const owned = this.#own(info.targetId);
    if (owned === null) return;
    this.tell(
      `The page in ${opener.id} opened a new tab, ${owned.id}; ${this.#current ?? opener.id} stays current.`,
    );
    opener.tab?.activity.tell({ kind: 'tabOpened', tab: owned.id, url: info.url });
    // at once, so that a dialog in it is known; one that is gone by then is told as closed
    this.#attach(owned, this.#patience()).catch(() => undefined);
  }

  #sawClosed(targetId: string): void {
    const owned = this.#owned.get(targetId);
    if (owned === undefined) return;
    this.tell(`Tab ${owned.id} was closed by its page or by the person.`);
    this.#forget(targetId, 'the tab was closed');
  }

  #sawCrashed(targetId: string): void {
    const owned = this.#owned.get(targetId);
    if (owned === undefined) return;
    owned.tab?.crashed();
    this.tell(`The page in ${owned.id} crashed; navigate with reload loads it again.`);
  }

  #forget(targetId: string, reason: string): void {
    const owned = this.#owned.get(targetId);
    if (owned === undefined) return;
    owned.tab?.closed(reason);
    this.#owned.delete(targetId);
    this.#parts.shared.release(targetId);
    if (this.#current === owned.id) this.#current = [...this.#owned.values()].at(-1)?.id ?? null;
  }

  #find(id: string): Owned {
    const owned = [...this.#owned.values()].find((candidate) => candidate.id === id);
    if (owned !== undefined) return owned;
    const known = [...this.#owned.values()].map((candidate) => candidate.id).join(', ');
    throw new ToolError('no_such_tab', `There is no tab ${id}`, {
      hint: known === '' ? 'No tab is open: navigate opens one.' : `Open are: ${known}.`,
    });
  }

  #own(targetId: string): Owned | null {
    if (!this.#parts.shared.claim(targetId, this)) return null;
    const known = this.#owned.get(targetId);
    if (known !== undefined) return known;
    this.#lastId += 1;
    const owned = { id: `t${this.#lastId}`, targetId, attached: null, tab: null };
    this.#owned.set(targetId, owned);
    return owned;
  }

  async #create(signal: AbortSignal): Promise<Owned> {
    const browser = await this.browser(signal);
    const context = await this.#ownContext(browser, signal);
    const params = { url: 'about:blank', ...(context !== null && { browserContextId: context }) };
    const { targetId } = await browser.connection.browser.send('Target.createTarget', params, { signal });
    const owned = this.#own(targetId);
    if (owned === null) throw new Error('a new tab has an owner already');
    this.#current ??= owned.id;
    return owned;
  }

  async #ownContext(browser: Browser, signal: AbortSignal): Promise<string | null> {
    if (!this.#parts.isolated) return null;
    this.#context ??= browser.connection.browser
      .send('Target.createBrowserContext', { disposeOnDetach: true })
      .then(({ browserContextId }) => browserContextId);
    return unlessAborted(this.#context, signal);
  }

  async #attach(owned: Owned, signal: AbortSignal): Promise<Tab> {
    const attached = owned.attached ?? this.#open(owned);
    owned.attached = attached;
    try {
      return await unlessAborted(attached, signal);
    } catch (error) {
      if (owned.attached === attached) owned.attached = null;
      if (!signal.aborted) throw error;
      throw new TimeUp('deaf', this.#parts.deadline);
    }
  }

  async #open({ id, targetId }: Owned): Promise<Tab> {
    const { script, deadline } = this.#parts;
    const { browser } = this.#opened ?? (await this.#parts.shared.get(this.#patience()));
    const { connection } = browser;
    const { sessionId } = await connection.browser.send('Target.attachToTarget', { targetId, flatten: true });
    const tab = new Tab({
      ...{ id, targetId, connection, script: script.text, deadline, page: connection.session(sessionId) },
      about: () => browser.page(targetId) ?? { url: '', title: '' },
    });
    const owned = this.#owned.get(targetId);
    if (owned !== undefined) owned.tab = tab;
    await tab.open(this.#patience());
    return tab;
  }
}

const SILENT = {
  opened: () => undefined,
  closed: () => undefined,
  crashed: () => undefined,
  download: () => undefined,
};
