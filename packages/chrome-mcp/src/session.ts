import { inTime, type CallContext } from '@deskhand/server-runtime';
import type { Browser } from './browser/browser.ts';
import type { Download } from './browser/downloads.ts';
import { Followed } from './browser/followed.ts';
import type { Interceptor } from './browser/interception.ts';
import type { Opened, SharedBrowser } from './browser/shared-browser.ts';
import type { Tab, TurnOptions } from './browser/tab.ts';
import { unlessAborted } from './browser/turns.ts';
import type { Egress, Obstacle } from './egress/egress.ts';
import { RefusedRequests } from './egress/refused-requests.ts';
import type { OriginAccess } from './origin-access.ts';
import { FileAccess } from './file-access.ts';
import { sweepDownloads } from './file-sweep.ts';
import { checkHeldUp, endHeldUp } from './held-up.ts';
import { OutputFiles } from './output-files.ts';
import { OwnedTabs } from './owned-tabs.ts';
import { httpAuthentication } from './secrets/http-authentication.ts';
import { Secrets } from './secrets/secrets.ts';
import { TabEvents } from './tab-events.ts';
import { TabOpener, type TabOpenerParts } from './tab-opener.ts';

export interface BrowserSessionParts extends Omit<TabOpenerParts, 'opened' | 'own' | 'attached'> {
  readonly shared: SharedBrowser;
  /** `null` where what the browser reaches is not ours to limit. */
  readonly egress?: Pick<Egress, 'obstacle'> | null;
  /** What the model may use and not see. */
  readonly secrets?: Secrets;
  /** Who is asked about addresses; nobody where that is not ours to limit. */
  readonly access?: OriginAccess | null;
  /** A folder of the session for what tools write. */
  readonly files: string;
  /** Folders of the person that tools may read from and write to. */
  readonly roots?: readonly string[];
  /** The state folder, which tools keep away from. */
  readonly home: string;
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

const NO_SECRETS = new Secrets([]);

const CLOSING_MS = 2_000;

/** How many files of the past are known. */
const MOST_DOWNLOADS = 100;

/** What one client has of the browser: its tabs, the current one, and what it was not told yet. */
export class BrowserSession {
  readonly #parts: BrowserSessionParts;
  readonly #tabs = new OwnedTabs();
  readonly #opener: TabOpener;
  readonly #news: string[] = [];
  #opened: Opened | null = null;
  #events: TabEvents | null = null;
  #downloads: readonly Download[] = [];
  readonly #ending = new AbortController();
  /** The tabs that are in use. */
  readonly attached = new Followed<Tab>();
  readonly #refused = new RefusedRequests((url) => this.obstacle(url));
  readonly files: OutputFiles;
  readonly fileAccess: FileAccess;

  constructor(parts: BrowserSessionParts) {
    this.#parts = parts;
    const authentication = httpAuthentication(this.secrets);
    if (authentication !== null) this.#intercept(authentication);
    const { files: own, roots = [], home } = parts;
    this.files = new OutputFiles(own, (text) => this.secrets.scrub(text));
    this.fileAccess = new FileAccess({ roots, own, home });
    this.#opener = new TabOpener({
      ...parts,
      opened: (signal) => this.#open(signal),
      own: (targetId) => {
        parts.shared.claim(targetId, this);
        return this.#tabs.add(targetId);
      },
      attached: (tab) => {
        tab.activity.on((event) => {
          this.#refused.hear(event);
          if (event.kind === 'dialog') void endHeldUp(this.#attachedTabs(), tab, event.dialog);
        });
        this.attached.add(tab);
      },
    });
  }

