import type { Protocol } from 'devtools-protocol';
import { CommandFailed } from '../cdp/connection.ts';
import type { Tab } from './tab.ts';
import { patiently, unlessAborted } from './turns.ts';

/** How a navigation went. */
export interface Arrival {
  readonly url: string;
  readonly title: string;
  /** `null` where no request was made: a part of the page, a page kept in memory, `about:blank`. */
  readonly status: number | null;
  readonly statusText: string;
  /** What the server wants to be answered by a name and a password, in its words. */
  readonly challenge: string | null;
  /** Addresses that led to another one, in order. */
  readonly redirects: readonly string[];
  readonly isLoading: boolean;
  /** Such as `net::ERR_CONNECTION_REFUSED`. */
  readonly failure: string | null;
  /** The last address that was asked for, which is the one that failed. */
  readonly asked: string | null;
  readonly download: string | null;
}

export type Destination =
  { readonly kind: 'url'; readonly url: string } | { readonly kind: 'back' | 'forward' | 'reload' };

const headerOf = (response: Protocol.Network.Response | null, wanted: string): string | null =>
  Object.entries(response?.headers ?? {}).find(([name]) => name.toLowerCase() === wanted)?.[1] ?? null;

/** How long to wait for everything a page refers to, once the page itself is there. */
const LOAD_MS = 3_000;
const ERROR_PAGE_MS = 500;
const LOOK_MS = 1_000;

/** The browser has no page before, or after, this one. */
export class NoHistory extends Error {
  override readonly name = 'NoHistory';
}

/** What is seen of one navigation, from before it is asked for. */
class Journey {
  readonly #page: Tab['page'];
  readonly #stops: (() => void)[] = [];
  readonly #redirects: string[] = [];
  readonly #arrived = new Set<string>();
  #loader: string | null = null;
  #response: Protocol.Network.Response | null = null;
  #failure: string | null = null;
  #asked: string | null = null;
  #isLoaded = false;
  #change: () => void = () => undefined;
  isThere = false;

