import type { Tab } from '../../browser/tab.ts';
import type { BrowserSession } from '../../session.ts';
import { interceptorOf, type Route } from './route.ts';

/** The routes of a session, in all its tabs. */
export class Routes {
  readonly #session: BrowserSession;
  readonly #removals = new Map<Tab, Promise<() => Promise<void>>>();
  #routes: readonly Route[] = [];
  #unfollow: (() => void) | null = null;
  #lastId = 0;

  constructor(session: BrowserSession) {
    this.#session = session;
  }

  get all(): readonly Route[] {
    return this.#routes;
  }

  add(route: Omit<Route, 'id' | 'hits'>): Promise<void> {
    this.#lastId += 1;
    return this.#set([...this.#routes, { ...route, id: this.#lastId, hits: 0 }]);
  }

  remove(ids: readonly number[] | 'all'): Promise<void> {
    return this.#set(ids === 'all' ? [] : this.#routes.filter(({ id }) => !ids.includes(id)));
  }

  async #set(routes: readonly Route[]): Promise<void> {
    this.#routes = routes;
    const old = [...this.#removals.values()];
    this.#unfollow?.();
    this.#unfollow = routes.length === 0 ? null : this.#session.attached.follow((tab) => this.#begin(tab));
    await Promise.all(this.#removals.values());
    await Promise.all(old.map(async (removal) => (await removal)()));
  }

  #begin(tab: Tab): () => void {
    this.#removals.set(tab, tab.interception.add(interceptorOf(this.#routes)));
    return () => void this.#removals.delete(tab);
  }
}
