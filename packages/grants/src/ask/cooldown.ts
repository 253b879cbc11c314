import { ANY_SUBJECT } from '../grant.ts';
import type { GrantStore } from '../grant-store.ts';
import type { AskOutcome } from './ask-in-order.ts';
import { plainLabel } from './plain-text.ts';
import { wantedFlags, type AskRequest } from './request.ts';

const FIRST_MS = 60_000;
const LONGEST_MS = 3_600_000;

export interface CooldownOptions {
  /** Where an allow that a person gave elsewhere shows. */
  readonly store: Pick<GrantStore, 'list'>;
  /** Milliseconds since the epoch; the clock unless told. */
  readonly now?: () => number;
}

interface Refusal {
  readonly at: number;
  readonly times: number;
}

/** What one session asked for: an application, or a right beside it. */
interface Matter {
  readonly key: string;
  readonly app: string;
  readonly flag?: string;
  readonly name: string;
}

/**
 * Remembers what persons said no to, so that an agent cannot wear them down: the same session that asks for the
 * same again is denied at once for 60 s, and for twice as long after each further no, up to an hour. An allow that
 * a person gives elsewhere ends it.
 */
export class Cooldown {
  readonly #store: Pick<GrantStore, 'list'>;
  readonly #now: () => number;
  readonly #refusals = new Map<string, Refusal>();

  constructor({ store, now = Date.now }: CooldownOptions) {
    this.#store = store;
    this.#now = now;
  }

  /** Asks unless some of what is asked for was denied lately, and remembers what comes of it. */
  async asking(session: string, request: AskRequest, ask: () => Promise<AskOutcome>): Promise<AskOutcome> {
    this.#forgetOld();
    const refused = mattersOf(session, request).filter((matter) => this.#remainingMs(session, matter) > 0);
    if (refused.length > 0) return this.#deniedRecently(session, refused);
    const outcome = await ask();
    if (outcome.outcome === 'answered' && outcome.channel !== 'decline')
      this.#remember(session, request, outcome);
    return outcome;
  }

  #remember(
    session: string,
    request: AskRequest,
    { decisions, flags }: Extract<AskOutcome, { outcome: 'answered' }>,
  ): void {
    const given: Readonly<Record<string, boolean | undefined>> = flags;
    for (const { key, app, flag } of mattersOf(session, request)) {
      const isAllowed = decisions.some((decision) => decision.app === app && decision.decision === 'allow');
      if (isAllowed && (flag === undefined || given[flag] === true)) this.#refusals.delete(key);
      // who denies the application was not asked about the rights beside it
      else if (isAllowed === (flag !== undefined))
        this.#refusals.set(key, { at: this.#now(), times: (this.#refusals.get(key)?.times ?? 0) + 1 });
    }
  }

  #remainingMs(session: string, { key, app, flag }: Matter): number {
    const refusal = this.#refusals.get(key);
    if (refusal === undefined) return 0;
    const isAllowedSince = this.#store.list({ subject: session }).some((grant) => {
      const flags: Readonly<Record<string, boolean | undefined>> = grant.flags ?? {};
      return (
        (grant.subject === session || grant.subject === ANY_SUBJECT) &&
        grant.resource.app === app &&
        grant.decision === 'allow' &&
        Date.parse(grant.createdAt) >= refusal.at &&
        (flag === undefined || flags[flag] === true)
      );
    });
    if (isAllowedSince) this.#refusals.delete(key);
    return isAllowedSince ? 0 : refusal.at + lengthMs(refusal) - this.#now();
  }

  #deniedRecently(session: string, refused: readonly Matter[]): AskOutcome {
    const longestMs = Math.max(...refused.map((matter) => this.#remainingMs(session, matter)));
    return {
      outcome: 'denied',
      code: 'denied_recently',
      message: `A person said no to this a short while ago: ${refused.map(({ name }) => name).join(', ')}`,
      hint: `Work without it, or tell the person why you need it. Asking again is possible in ${Math.ceil(longestMs / 1000)} s.`,
    };
  }

  /** A refusal counts towards longer ones for an hour after its own time. */
  #forgetOld(): void {
    for (const [key, refusal] of this.#refusals) {
      if (this.#now() > refusal.at + lengthMs(refusal) + LONGEST_MS) this.#refusals.delete(key);
    }
  }
}

const lengthMs = ({ times }: Refusal): number => Math.min(FIRST_MS * 2 ** (times - 1), LONGEST_MS);

const mattersOf = (session: string, request: AskRequest): readonly Matter[] =>
  request.apps.flatMap(({ app, name }) => [
    { key: JSON.stringify([session, app]), app, name: plainLabel(name) },
    ...wantedFlags(request).map((flag) => ({
      key: JSON.stringify([session, app, flag]),
      app,
      flag,
      name: `${flag} with ${plainLabel(name)}`,
    })),
  ]);
