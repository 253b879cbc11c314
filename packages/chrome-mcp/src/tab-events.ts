import { quoted } from '@deskhand/server-runtime';
import type { TargetInfo } from './browser/browser.ts';
import { Downloads, type Download } from './browser/downloads.ts';
import type { Opened } from './browser/shared-browser.ts';
import type { Tab } from './browser/tab.ts';
import type { OwnedTab, OwnedTabs } from './owned-tabs.ts';

export interface TabEventsParts {
  readonly tabs: OwnedTabs;
  /** Where files go that pages have a browser of ours fetch. */
  readonly downloads: string;
  /** Aborted when the session ends. */
  readonly ending: AbortSignal;
  /** Takes a new page into the session; `null` when it is another's. */
  readonly own: (targetId: string) => OwnedTab | null;
  readonly forget: (targetId: string, reason: string) => void;
  readonly attach: (owned: OwnedTab) => Promise<Tab>;
  /** Says something in the next answer. */
  readonly tell: (news: string) => void;
  /** A file is whole, or will not be. */
  readonly downloaded: (download: Download) => void;
  /** The browser is gone, and all its tabs. */
  readonly lost: () => void;
}

/** What happens in a browser to the tabs of a session without a call: it is followed, and said. */
export class TabEvents {
  readonly #parts: TabEventsParts;
  readonly #downloads: Downloads;

  constructor({ browser, isOurs }: Opened, parts: TabEventsParts) {
    this.#parts = parts;
    const downloads = new Downloads(browser, isOurs ? parts.downloads : null, {
      owns: (frameId) => this.#tabOf(frameId) !== null,
      began: (download, frame) => this.#tabOf(frame)?.activity.tell({ kind: 'download', frame, ...download }),
      ended: (download) => {
        parts.tell(saidOf(download));
        parts.downloaded(download);
      },
    });
    this.#downloads = downloads;
    const stop = browser.hear({
      opened: (info) => this.#opened(info),
      closed: (targetId) => this.#closed(targetId),
      crashed: (targetId) => this.#crashed(targetId),
      download: (event) => downloads.hear(event),
    });
    const lost = (): void => {
      stop();
      this.#lost();
    };
    const { closed } = browser.connection;
    closed.addEventListener('abort', lost);
    parts.ending.addEventListener('abort', () => {
      stop();
      closed.removeEventListener('abort', lost);
    });
  }

  /** Resolves when no file is on its way. */
  downloaded(signal: AbortSignal): Promise<void> {
    return this.#downloads.idle(signal);
  }

  #tabOf(frameId: string): Tab | null {
    const owned = this.#parts.tabs.all().find(({ tab }) => tab?.frames().some(({ id }) => id === frameId));
    return owned?.tab ?? null;
  }

  #opened({ targetId, openerId, url }: TargetInfo): void {
    const { tabs, ending, tell, own, attach } = this.#parts;
    const opener = openerId === undefined ? null : tabs.ofTarget(openerId);
    if (opener === null || ending.aborted) return;
    const owned = own(targetId);
    if (owned === null) return;
    tell(`The page in ${opener.id} opened a new tab, ${owned.id}. The current one is still ${tabs.current}.`);
    opener.tab?.activity.tell({ kind: 'tabOpened', tab: owned.id, url });
    // at once, so that a dialog in it is known; one that is gone by then is told as closed
    attach(owned).catch(() => undefined);
  }

  #closed(targetId: string): void {
    const { tabs, tell, forget } = this.#parts;
    const owned = tabs.ofTarget(targetId);
    if (owned === null) return;
    tell(`Tab ${owned.id} was closed by its page or by the person.`);
    forget(targetId, 'the tab was closed');
  }

  #crashed(targetId: string): void {
    const { tabs, tell } = this.#parts;
    const owned = tabs.ofTarget(targetId);
    if (owned === null) return;
    owned.tab?.crashed();
    tell(`The page in ${owned.id} crashed. {"action": "reload"} of navigate loads it again.`);
  }

  #lost(): void {
    const { tabs, tell, forget, lost: end, ending } = this.#parts;
    const lost = tabs.all();
    if (lost.length > 0 && !ending.aborted) {
      const what = lost.map(({ id }) => id).join(', ');
      tell(`The browser ended by itself; its tabs (${what}) are gone. The next call starts it again.`);
    }
    for (const { targetId } of lost) forget(targetId, 'the browser ended');
    end();
  }
}

const saidOf = ({ name, path, bytes, state }: Download): string => {
  const file = quoted(name);
  if (state === 'whole')
    return `Downloaded ${file}, ${bytes} bytes${path === null ? '' : `, to ${quoted(path)}`}.`;
  return state === 'tooLarge'
    ? `The download ${file} was stopped at ${bytes} bytes: it is too large.`
    : `The download ${file} failed.`;
};
