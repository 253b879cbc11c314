import type { Protocol } from 'devtools-protocol';
import type { CdpSession } from '../cdp/connection.ts';
import type { Download } from './downloads.ts';
import type { OpenDialog } from './dialog.ts';

/** A document or a part of its address that a frame went to. */
export interface Navigation {
  readonly frame: string;
  readonly url: string;
  readonly isMain: boolean;
  /** Only the address changed. */
  readonly isSameDocument: boolean;
}

/** A request that the page cannot be complete without, as far as it has got. */
export interface PageRequest {
  readonly id: string;
  readonly url: string;
  readonly type: string;
}

/** Whatever happens in a tab, as it happens. */
export type TabEvent =
  | { readonly kind: 'navigationStarted'; readonly frame: string; readonly url: string }
  | ({ readonly kind: 'navigated' } & Navigation)
  | { readonly kind: 'requestStarted' | 'requestEnded'; readonly request: PageRequest }
  | { readonly kind: 'requestFailed'; readonly url: string; readonly error: string }
  | { readonly kind: 'loaded' }
  /** A button of the pointer, by us, at this place of the viewport. */
  | { readonly kind: 'pressed'; readonly x: number; readonly y: number }
  | { readonly kind: 'tabOpened'; readonly tab: string; readonly url: string }
  | ({ readonly kind: 'download'; readonly frame: string } & Download)
  | { readonly kind: 'dialog'; readonly dialog: OpenDialog };

/** What began since a moment, for settling and for the answer's news. */
export interface TabWatch {
  /** Began and did not yet lead to a document, or to the end of one. */
  readonly startedNavigations: number;
  readonly navigations: readonly Navigation[];
  /** Requests that began since, for what a page consists of, and have no end yet. */
  pendingRequests(): readonly PageRequest[];
  /** Ids of tabs that were opened. */
  readonly tabs: readonly string[];
  readonly downloads: readonly string[];
  readonly dialogs: readonly OpenDialog[];
  /** Gives the way to stop listening. */
  onChange(hear: (event: TabEvent) => void): () => void;
  stop(): void;
}

/** Pictures, pings and streams keep no page from being complete. */
const NEEDED: readonly string[] = ['Document', 'Stylesheet', 'Script', 'XHR', 'Fetch'];

/** Another program opens it, and the page stays. */
const OTHER_PROGRAM = /^(mailto|tel|sms):/i;

/** Tells what happens in a tab, in all its processes. */
export class Activity {
  readonly #listeners = new Set<(event: TabEvent) => void>();

  on(hear: (event: TabEvent) => void): () => void {
    const listener = (event: TabEvent): void => hear(event);
    this.#listeners.add(listener);
    return () => void this.#listeners.delete(listener);
  }

  tell(event: TabEvent): void {
    for (const hear of [...this.#listeners]) hear(event);
  }

  /** Hears a session: that of the page, or that of a frame in another process. */
  follow(session: CdpSession, { isPage }: { readonly isPage: boolean }): void {
    this.followFailures(session);
    const running = new Map<string, PageRequest>();
    const ended = (id: string): void => {
      const request = running.get(id);
      if (request === undefined) return;
      running.delete(id);
      this.tell({ kind: 'requestEnded', request });
    };
    session.on('Network.requestWillBeSent', ({ requestId, request, type = 'Other' }) => {
      if (!NEEDED.includes(type) || running.has(requestId)) return;
      const started = { id: requestId, url: request.url, type };
      running.set(requestId, started);
      this.tell({ kind: 'requestStarted', request: started });
    });
    session.on('Network.loadingFinished', ({ requestId }) => ended(requestId));
    session.on('Network.loadingFailed', ({ requestId }) => ended(requestId));
    session.on('Page.frameStartedNavigating', ({ frameId, url, navigationType }) => {
      if (navigationType.includes('ameDocument') || OTHER_PROGRAM.test(url)) return;
      this.tell({ kind: 'navigationStarted', frame: frameId, url });
    });
    session.on('Page.frameNavigated', ({ frame }) => this.#navigated(frame, isPage));
    session.on('Page.navigatedWithinDocument', ({ frameId, url }) =>
      this.tell({ kind: 'navigated', frame: frameId, url, isMain: false, isSameDocument: true }),
    );
    if (isPage) session.on('Page.loadEventFired', () => this.tell({ kind: 'loaded' }));
  }

  /** Hears a session only for what fails in it. */
  followFailures(session: CdpSession): void {
    const addresses = new Map<string, string>();
    const ended = ({ requestId }: { readonly requestId: string }): void => void addresses.delete(requestId);
    const failed = (id: string, error: string): void => {
      const url = addresses.get(id);
      if (url !== undefined) this.tell({ kind: 'requestFailed', url, error });
      addresses.delete(id);
    };
    session.on('Network.requestWillBeSent', ({ requestId, request }) =>
      addresses.set(requestId, request.url),
    );
    session.on('Network.webSocketCreated', ({ requestId, url }) => addresses.set(requestId, url));
    session.on('Network.webSocketFrameError', (event) => failed(event.requestId, event.errorMessage));
    session.on('Network.webSocketClosed', ended);
    session.on('Network.loadingFinished', ended);
    session.on('Network.loadingFailed', ({ requestId, errorText }) => failed(requestId, errorText));
  }

  /** From now on. */
  watch(): TabWatch {
    const [navigations, tabs, downloads, dialogs] = [
      new Array<Navigation>(),
      new Array<string>(),
      new Array<string>(),
      new Array<OpenDialog>(),
    ];
    const pending = new Map<string, PageRequest>();
    const started = new Set<string>();
    const stops = [
      this.on((event) => {
        if (event.kind === 'navigationStarted') started.add(event.frame);
        if (event.kind === 'navigated') {
          navigations.push(event);
          started.delete(event.frame);
        }
        if (event.kind === 'requestStarted') pending.set(event.request.id, event.request);
        if (event.kind === 'requestEnded') pending.delete(event.request.id);
        if (event.kind === 'tabOpened') tabs.push(event.tab);
        if (event.kind === 'download') {
          downloads.push(event.name);
          // what was to be a document is none
          started.delete(event.frame);
        }
        if (event.kind === 'dialog') dialogs.push(event.dialog);
      }),
    ];
    return {
      get startedNavigations() {
        return started.size;
      },
      ...{ navigations, tabs, downloads, dialogs },
      pendingRequests: () => [...pending.values()],
      onChange: (hear) => {
        const stop = this.on(hear);
        stops.push(stop);
        return stop;
      },
      stop: () => {
        for (const stop of stops) stop();
      },
    };
  }

  #navigated({ id, parentId, url, urlFragment = '' }: Protocol.Page.Frame, isPage: boolean): void {
    const isMain = isPage && parentId === undefined;
    this.tell({ kind: 'navigated', frame: id, url: url + urlFragment, isMain, isSameDocument: false });
  }
}
