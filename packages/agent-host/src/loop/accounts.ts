import type { ModelError, ModelTurn, PriceList } from '@deskhand/model';
import type { DaySpending } from '../store/day-spending.ts';
import type { Session } from '../store/session.ts';
import { reserve, type Demand, type Reservation } from './budget.ts';
import { intent, type Rows } from './record.ts';

/** How asking a model ended. */
export type ModelEnd =
  | { readonly kind: 'answered'; readonly turn: ModelTurn }
  | { readonly kind: 'failed'; readonly code: string; readonly isFree: boolean }
  /** It may be charged all the same. */
  | { readonly kind: 'cancelled' };

/** Room for one answer, and what has to be called when it came or did not. */
export interface Account extends Reservation {
  readonly settle: (end: ModelEnd) => void;
}

export interface AccountParts {
  readonly session: Session;
  readonly prices: PriceList;
  /** Of all sessions. */
  readonly day: DaySpending;
  readonly ledger: Rows;
}

/** Reserves money for an answer, of the session and of the day, and records it; a text is why there is no room. */
export async function openAccount(
  purpose: 'turn' | 'summary' | 'sampling',
  { session, prices, day, ledger }: AccountParts,
  demand?: Demand,
): Promise<Account | string> {
  const at = new Date();
  const room = await day.reserve(at, (left) =>
    reserve(session.state, { prices, at, day: left, ...(demand && { demand }) }),
  );
  if (typeof room === 'string') return room;
  const { model } = session.state;
  const { most, maxTokens } = room;
  session.append({ kind: 'asked', most, for: purpose });
  const end = intent(ledger, { name: 'model', decision: { model, for: purpose, nanodollars: most } });
  const paidAt = new Date(session.state.asked?.at ?? at);
  return {
    ...{ most, maxTokens },
    settle: (how) => {
      if (how.kind !== 'answered') {
        const nanodollars = how.kind === 'failed' && how.isFree ? 0 : most;
        end({ decision: { model, ...how, nanodollars } });
        room.settle(nanodollars);
        return;
      }
      const { usage, stop } = how.turn;
      const nanodollars = prices.cost(usage, { model, at: paidAt });
      end({ decision: { model, kind: how.kind, stop, nanodollars }, usage: countsOf(usage) });
      room.settle(nanodollars ?? 0);
    },
  };
}

/** An answer that broke off, or never came, may be charged. */
export const isFree = ({ code }: ModelError): boolean => code !== 'broken' && code !== 'silent';

const countsOf = ({ input, cacheRead, cacheWrite, output }: ModelTurn['usage']): Record<string, number> => ({
  ...{ input, cacheRead, output },
  ...{ cacheWriteShort: cacheWrite.short, cacheWriteLong: cacheWrite.long },
});
