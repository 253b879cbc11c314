import { ANY_SUBJECT, type GrantStore, type OriginRequest } from '@deskhand/grants';
import { ANSWER_MS, askPerson, ToolError, type Asking, type CallContext } from '@deskhand/server-runtime';
import type { Egress } from './egress/egress.ts';
import type { EgressRefusal, RefusalCode } from './egress/origin-rules.ts';
import { originRefused, shortened } from './origin-refusal.ts';

/** Longer ones are not shown whole everywhere, and what is not shown could be the part that counts. */
const MAX_ORIGIN = 100;

/** A person can lift these by a word. */
const ASKABLE: readonly RefusalCode[] = ['origin_not_allowed', 'private_origin', 'sensitive_origin'];

export interface OriginAccessParts {
  readonly egress: Pick<Egress, 'judge'>;
  readonly grants: Pick<GrantStore, 'add' | 'file'>;
  readonly asking: Asking;
  /** A person may allow for good. */
  readonly mayAlways: () => boolean;
}

/** Has the person asked about the addresses that the agent itself opens; pages cannot cause it. */
export class OriginAccess {
  readonly #parts: OriginAccessParts;

  constructor(parts: OriginAccessParts) {
    this.#parts = parts;
  }

  /**
   * Returns when the session may open the address, or the person allowed it.
   *
   * @throws ToolError when the person says no, or cannot be asked
   */
  async admit(url: string, call: CallContext): Promise<void> {
    const { egress, asking, grants } = this.#parts;
    const verdict = egress.judge(url, asking.session);
    if (verdict === null || verdict.allowed) return;
    const { origin } = new URL(url);
    const canAsk = asking.approvals === 'ask' && origin.length <= MAX_ORIGIN;
    if (!canAsk || !ASKABLE.includes(verdict.code)) {
      throw originRefused({ said: `Could not open ${shortened(url)}`, url, refusal: verdict });
    }
    const outcome = await askPerson(this.#question(origin, verdict), asking, call);
    call.note({ asked: origin, because: verdict.code, outcome: outcome.outcome });
    const details = { origin, needs: verdict.code };
    if (outcome.outcome === 'denied') {
      const { code, message, hint } = outcome;
      throw new ToolError(code, `${verdict.why}; ${message}`, { hint, details });
    }
    const [decision] = outcome.decisions;
    if (decision?.decision !== 'allow') {
      throw new ToolError('denied_by_person', `The person said no to ${origin}`, {
        hint: 'Do not ask again unless they tell you to; work without it.',
        details,
      });
    }
    await grants.add({
      subject: decision.scope === 'always' ? ANY_SUBJECT : asking.session,
      resource: { kind: 'origin', pattern: origin },
      ...{ decision: 'allow', scope: decision.scope, origin: 'person' },
    });
  }

  #question(origin: string, { why }: EgressRefusal): OriginRequest {
    const { grants, mayAlways } = this.#parts;
    return {
      kind: 'origin',
      origins: [{ origin, warnings: [`${why}.`] }],
      reason: '',
      mayAlways: mayAlways(),
      timeoutMs: ANSWER_MS,
      grantsFile: grants.file,
    };
  }
}