  /** In all tabs, for as long as they are there. */
  #intercept(interceptor: Interceptor): void {
    this.attached.follow((tab) => {
      // a tab that goes away meanwhile has nothing more to intercept
      tab.interception.add(interceptor).catch(() => undefined);
      return () => undefined;
    });
  }

  /** Milliseconds that one call may take. */
  get deadline(): number {
    return this.#parts.deadline;
  }

  /** The browser was started by us, and has nothing of the person's in it. */
  get isOurs(): boolean {
    return this.#opened?.isOurs === true;
  }

  /** What stands between the browser and an address, as far as it was tried. */
  obstacle(url: string): Obstacle | null {
    return this.#parts.egress?.obstacle(url) ?? null;
  }

  /** Has the person asked about an address that the agent opens, where that is needed. @throws ToolError */
  async admit(url: string, call: CallContext): Promise<void> {
    await this.#parts.access?.admit(url, call);
  }

  get secrets(): Secrets {
    return this.#parts.secrets ?? NO_SECRETS;
  }

  /** The answer itself tells of this one. */
  toldRefusal(url: string): void {
    this.#refused.forget(url);
  }

  /** @throws BrowserUnavailable */
  async browser(signal: AbortSignal = this.#patience()): Promise<Browser> {
    return (await this.#open(signal)).browser;
  }

  /** Those of this session, in the order in which they were opened; the browser is asked nothing. */
  tabs(): readonly TabEntry[] {
    return this.#tabs.all().map(({ id, targetId, tab }) => {
      const { url = '', title = '' } = this.#opened?.browser.page(targetId) ?? {};
      const state = tab?.isCrashed === true ? 'crashed' : tab?.dialog != null ? 'dialog' : 'ready';
      return { id, url, title, state, isCurrent: id === this.#tabs.current };
    });
  }

  /** Asks the browser for the titles of now; no page has to answer. One that runs is joined first. */
  async refresh(signal: AbortSignal): Promise<void> {
    if (this.#parts.shared.isJoined) await this.#inTime(signal, (within) => this.browser(within));
    await this.#inTime(signal, async (within) => this.#opened?.browser.refresh(within));
  }

  /** The last files that pages had the browser fetch, in that order. */
  get downloads(): readonly Download[] {
    return this.#downloads;
  }

  movedDownload(download: Download, path: string): void {
    this.#downloads = this.#downloads.map((known) => (known === download ? { ...known, path } : known));
  }

  /** Resolves when no file is on its way. */
  async downloaded(signal: AbortSignal): Promise<void> {
    await this.#events?.downloaded(signal);
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
    await this.#inTime(signal, (within) => this.browser(within));
    const wanted = id ?? this.#tabs.current;
    const owned = wanted === null ? await this.#opener.first(signal) : this.#tabs.named(wanted);
    const tab = await this.#opener.attach(owned, signal);
    await checkHeldUp(this.#attachedTabs(), tab);
    return tab;
  }

  #attachedTabs(): readonly Tab[] {
    return this.#tabs.all().flatMap(({ tab }) => tab ?? []);
  }

  /** Does something in a tab, on its turn there and within the time of one call. */
  async inTab<T>(
    id: string | undefined,
    work: (tab: Tab, signal: AbortSignal) => Promise<T>,
    { signal, ...turn }: TurnOptions & { readonly signal: AbortSignal },
  ): Promise<T> {
    const tab = await this.#inTime(signal, (within) => this.tab(id, within));
    return tab.inTurn((within) => work(tab, within), signal, turn);
  }

  /** A tab that is attached to, whatever state it is in; nothing waits for the page. */
  attachedTab(id?: string): Tab | null {
    const wanted = id ?? this.#tabs.current;
    return wanted === null ? null : this.#tabs.named(wanted).tab;
  }

  async newTab(signal: AbortSignal): Promise<Tab> {
    return this.#inTime(signal, async (within) => {
      const owned = await this.#opener.create(within);
      this.#tabs.makeCurrent(owned.id);
      return this.#opener.attach(owned, within);
    });
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
  closeTab(id: string, signal: AbortSignal): Promise<void> {
    return this.#inTime(signal, (within) => this.#closeTab(id, within));
  }

  async #closeTab(id: string, signal: AbortSignal): Promise<void> {
    const { targetId, tab } = this.#tabs.named(id);
    const browser = await this.browser(signal);
    const gone = closed(browser, targetId);
    this.#forget(targetId, 'it was closed');
    // a page that stands still, or hangs, does not end when it is asked to
    await tab?.dialogs.dismiss();
    const end = setTimeout(() => tab?.crash(), 1_000);
    try {
      await browser.connection.browser.send('Target.closeTarget', { targetId }, { signal });
      await unlessAborted(gone, signal);
    } finally {
      clearTimeout(end);
    }
  }

  /** What happened since the last answer, and was not asked for. */
  takeNews(): readonly string[] {
    return [...this.#news.splice(0), ...this.#refused.take()];
  }

  tell(news: string): void {
    this.#news.push(news);
  }

  /** Closes the tabs of this session; the browser stays for the others. */
  async close(): Promise<void> {
    this.#ending.abort(new Error('the session ended'));
    await this.files.leave();
    const browser = this.#opened?.browser;
    if (browser === undefined || browser.connection.closed.aborted) return;
    await inTime(CLOSING_MS, browser.connection.closed, (signal) => this.#closeTabs(browser, signal));
  }

  async #closeTabs(browser: Browser, signal: AbortSignal): Promise<void> {
    const root = browser.connection.browser;
    const all = this.#tabs.all();
    const targets = all.filter(({ isBorrowed }) => !isBorrowed).map(({ targetId }) => targetId);
    for (const { targetId } of all) this.#forget(targetId, 'the session ended');
    const context = await this.#opener.context();
    const ending =
      context === null
        ? targets.map(async (targetId) => {
            // who comes next would see it while it closes
            const gone = closed(browser, targetId);
            await root.send('Target.closeTarget', { targetId }, { signal });
            await unlessAborted(gone, signal);
          })
        : [root.send('Target.disposeBrowserContext', { browserContextId: context }, { signal })];
    // what is gone already is what was wanted
    await Promise.allSettled(ending);
  }

  #patience(): AbortSignal {
    return AbortSignal.timeout(this.#parts.deadline);
  }

  /** Within the time of one call. */
  #inTime<T>(signal: AbortSignal, work: (within: AbortSignal) => Promise<T>): Promise<T> {
    return inTime(this.#parts.deadline, signal, work);
  }

  async #open(signal: AbortSignal): Promise<Opened> {
    const opened = await this.#parts.shared.get(signal);
    if (opened !== this.#opened) this.#adopt(opened);
    return opened;
  }

  #adopt(opened: Opened): void {
    this.#opened = opened;
    this.#opener.forget();
    if (opened.note !== null) this.tell(opened.note);
    this.#events = new TabEvents(opened, {
      ...{ tabs: this.#tabs, downloads: this.#parts.downloads, ending: this.#ending.signal },
      own: (targetId) => (this.#parts.shared.claim(targetId, this) ? this.#tabs.add(targetId) : null),
      forget: (targetId, reason) => this.#forget(targetId, reason),
      attach: (owned) => this.#opener.attach(owned, this.#patience()),
      tell: (news) => this.tell(news),
      downloaded: (download) => {
        this.#downloads = [...this.#downloads, download].slice(-MOST_DOWNLOADS);
        // what cannot be deleted now is tried again after the next one
        if (opened.isOurs) sweepDownloads(this.#parts.downloads).catch(() => undefined);
      },
      lost: () => {
        this.#opened = null;
      },
    });
  }

  #forget(targetId: string, reason: string): void {
    const tab = this.#tabs.ofTarget(targetId)?.tab;
    tab?.closed(reason);
    if (tab != null) this.attached.remove(tab);
    this.#tabs.remove(targetId);
    this.#parts.shared.release(targetId);
  }
}

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
