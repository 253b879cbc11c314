import type { CallOptions, CallOutcome, GatewayCall, Mode, Question } from '../gateway.ts';
import type { KnownTool } from '../catalog/known-tool.ts';

/** What decided about a call: a grant by its id, the mode, a rule, or what a person answered now. */
export type DecidedBy =
  | { readonly grant: string; readonly scope: string }
  | { readonly mode: Mode }
  | { readonly rule: 'own server' | 'list' }
  | { readonly person: 'once' | 'session' | 'always' | 'no' };

/** A call on its way through the policy. */
export interface PolicyCall extends GatewayCall {
  /** Undefined when no tool has the name. */
  readonly known: KnownTool | undefined;
  readonly options: CallOptions;
  /** For the record; the last one decided. */
  readonly decided: DecidedBy[];
}

/** A call whose tool is there. */
export interface KnownCall extends PolicyCall {
  readonly known: KnownTool;
}

export type Done = Extract<CallOutcome, { readonly kind: 'done' }>;

/** What is left to be timed and recorded. */
export type Result = Omit<Done, 'kind' | 'ms' | 'decision'>;

/** Does its part and hands the call on; what it throws ends the call. */
export type Step<C extends PolicyCall = KnownCall> = (
  call: C,
  next: () => Promise<Result>,
) => Promise<Result>;

/** The call was not made, and the model is told why. */
export class Refusal extends Error {
  override readonly name = 'Refusal';
  readonly code: string;

  constructor(code: string, message: string) {
    super(message);
    this.code = code;
  }
}

/** The call waits for a person; nothing was done. */
export class Parked extends Error {
  override readonly name = 'Parked';
  readonly question: Question;

  constructor(question: Question) {
    super('nobody is there to be asked');
    this.question = question;
  }
}

/** The call was allowed and made, or tried, and came to nothing. */
export class Failure extends Error {
  override readonly name = 'Failure';
  readonly code: string;

  constructor(code: string, message: string, cause?: unknown) {
    super(message, { cause });
    this.code = code;
  }
}

export const textResult = (text: string): Result => ({
  content: [{ type: 'text', text }],
  isError: false,
  code: null,
  tier: null,
});
