import { mattersOf } from './ask/matter.ts';
import { wantedFlags } from './ask/request.ts';
import { ANY_SUBJECT, endOfSession, type Grant, type GrantFlags } from './grant.ts';
import type { GrantStore } from './grant-store.ts';
import { GrantsError } from './grants-error.ts';
import { readPending, takePending, type PendingRequest } from './pending.ts';

export interface PendingAnswer {
  readonly decision: 'allow' | 'deny';
  /** For every session until revoked, instead of for the one that asked. */
  readonly always: boolean;
  /** Those that the person gave; none that was not asked for counts. */
  readonly flags: GrantFlags;
}

/**
 * Turns a person's answer to `shown` into grants, one for each thing.
 * @throws GrantsError when the question is not the one that was shown any more, or may not be allowed for good
 */
export async function answerPending(
  { home, store }: { readonly home: string; readonly store: GrantStore },
  shown: PendingRequest,
  { decision, always, flags }: PendingAnswer,
): Promise<readonly Grant[]> {
  if (readPending(home, shown.id).digest !== shown.digest)
    throw new GrantsError('pending_unsafe', `question ${shown.id} changed while it was read`, {
      hint: `Look at it again: deskhand-grants answer ${shown.id} ${decision}`,
    });
  if (always && !shown.request.mayAlways)
    throw new GrantsError('pending_unsafe', 'the policy lets nobody allow this for good', {
      hint: 'Answer without --always: it then holds for the session that asked.',
    });
  const given = wantedFlags(shown.request).filter((flag) => decision === 'allow' && flags[flag] === true);
  // first of all: of two who answer at once, one does
  takePending(home, shown.id);
  const grants: Grant[] = [];
  for (const { resource, identity } of mattersOf(shown.request)) {
    const draft = {
      subject: always ? ANY_SUBJECT : shown.session,
      resource,
      decision,
      scope: always ? ('always' as const) : ('session' as const),
      origin: 'person' as const,
      ...(identity && { identity }),
      ...(given.length > 0 && { flags: Object.fromEntries(given.map((flag) => [flag, true])) }),
      ...(!always && { expires: endOfSession() }),
    };
    grants.push(await store.add(draft, { shared: true }));
  }
  return grants;
}
