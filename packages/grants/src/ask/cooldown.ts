import { ANY_SUBJECT } from '../grant.ts';
import type { GrantStore } from '../grant-store.ts';
import { sameResource } from '../resource.ts';
import type { AskOutcome } from './ask-in-order.ts';
import { mattersOf, type Matter } from './matter.ts';
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

/** What was asked for: an application, an origin, or a right beside it. */
interface Wish {
  readonly key: string;
  readonly matter: Matter;
  readonly flag?: string;
  readonly name: string;
}

/**
 * Remembers what persons said no to or left unanswered, so that an agent cannot wear them down: whoever asks for the
 * same again, in any session, is denied at once for 60 s, and for twice as long after each further no, up to an hour.
 * An allow that a person gives a session elsewhere ends it for that session.
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
    const refused = wishesOf(request).filter((wish) => this.#remainingMs(session, wish) > 0);
    if (refused.length > 0) return this.#deniedRecently(session, refused);
    const outcome = await ask();
    if (outcome.outcome === 'denied' && outcome.code === 'no_answer_in_time')
      this.#remember(request, NOTHING_ALLOWED);
    if (outcome.outcome === 'answered' && outcome.channel !== 'decline') this.#remember(request, outcome);
    return outcome;
  }

  #remember(
    request: AskRequest,
    { decisions, flags }: Pick<Extract<AskOutcome, { outcome: 'answered' }>, 'decisions' | 'flags'>,
  ): void {
    const given: Readonly<Record<string, boolean | undefined>> = flags;
    for (const { key, matter, flag } of wishesOf(request)) {
      const isAllowed = decisions.some(({ asked, decision }) => asked === matter.key && decision === 'allow');
      if (isAllowed && (flag === undefined || given[flag] === true)) this.#refusals.delete(key);
      // who denies the thing itself was not asked about the rights beside it
      else if (isAllowed === (flag !== undefined))
        this.#refusals.set(key, { at: this.#now(), times: (this.#refusals.get(key)?.times ?? 0) + 1 });
    }
  }

  #remainingMs(session: string, { key, matter, flag }: Wish): number {
    const refusal = this.#refusals.get(key);
    if (refusal === undefined) return 0;
    const isAllowedSince = this.#store
      .list({ subject: session, kinds: [matter.resource.kind] })
      .some((grant) => {
        const flags: Readonly<Record<string, boolean | undefined>> = grant.flags ?? {};
        return (
          (grant.subject === session || grant.subject === ANY_SUBJECT) &&
          sameResource(grant.resource, matter.resource) &&
          grant.decision === 'allow' &&
          Date.parse(grant.createdAt) >= refusal.at &&
          (flag === undefined || flags[flag] === true)
        );
      });
    return isAllowedSince ? 0 : refusal.at + lengthMs(refusal) - this.#now();
  }

  #deniedRecently(session: string, refused: readonly Wish[]): AskOutcome {
    const longestMs = Math.max(...refused.map((wish) => this.#remainingMs(session, wish)));
    return {
      outcome: 'denied',
      code: 'denied_recently',
      message: `A person said no to this, or gave no answer, a short while ago: ${refused.map(({ name }) => name).join(', ')}`,
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

const NOTHING_ALLOWED = { decisions: [], flags: {} } as const;

const lengthMs = ({ times }: Refusal): number => Math.min(FIRST_MS * 2 ** (times - 1), LONGEST_MS);

const wishesOf = (request: AskRequest): readonly Wish[] =>
  mattersOf(request).flatMap((matter) => [
    { key: JSON.stringify([matter.key]), matter, name: matter.name },
    ...wantedFlags(request).map((flag) => ({
      key: JSON.stringify([matter.key, flag]),
      matter,
      flag,
      name: `${flag} with ${matter.name}`,
    })),
  ]);
