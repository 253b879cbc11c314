import { rename } from 'node:fs/promises';
import { join, parse } from 'node:path';
import type { Protocol } from 'devtools-protocol';
import type { Browser, DownloadEvent } from './browser.ts';
import { unlessAborted } from './turns.ts';

/** The most that one file may have, in bytes. */
const LARGEST = 500_000_000;

export interface Download {
  readonly name: string;
  readonly url: string;
  /** Where it is, once it is whole. */
  readonly path: string | null;
  readonly bytes: number;
  readonly state: 'running' | 'whole' | 'failed' | 'tooLarge';
}

export interface DownloadHearing {
  /** Whether the frame that asks for the file is one of ours. */
  owns(frameId: string): boolean;
  began(download: Download, frameId: string): void;
  ended(download: Download): void;
}

/** Has the browser put files into a folder, under names that are no page's choice, and tell of them. */
export async function keepDownloads(
  { connection }: Browser,
  { folder, context }: { readonly folder: string | null; readonly context: string | null },
  signal: AbortSignal,
): Promise<void> {
  await connection.browser.send(
    'Browser.setDownloadBehavior',
    {
      // the browser of a person goes on as the person wants it
      ...(folder === null ? { behavior: 'default' } : { behavior: 'allowAndName', downloadPath: folder }),
      eventsEnabled: true,
      ...(context !== null && { browserContextId: context }),
    },
    { signal },
  );
}

/** Follows the files that the pages of one session have the browser fetch. */
export class Downloads {
  readonly #browser: Browser;
  readonly #folder: string | null;
  readonly #hearing: DownloadHearing;
  readonly #running = new Map<string, Download>();
  #waiting: (() => void)[] = [];

  constructor(browser: Browser, folder: string | null, hearing: DownloadHearing) {
    this.#browser = browser;
    this.#folder = folder;
    this.#hearing = hearing;
  }

  /** Resolves when none is on its way. */
  async idle(signal: AbortSignal): Promise<void> {
    if (this.#running.size === 0) return;
    await unlessAborted(new Promise<void>((resolve) => this.#waiting.push(resolve)), signal);
  }

  hear(event: DownloadEvent): void {
    if (event.kind === 'began') this.#began(event);
    else this.#went(event);
  }

  #began({ guid, frameId, url, suggestedFilename }: Protocol.Browser.DownloadWillBeginEvent): void {
    if (!this.#hearing.owns(frameId)) return;
    const download: Download = {
      name: safeName(suggestedFilename),
      url,
      path: null,
      bytes: 0,
      state: 'running',
    };
    this.#running.set(guid, download);
    this.#hearing.began(download, frameId);
  }

  #went({ guid, receivedBytes, state, filePath }: Protocol.Browser.DownloadProgressEvent): void {
    const download = this.#running.get(guid);
    if (download === undefined) return;
    const bytes = receivedBytes;
    if (state === 'completed') void this.#whole(guid, { ...download, bytes, path: filePath ?? null });
    else if (state === 'canceled') this.#end(guid, { ...download, bytes, state: 'failed' });
    else if (bytes > LARGEST) {
      this.#end(guid, { ...download, bytes, state: 'tooLarge' });
      // it may be whole by now, and is of no use
      this.#browser.connection.browser.send('Browser.cancelDownload', { guid }).catch(() => undefined);
    }
  }

  async #whole(guid: string, download: Download): Promise<void> {
    if (this.#folder === null) {
      this.#end(guid, { ...download, state: 'whole' });
      return;
    }
    const { name, ext } = parse(download.name);
    const path = join(this.#folder, `${name}-${guid.slice(0, 8)}${ext}`);
    try {
      await rename(join(this.#folder, guid), path);
      this.#end(guid, { ...download, path, state: 'whole' });
    } catch {
      this.#end(guid, { ...download, state: 'failed' }); // somebody took it away
    }
  }

  #end(guid: string, download: Download): void {
    this.#running.delete(guid);
    this.#hearing.ended(download);
    if (this.#running.size > 0) return;
    for (const resolve of this.#waiting.splice(0)) resolve();
  }
}

/** A name without folders, and without what a file system or a reader takes for something else. */
const safeName = (name: string): string =>
  name
    .replaceAll(/[^\p{L}\p{N}._ -]/gu, '_')
    .replace(/^\.+/, '_')
    .slice(-100) || 'download';
