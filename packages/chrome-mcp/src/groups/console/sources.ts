import type { Tab } from '../../browser/tab.ts';
import { fetchText } from '../../browser/resource.ts';
import { CommandFailed } from '../../cdp/connection.ts';
import type { Place } from './message.ts';
import type { Origin } from './source-map.ts';

type FindOrigin = (place: Place) => Origin;

/** Where scripts of a page come from, by maps that only the browser fetches. One for each call: scripts change. */
export class Sources {
  readonly #tab: Tab;
  readonly #maps = new Map<string, Promise<FindOrigin | null>>();

  constructor(tab: Tab) {
    this.#tab = tab;
  }

  /** The place in the source; the same place where there is no map. */
  async origin(place: Place, signal: AbortSignal): Promise<Origin> {
    const map = this.#maps.get(place.url) ?? this.#mapOf(place.url, signal);
    this.#maps.set(place.url, map);
    const find = await map;
    return find === null ? { ...place, name: null } : find(place);
  }

  async #mapOf(url: string, signal: AbortSignal): Promise<FindOrigin | null> {
    if (!/^https?:/.test(url)) return null;
    const script = await this.#scriptText(url, signal);
    const address = mapAddress(script ?? '');
    if (address === undefined) return null;
    const text = await this.#mapText(address, url, signal);
    if (text === null) return null;
    const { findOrigin } = await import('./source-map.ts');
    return findOrigin(text, URL.canParse(address, url) ? new URL(address, url).href : url);
  }

  /** As the page has it already, else as the server gives it. */
  async #scriptText(url: string, signal: AbortSignal): Promise<string | null> {
    for (const frame of this.#tab.frames()) {
      try {
        const asked = { frameId: frame.id, url };
        const { content } = await frame.session.send('Page.getResourceContent', asked, { signal });
        return content;
      } catch (error) {
        if (!(error instanceof CommandFailed)) throw error; // this frame does not have it
      }
    }
    return fetchText(this.#tab, url, signal);
  }

  async #mapText(address: string, base: string, signal: AbortSignal): Promise<string | null> {
    if (address.startsWith('data:')) return dataText(address);
    return URL.canParse(address, base) ? fetchText(this.#tab, new URL(address, base).href, signal) : null;
  }
}

function dataText(url: string): string {
  const comma = url.indexOf(',');
  const body = url.slice(comma + 1);
  return url.slice(0, comma).endsWith(';base64')
    ? Buffer.from(body, 'base64').toString('utf8')
    : decodeURIComponent(body);
}

const MARK = 'sourceMappingURL=';

/** What the last comment of a script names. */
function mapAddress(script: string): string | undefined {
  const at = script.lastIndexOf(MARK);
  if (at === -1) return undefined;
  return /^\S+/.exec(script.slice(at + MARK.length).replace(/\*\/\s*$/, ''))?.[0];
}
