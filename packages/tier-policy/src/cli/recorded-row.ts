import { REASON_CODES, type Action, type AppGrant, type Decision } from '../decision.ts';
import type { AppIdentity } from '../identity.ts';
import { MODIFIERS, type KeyCombo } from '../key-combo.ts';
import type { RecordedDecision, RecordedRequest } from '../recorded-decision.ts';
import type { Subject } from '../subject.ts';
import { TIERS } from '../tier.ts';
import { isToolName } from '../tool-needs.ts';

type Fields = Readonly<Record<string, unknown>>;

const isObject = (value: unknown): value is Fields =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

const isText = (value: unknown): value is string => typeof value === 'string';

const isOneOf = (values: readonly string[], value: unknown): boolean =>
  isText(value) && values.includes(value);

const isListOf = (value: unknown, test: (item: unknown) => boolean): boolean =>
  Array.isArray(value) && value.every(test);

const isAbsentOr = (value: unknown, test: (item: unknown) => boolean): boolean =>
  value === undefined || test(value);

const isFlag = (value: unknown): boolean => typeof value === 'boolean';

const isIdentity = (value: unknown): value is AppIdentity =>
  isObject(value) &&
  isOneOf(['linux', 'macos', 'windows'], value['platform']) &&
  (value['executable'] === null || isText(value['executable'])) &&
  ['bundleId', 'flatpakId', 'snapId', 'cwd', 'startTime'].every((key) => isAbsentOr(value[key], isText)) &&
  isAbsentOr(value['argv'], (argv) => isListOf(argv, isText)) &&
  ['executableDeleted', 'isSelf'].every((key) => isAbsentOr(value[key], isFlag));

const isSubject = (value: unknown): value is Subject => {
  if (!isObject(value)) return false;
  if (value['kind'] === 'unknown') return isText(value['reason']);
  return (
    value['kind'] === 'app' &&
    isIdentity(value['app']) &&
    isAbsentOr(value['parent'], isSubject) &&
    isAbsentOr(value['hasTerminal'], isFlag)
  );
};

const isCombo = (value: unknown): value is KeyCombo =>
  isObject(value) &&
  isListOf(value['modifiers'], (modifier) => isOneOf(MODIFIERS, modifier)) &&
  (value['key'] === null || isText(value['key']));

const isAction = (value: unknown): value is Action =>
  isObject(value) &&
  isText(value['tool']) &&
  isToolName(value['tool']) &&
  isAbsentOr(value['combos'], (combos) => isListOf(combos, isCombo)) &&
  isAbsentOr(value['withModifiers'], isFlag);

const isGrant = (value: unknown): value is AppGrant =>
  isObject(value) &&
  isText(value['app']) &&
  isOneOf(['allow', 'deny'], value['decision']) &&
  isAbsentOr(value['tier'], (tier) => isOneOf(TIERS, tier)) &&
  isAbsentOr(value['flags'], (flags) => isObject(flags) && Object.values(flags).every(isFlag));

const isRequest = (value: unknown): value is RecordedRequest =>
  isObject(value) &&
  isAction(value['action']) &&
  isSubject(value['frontmost']) &&
  isAbsentOr(value['recipient'], (to) => isSubject(to) || isListOf(to, isSubject)) &&
  isListOf(value['grants'], isGrant);

const isOutcome = (value: unknown): value is Decision =>
  isObject(value) &&
  isOneOf(TIERS, value['tier']) &&
  isOneOf(TIERS, value['needed']) &&
  (value['allowed'] === true
    ? value['code'] === 'allowed'
    : value['allowed'] === false && isOneOf(REASON_CODES, value['code']));

const isRecordedDecision = (value: unknown): value is RecordedDecision =>
  isObject(value) && isRequest(value['request']) && isOutcome(value['outcome']);

/** One line of a ledger, as far as replay cares. */
export type LedgerLine =
  | { readonly kind: 'decision'; readonly seq: number | null; readonly decision: RecordedDecision }
  | { readonly kind: 'other' }
  | { readonly kind: 'malformed'; readonly message: string };

const parseJson = (text: string): unknown => {
  try {
    return JSON.parse(text);
  } catch {
    // Told from a valid row by its type.
    return undefined;
  }
};

/** Reads one line; a row without a recorded decision is `other`. */
export const readLedgerLine = (text: string): LedgerLine => {
  const row = parseJson(text);
  if (!isObject(row)) return { kind: 'malformed', message: 'not a JSON object' };
  if (!isOneOf(['intent', 'outcome', 'note'], row['phase'])) {
    return { kind: 'malformed', message: 'not a ledger row: no phase' };
  }
  const { decision, seq } = row;
  if (!isObject(decision) || !('request' in decision)) return { kind: 'other' };
  if (!isRecordedDecision(decision)) return { kind: 'malformed', message: 'not a recorded decision' };
  return { kind: 'decision', seq: typeof seq === 'number' ? seq : null, decision };
};
