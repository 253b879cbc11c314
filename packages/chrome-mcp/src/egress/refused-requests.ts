import { quoted } from '@deskhand/server-runtime';
import type { TabEvent } from '../browser/activity.ts';
import type { Obstacle } from './egress.ts';

const MOST_TOLD = 5;
const MOST_KEPT = 100;

/** What pages wanted from where they may not, until somebody is told. */
export class RefusedRequests {
  readonly #obstacle: (url: string) => Obstacle | null;
  readonly #counts = new Map<string, { readonly origin: string; readonly code: string; times: number }>();
  #unkept = 0;

  constructor(obstacle: (url: string) => Obstacle | null) {
    this.#obstacle = obstacle;
  }

  hear(event: TabEvent): void {
    if (event.kind !== 'requestFailed' || !event.error.includes('SOCKS')) return;
    const obstacle = this.#obstacle(event.url);
    if (obstacle === null || obstacle.allowed) return;
    const { origin } = new URL(event.url);
    const key = `${obstacle.code} ${origin}`;
    const known = this.#counts.get(key);
    if (known !== undefined) known.times += 1;
    else if (this.#counts.size < MOST_KEPT) this.#counts.set(key, { origin, code: obstacle.code, times: 1 });
    else this.#unkept += 1;
  }

  /** The one who asked for it is told otherwise. */
  forget(url: string): void {
    const origin = URL.canParse(url) ? new URL(url).origin : '';
    for (const [key, refused] of this.#counts) if (refused.origin === origin) this.#counts.delete(key);
  }

  /** A line each, for what was not told yet. */
  take(): readonly string[] {
    const all = [...this.#counts.values()];
    const [told, left] = [all.slice(0, MOST_TOLD), all.slice(MOST_TOLD)];
    const more = left.reduce((sum, { times }) => sum + times, this.#unkept);
    this.#counts.clear();
    this.#unkept = 0;
    return [
      ...told.map(
        ({ origin, code, times }) =>
          `${requests(times)} to ${quoted(origin, 100)} ${was(times)} refused (${code}).`,
      ),
      ...(more === 0 ? [] : [`${requests(more)} to other origins ${was(more)} refused too.`]),
    ];
  }
}

const requests = (times: number): string => (times === 1 ? '1 request' : `${times} requests`);
const was = (times: number): string => (times === 1 ? 'was' : 'were');
