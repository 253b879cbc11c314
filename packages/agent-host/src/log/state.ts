import type { Answer, Question } from '@deskhand/gateway';
import type { Message, ModelUsage, Picture, Text, ToolCall, ToolResult } from '@deskhand/model';
import type { Limits, ParkReason, Started } from './event.ts';

/** A session as its events tell it. */
export interface State {
  readonly head: Omit<Started, 'kind'>;
  /** Which is asked next. */
  readonly model: string;
  readonly limits: Limits;
  /** Whole: calls and their results are pairs. */
  readonly messages: readonly Message[];
  /** Of the last turn, in its order. */
  readonly open: readonly OpenCall[];
  /** Goes into the next message of the user, after the results. */
  readonly pending: readonly (Text | Picture)[];
  /** The model has something to answer to. */
  readonly isDue: boolean;
  /** The question whose answer has not come, and nanodollars that it costs at most. */
  readonly asked: { readonly at: string; readonly most: number } | null;
  readonly parked: Parked | null;
  readonly failure: Failure | null;
  /** Answers in a row that were cut at the limit of tokens. */
  readonly cuts: number;
  readonly spent: Spent;
  /** Ids of all calls that there ever were. */
  readonly ids: ReadonlySet<string>;
  /** Tokens of the next request, about. */
  readonly size: number;
  /** Results before this message are no longer sent. */
  readonly cleared: number;
  readonly pinned: Pinned;
}

export interface OpenCall {
  readonly call: ToolCall;
  readonly isReadOnly: boolean;
  readonly phase: 'waiting' | 'started' | 'ended';
  readonly question: Question | null;
  /** How often its server began with it, where that may be more than once. */
  readonly begun: 'once' | 'twice' | null;
  readonly answer: Answer | null;
  /** To all questions of this call, by the ids of the questions: one call may have several. */
  readonly answers: Readonly<Record<string, Answer>>;
  readonly result: ToolResult | null;
}

interface Parked {
  readonly why: ParkReason;
  readonly message: string;
}

interface Failure {
  readonly code: string;
  readonly message: string;
  readonly hint: string;
  readonly wait: number | null;
  /** In a row. */
  readonly count: number;
}

export interface Spent {
  readonly turns: readonly {
    readonly at: string;
    readonly model: string;
    readonly usage: ModelUsage;
    /** That it called; none of words alone, or of a summary. */
    readonly tools: readonly string[];
  }[];
  /** Nanodollars that may have been charged for answers that never came. */
  readonly unsettled: number;
}

/** What stays word by word when a session is shortened. */
interface Pinned {
  /** Of the person, oldest first. */
  readonly words: readonly string[];
  /** What the person allowed and refused. */
  readonly decisions: readonly string[];
  /** As the model last put it down. */
  readonly plan: Readonly<Record<string, unknown>> | null;
}