  constructor(page: Tab['page']) {
    this.#page = page;
    this.#stops.push(
      page.on('Network.requestWillBeSent', (event) => this.#requested(event)),
      page.on('Network.responseReceived', ({ requestId, response }) => {
        if (requestId === this.#loader) this.#response = response;
      }),
      page.on('Network.loadingFailed', ({ requestId, errorText }) => {
        if (requestId === this.#loader) this.#failure = errorText;
      }),
      page.on('Page.frameNavigated', ({ frame, type }) => {
        if (frame.parentId !== undefined) return;
        // a page that was kept is complete
        if (type === 'BackForwardCacheRestore') this.#stay();
        else this.#arrive(frame);
      }),
      page.on('Page.navigatedWithinDocument', () => this.#stay()),
      page.on('Page.loadEventFired', () => {
        this.#isLoaded = this.isThere;
        this.#change();
      }),
    );
  }

  get seen(): Pick<
    Arrival,
    'status' | 'statusText' | 'challenge' | 'redirects' | 'isLoading' | 'failure' | 'asked'
  > {
    return {
      status: this.#response?.status ?? null,
      statusText: this.#response?.statusText ?? '',
      challenge: headerOf(this.#response, 'www-authenticate'),
      redirects: this.#redirects,
      isLoading: !this.#isLoaded,
      failure: this.#failure,
      asked: this.#asked,
    };
  }

  /** The next document is this one, as the browser said in answer to the command. */
  expect(loader: string): void {
    this.#loader = loader;
    this.isThere = this.#arrived.has(loader);
  }

  async until(isOver: (journey: Journey) => boolean, signal: AbortSignal): Promise<void> {
    const over = new Promise<void>((resolve) => {
      this.#change = () => {
        if (isOver(this)) resolve();
      };
      this.#change();
    });
    await unlessAborted(over, signal);
  }

  get isLoaded(): boolean {
    return this.#isLoaded;
  }

  stop(): void {
    for (const stop of this.#stops) stop();
  }

  #requested(event: Protocol.Network.RequestWillBeSentEvent): void {
    const { requestId, loaderId, type, redirectResponse, request } = event;
    if (type !== 'Document' || requestId !== loaderId) return;
    if (redirectResponse !== undefined && requestId === this.#loader) {
      this.#redirects.push(redirectResponse.url);
      this.#asked = request.url;
      return;
    }
    if (this.#loader !== null) return;
    this.#loader = requestId;
    this.#asked = request.url;
    this.#redirects.length = 0;
  }

  #arrive({ unreachableUrl, loaderId }: Protocol.Page.Frame): void {
    this.#arrived.add(loaderId);
    // the page of an earlier failure may come late
    if (loaderId !== (this.#loader ?? loaderId)) return;
    if (unreachableUrl !== undefined) this.#failure ??= 'net::ERR_FAILED';
    this.isThere = true;
    this.#change();
  }

  #stay(): void {
    this.isThere = true;
    this.#isLoaded = true;
    this.#change();
  }
}

/**
 * Goes somewhere and waits until the page is there, and a little longer for what it refers to.
 *
 * @throws NoHistory
 */
export async function travel(tab: Tab, to: Destination, signal: AbortSignal): Promise<Arrival> {
  const journey = new Journey(tab.page);
  try {
    const { errorText, isDownload } = await depart(tab, to, { journey, signal });
    if (isDownload === true || errorText !== undefined) {
      // the browser has a page of its own for failures, except for those that leave the tab as it was
      if (isDownload !== true && errorText !== 'net::ERR_ABORTED') {
        await patiently(ERROR_PAGE_MS, signal, (within) => journey.until(({ isThere }) => isThere, within));
      }
      return { ...(await look(tab, signal)), ...journey.seen, ...halted(to, { errorText, isDownload }) };
    }
    await journey.until(({ isThere }) => isThere, signal);
    await patiently(LOAD_MS, signal, (within) => journey.until(({ isLoaded }) => isLoaded, within));
    return { ...(await look(tab, signal)), ...journey.seen, download: null };
  } finally {
    journey.stop();
  }
}

interface Departure {
  readonly errorText?: string | undefined;
  readonly isDownload?: boolean | undefined;
}

async function depart(
  { page }: Tab,
  to: Destination,
  { journey, signal }: { readonly journey: Journey; readonly signal: AbortSignal },
): Promise<Departure> {
  if (to.kind === 'url') {
    const { loaderId, errorText, isDownload } = await page.send('Page.navigate', { url: to.url }, { signal });
    if (loaderId !== undefined) journey.expect(loaderId);
    else journey.isThere = true;
    return { errorText, isDownload };
  }
  if (to.kind === 'reload') {
    await page.send('Page.reload', {}, { signal });
    return {};
  }
  const { currentIndex, entries } = await page.send('Page.getNavigationHistory', undefined, { signal });
  const entry = entries[currentIndex + (to.kind === 'back' ? -1 : 1)];
  if (entry === undefined) throw new NoHistory(`there is nothing to go ${to.kind} to`);
  await page.send('Page.navigateToHistoryEntry', { entryId: entry.id }, { signal });
  return {};
}

const halted = (
  to: Destination,
  { errorText, isDownload }: Departure,
): Pick<Arrival, 'failure' | 'download' | 'isLoading'> =>
  isDownload === true
    ? { failure: null, download: to.kind === 'url' ? to.url : '', isLoading: false }
    : { failure: errorText ?? null, download: null, isLoading: false };

/** Address and title as the page has them now; what the browser tells of its targets comes later. */
async function look({ page, main }: Tab, signal: AbortSignal): Promise<Pick<Arrival, 'url' | 'title'>> {
  try {
    const history = await patiently(LOOK_MS, signal, (within) =>
      page.send('Page.getNavigationHistory', undefined, { signal: within }),
    );
    const entry = history?.entries[history.currentIndex];
    return { url: entry?.url ?? main.url, title: entry?.title ?? '' };
  } catch (error) {
    if (signal.aborted || !(error instanceof CommandFailed)) throw error;
    return { url: main.url, title: '' };
  }
}
