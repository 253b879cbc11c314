import { digestJson, isJson, type Json, type Ledger, type LedgerFields } from '@deskhand/run-ledger';

/** Where the host's own doings are recorded; those of servers are by their gateway. */
export type Rows = Pick<Ledger, 'append'>;

type Outcome = Pick<LedgerFields, 'decision' | 'usage' | 'resultSha256'>;

/** Writes the row before something is done; what comes back writes the one after it. @throws LedgerError */
export function intent(
  rows: Rows,
  fields: Pick<LedgerFields, 'name' | 'decision' | 'argsSha256'>,
): (outcome: Outcome) => void {
  const begun = performance.now();
  const { seq: ref } = rows.append({ phase: 'intent', ...fields });
  const { name } = fields;
  return (outcome) =>
    void rows.append({ phase: 'outcome', name, ref, ms: performance.now() - begun, ...outcome });
}

export const digestOf = (value: unknown): string => digestJson(jsonOf(value));

function jsonOf(value: unknown): Json {
  if (!isJson(value)) throw new TypeError('it is no JSON');
  return value;
}
