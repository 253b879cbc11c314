import type { Frame } from '../../browser/frame.ts';
import type { CdpSession } from '../../cdp/connection.ts';

/** Where a page keeps words: over visits, or as long as the tab is open. */
export type AreaKind = 'local' | 'session';

/** The storage of a document, asked of the browser and not of the page. */
export class Area {
  readonly #session: CdpSession;
  readonly #storageId: { readonly storageKey: string; readonly isLocalStorage: boolean };

  private constructor(session: CdpSession, storageId: { storageKey: string; isLocalStorage: boolean }) {
    this.#session = session;
    this.#storageId = storageId;
  }

  static async of({ session, id: frameId }: Frame, kind: AreaKind, signal: AbortSignal): Promise<Area> {
    const { storageKey } = await session.send('Storage.getStorageKey', { frameId }, { signal });
    return new Area(session, { storageKey, isLocalStorage: kind === 'local' });
  }

  async entries(signal: AbortSignal): Promise<readonly (readonly [string, string])[]> {
    const asked = { storageId: this.#storageId };
    const { entries } = await this.#session.send('DOMStorage.getDOMStorageItems', asked, { signal });
    return entries.map(([key = '', value = '']) => [key, value]);
  }

  async set(key: string, value: string, signal: AbortSignal): Promise<void> {
    const item = { storageId: this.#storageId, key, value };
    await this.#session.send('DOMStorage.setDOMStorageItem', item, { signal });
  }

  async remove(key: string, signal: AbortSignal): Promise<void> {
    await this.#session.send(
      'DOMStorage.removeDOMStorageItem',
      { storageId: this.#storageId, key },
      { signal },
    );
  }

  async clear(signal: AbortSignal): Promise<void> {
    await this.#session.send('DOMStorage.clear', { storageId: this.#storageId }, { signal });
  }
}
