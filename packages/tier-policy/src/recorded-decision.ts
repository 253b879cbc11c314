import { hostedProgram } from './interpreter.ts';
import type { Decision, DecisionRequest } from './decision.ts';
import type { AppIdentity } from './identity.ts';
import { characterOfKey, type KeyCombo } from './key-combo.ts';
import type { Subject } from './subject.ts';

/** A request without the policy, fit for JSON. */
export type RecordedRequest = Omit<DecisionRequest, 'policy'>;

/** What stands in the `decision` of a ledger row, so that the decision can be made again under another policy. */
export interface RecordedDecision {
  readonly request: RecordedRequest;
  readonly outcome: Decision;
}

/** A command line may hold secrets: only what a decision needs is kept. */
const withoutSecrets = (app: AppIdentity): AppIdentity => {
  const { argv, cwd, ...rest } = app;
  const program = hostedProgram(app);
  if (argv === undefined || program === null) return rest;
  return { ...rest, argv: program.argv, ...(cwd === undefined ? {} : { cwd }) };
};

const recordedSubject = (subject: Subject): Subject => {
  if (subject.kind === 'unknown') return subject;
  const { app, parent, ...rest } = subject;
  return {
    ...rest,
    app: withoutSecrets(app),
    ...(parent === undefined ? {} : { parent: recordedSubject(parent) }),
  };
};

/** A key that types a character is typed text, and recorded without saying which. */
const recordedCombo = (combo: KeyCombo): KeyCombo => {
  const isText = combo.modifiers.every((modifier) => modifier === 'shift');
  return isText && combo.key !== null && characterOfKey(combo.key) !== null
    ? { modifiers: [], key: null }
    : combo;
};

const isList = (recipient: Subject | readonly Subject[]): recipient is readonly Subject[] =>
  Array.isArray(recipient);

const recordedRecipient = (recipient: Subject | readonly Subject[]): Subject | readonly Subject[] =>
  isList(recipient) ? recipient.map(recordedSubject) : recordedSubject(recipient);

const recordedOutcome = (outcome: Decision): Decision =>
  outcome.allowed || outcome.app === null ? outcome : { ...outcome, app: withoutSecrets(outcome.app) };

/**
 * A decision for the ledger: without the policy, without typed characters, and without the command lines that
 * decide nothing.
 */
export const recordDecision = (request: DecisionRequest, outcome: Decision): RecordedDecision => {
  const { action, frontmost, recipient } = request;
  return {
    request: {
      action: {
        ...action,
        ...(action.combos === undefined ? {} : { combos: action.combos.map(recordedCombo) }),
      },
      frontmost: recordedSubject(frontmost),
      ...(recipient === undefined ? {} : { recipient: recordedRecipient(recipient) }),
      grants: request.grants,
    },
    outcome: recordedOutcome(outcome),
  };
};
