import type { Protocol } from 'devtools-protocol';
import type { Connection } from '../cdp/connection.ts';
import { Meetings, type Met } from './meetings.ts';

export type TargetInfo = Protocol.Target.TargetInfo;

/** What happens to the pages of a browser. */
export interface PageEvents {
  opened(info: TargetInfo): void;
  closed(targetId: string): void;
  crashed(targetId: string): void;
  /** A file that a page has the browser fetch: it begins, or ends. */
  download(event: DownloadEvent): void;
}

export type DownloadEvent =
  | ({ readonly kind: 'began' } & Protocol.Browser.DownloadWillBeginEvent)
  | ({ readonly kind: 'progress' } & Protocol.Browser.DownloadProgressEvent);

/** A browser that answers. Its pages are known from what it says of them; none is attached to unless it is used. */
export class Browser {
  readonly connection: Connection;
  /** Such as `Chrome/156.0.8078.79`. */
  readonly product: string;
  readonly #pages = new Map<string, TargetInfo>();
  readonly #listeners = new Set<PageEvents>();

  readonly #meetings: Meetings;

  private constructor(connection: Connection, product: string) {
    this.connection = connection;
    this.product = product;
    this.#meetings = new Meetings(connection);
  }

  /** `isOurs`: nobody else has pages in it, and all may be attached to. */
  static async over(
    connection: Connection,
    { isOurs, signal }: { readonly isOurs: boolean; readonly signal: AbortSignal },
  ): Promise<Browser> {
    const { product } = await connection.browser.send('Browser.getVersion', undefined, { signal });
    const browser = new Browser(connection, product);
    browser.#listen();
    const filter = [{ type: 'page' }];
    await connection.browser.send('Target.setDiscoverTargets', { discover: true, filter }, { signal });
    if (isOurs) await browser.#meetings.begin(signal);
    return browser;
  }

  /** Pages, in the order in which they were opened. */
  pages(): readonly TargetInfo[] {
    return [...this.#pages.values()];
  }

  page(targetId: string): TargetInfo | null {
    return this.#pages.get(targetId) ?? null;
  }

  /** The page as it was made, in a browser of ours, for whoever uses it first. */
  meet(targetId: string): Met | null {
    return this.#meetings.take(targetId);
  }

  /** Asks for what is not told by itself, such as titles; no page has to answer. */
  async refresh(signal: AbortSignal): Promise<void> {
    const { targetInfos } = await this.connection.browser.send('Target.getTargets', {}, { signal });
    for (const info of targetInfos) if (this.#pages.has(info.targetId)) this.#pages.set(info.targetId, info);
  }

  hear(events: PageEvents): () => void {
    this.#listeners.add(events);
    return () => void this.#listeners.delete(events);
  }

  #listen(): void {
    const { browser } = this.connection;
    browser.on('Target.targetCreated', ({ targetInfo }) => {
      if (targetInfo.type !== 'page') return;
      this.#pages.set(targetInfo.targetId, targetInfo);
      this.#tell((listener) => listener.opened(targetInfo));
    });
    browser.on('Target.targetInfoChanged', ({ targetInfo }) => {
      if (this.#pages.has(targetInfo.targetId)) this.#pages.set(targetInfo.targetId, targetInfo);
    });
    browser.on('Target.targetDestroyed', ({ targetId }) => {
      if (this.#pages.delete(targetId)) this.#tell((listener) => listener.closed(targetId));
    });
    browser.on('Target.targetCrashed', ({ targetId }) =>
      this.#tell((listener) => listener.crashed(targetId)),
    );
    browser.on('Browser.downloadWillBegin', (event) =>
      this.#tell((listener) => listener.download({ kind: 'began', ...event })),
    );
    browser.on('Browser.downloadProgress', (event) =>
      this.#tell((listener) => listener.download({ kind: 'progress', ...event })),
    );
  }

  #tell(what: (listener: PageEvents) => void): void {
    for (const listener of [...this.#listeners]) what(listener);
  }
}
