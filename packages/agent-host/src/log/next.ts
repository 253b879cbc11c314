import type { Message } from '@deskhand/model';
import type { Happening, ParkReason } from './event.ts';
import { INTERRUPTED } from './reduce.ts';
import { sizeOf } from './size.ts';
import type { OpenCall, State } from './state.ts';

/** What a session needs next. */
export type Effect =
  | { readonly kind: 'ask' }
  /** Side by side. */
  | { readonly kind: 'call'; readonly calls: readonly OpenCall[] }
  | { readonly kind: 'clear'; readonly before: number }
  | { readonly kind: 'summarize'; readonly upTo: number }
  | { readonly kind: 'park'; readonly why: ParkReason; readonly message: string }
  /** The model has nothing to answer to. */
  | { readonly kind: 'idle' }
  | { readonly kind: 'parked'; readonly why: ParkReason; readonly message: string };

const MOST_FAILURES = 6;
const MOST_CUTS = 4;
const LONGEST_WAIT_MS = 60_000;
/** Of the window: where a session is shortened between two tasks, and where at once. */
const SOFT = 0.75;
const HARD = 0.9;
/** Messages that nothing is taken from. */
const KEPT = 6;
const LEAST_CLEARED_TOKENS = 2_000;

/** What to do next; the same for the same state. */
export function next(state: State): Effect {
  const { parked, open, failure, isDue, cuts, limits, spent } = state;
  if (parked !== null) return { kind: 'parked', ...parked };
  const calls = batchOf(open);
  if (calls.length > 0) return { kind: 'call', calls };
  if (open.some(({ phase }) => phase !== 'ended'))
    return { kind: 'park', why: 'question', message: 'A person has to answer.' };
  if (!isDue) return { kind: 'idle' };
  if (limits.turns !== null && spent.turns.length >= limits.turns)
    return { kind: 'park', why: 'turns', message: `The limit of ${limits.turns} turns is reached.` };
  if (cuts > MOST_CUTS)
    return {
      kind: 'park',
      why: 'cut',
      message: `${cuts} answers in a row were cut: the task may be too big.`,
    };
  if (failure?.wait === null || (failure?.count ?? 0) >= MOST_FAILURES)
    return { kind: 'park', why: 'fault', message: `${failure?.message ?? ''}. ${failure?.hint ?? ''}` };
  return shortened(state) ?? { kind: 'ask' };
}

/** How long to wait before the model is asked again, in milliseconds. */
export const waitAfter = (failures: number, retryAfter: number | null): number =>
  retryAfter ?? Math.min(LONGEST_WAIT_MS, 500 * 2 ** failures);

/** Calls that can be made now: all that only read up to the next that does not, or that one alone. */
function batchOf(open: readonly OpenCall[]): readonly OpenCall[] {
  const left = open.filter(({ phase }) => phase !== 'ended');
  const [first] = left;
  if (first === undefined || isBlocked(first)) return [];
  if (!first.isReadOnly) return [first];
  const end = left.findIndex((one) => !one.isReadOnly);
  return left.slice(0, end === -1 ? left.length : end).filter((one) => !isBlocked(one));
}

/** Waits for a person, or was begun by a host that is gone. */
const isBlocked = ({ question, phase, isReadOnly }: OpenCall): boolean =>
  question !== null || (phase === 'started' && !isReadOnly);

function shortened(state: State): Effect | null {
  const { size, head, pending, failure } = state;
  const isBetween = state.open.length === 0 && pending.length > 0;
  const isFull = size > head.window * (isBetween ? SOFT : HARD) || failure?.code === 'too_large';
  if (!isFull) return null;
  const last = state.messages.length;
  const before = last - KEPT;
  if (before > state.cleared && clearable(state.messages.slice(state.cleared, before)) > LEAST_CLEARED_TOKENS)
    return { kind: 'clear', before };
  const upTo = state.messages.findLastIndex(({ role }, at) => role === 'assistant' && at <= last - 2);
  if (upTo > 1) return { kind: 'summarize', upTo };
  return null;
}

const clearable = (messages: readonly Message[]): number =>
  messages.reduce((sum, { content }) => sum + sizeOf(content.filter((part) => part.type === 'result')), 0);

/** What has to be added to a session whose host is gone, so that each call has its result. */
export const repairs = ({ open }: State): readonly Happening[] =>
  open
    .filter(({ phase, isReadOnly }) => phase === 'started' && !isReadOnly)
    .map(({ call }) => ({
      ...{ kind: 'call-ended', id: call.id, isError: true, ms: 0, decision: 'interrupted' },
      ...{ content: [{ type: 'text', text: INTERRUPTED }], code: 'interrupted', tier: null },
    }));
