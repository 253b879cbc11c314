import { ANY_SUBJECT, isLive, type Grant } from './grant.ts';
import type { GrantRow } from './grant-text.ts';
import type { ResourceKind } from './resource.ts';

/** What is stored: rows of the file, and grants that are only in memory. */
interface Stored {
  readonly rows: readonly GrantRow[];
  readonly unwritten: readonly Grant[];
}

interface Asked {
  readonly subject: string | undefined;
  readonly kinds: readonly ResourceKind[];
}

interface View {
  readonly grants: readonly Grant[];
  /** When the first of them ends. */
  readonly until: number;
}

const MOST_VIEWS = 256;

/** The grants that hold, found again at once until one of them ends or what is stored changes. */
export class LiveGrants {
  #stored: Stored | undefined;
  readonly #views = new Map<string, View>();

  list({ rows, unwritten }: Stored, { subject, kinds }: Asked, now: number): readonly Grant[] {
    if (this.#stored?.rows !== rows || this.#stored.unwritten !== unwritten) this.#views.clear();
    this.#stored = { rows, unwritten };
    const key = JSON.stringify([subject, kinds]);
    const known = this.#views.get(key);
    if (known !== undefined && now < known.until) return known.grants;
    const all = [...grantsIn(rows), ...unwritten];
    const grants = all.filter((grant) => isFor(grant, { subject, kinds }) && isLive(grant, new Date(now)));
    if (this.#views.size >= MOST_VIEWS) this.#views.clear();
    this.#views.set(key, { grants, until: firstEnd(grants) });
    return grants;
  }
}

export const grantsIn = (rows: readonly GrantRow[]): readonly Grant[] =>
  rows.flatMap((row) => (row.known ? [row.grant] : []));

const isFor = (grant: Grant, { subject, kinds }: Asked): boolean =>
  kinds.includes(grant.resource.kind) &&
  (subject === undefined || grant.subject === subject || grant.subject === ANY_SUBJECT);

const firstEnd = (grants: readonly Grant[]): number =>
  grants.reduce(
    (first, { expires }) => (expires === undefined ? first : Math.min(first, Date.parse(expires))),
    Infinity,
  );
