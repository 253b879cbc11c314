import { ToolError } from '@deskhand/server-runtime';
import type { Tab } from './browser/tab.ts';

/** A tab of a session. */
export interface OwnedTab {
  /** As the model knows it; never given again. */
  readonly id: string;
  readonly targetId: string;
  /** The person's: it stays when the session ends. */
  readonly isBorrowed: boolean;
  /** Being attached to, or attached to. */
  opening: Promise<Tab> | null;
  /** Once it can be told of what comes out of band. */
  tab: Tab | null;
}

/** The tabs of a session by their ids, and which one is current. */
export class OwnedTabs {
  readonly #byTarget = new Map<string, OwnedTab>();
  /** Ids of pages that are nobody's, so that one of them can be chosen. */
  readonly #offered = new Map<string, string>();
  #lastId = 0;
  #current: string | null = null;

  get current(): string | null {
    return this.#current;
  }

  all(): readonly OwnedTab[] {
    return [...this.#byTarget.values()];
  }

  ofTarget(targetId: string): OwnedTab | null {
    return this.#byTarget.get(targetId) ?? null;
  }

  /** @throws ToolError when there is none */
  named(id: string): OwnedTab {
    const found = this.all().find((candidate) => candidate.id === id);
    if (found !== undefined) return found;
    const known = this.all()
      .map((candidate) => candidate.id)
      .join(', ');
    throw new ToolError('no_such_tab', `There is no tab ${id}`, {
      hint: known === '' ? 'No tab is open: navigate opens one.' : `Open are: ${known}.`,
    });
  }

  add(targetId: string, { isBorrowed = false } = {}): OwnedTab {
    const known = this.#byTarget.get(targetId);
    if (known !== undefined) return known;
    const owned: OwnedTab = { id: this.idOf(targetId), targetId, isBorrowed, opening: null, tab: null };
    this.#offered.delete(owned.id);
    this.#byTarget.set(targetId, owned);
    this.#current ??= owned.id;
    return owned;
  }

  /** The id that a page has, or would have. */
  idOf(targetId: string): string {
    const known = [...this.#offered].find(([, offered]) => offered === targetId)?.[0];
    if (known !== undefined) return known;
    this.#lastId += 1;
    const id = `t${this.#lastId}`;
    this.#offered.set(id, targetId);
    return id;
  }

  /** The page that was offered under this id. */
  offered(id: string): string | null {
    return this.#offered.get(id) ?? null;
  }

  makeCurrent(id: string): void {
    this.#current = this.named(id).id;
  }

  remove(targetId: string): void {
    const owned = this.#byTarget.get(targetId);
    this.#byTarget.delete(targetId);
    if (owned?.id === this.#current) this.#current = this.all().at(-1)?.id ?? null;
  }
}
