import { describe, expect, test } from 'vitest';
import { ledgerFieldsSchema, surelyFits, type LedgerFields } from '../src/row.ts';

const digest = 'a'.repeat(64);
const intent: LedgerFields = { phase: 'intent', name: 'left_click', argsSha256: digest };

/** Everything that one member may hold, good and bad. */
const VALUES: Readonly<Record<string, readonly unknown[]>> = {
  phase: ['intent', 'outcome', 'note', 'else', '', undefined, null, 1],
  name: ['x', '', 'x'.repeat(200), 'x'.repeat(201), undefined, null, 7, ['x'], {}],
  ref: [1, 0, -1, 1.5, Number.NaN, 2 ** 53, '1', null],
  decision: [null, 'x', 1, Number.NaN, [1, [2]], { a: { b: undefined } }, () => 1, new Date(), 1n, new Map()],
  argsSha256: [digest, digest.toUpperCase(), 'a', `${digest}\n`, '', null, 1, [digest]],
  resultSha256: [digest, 'z'.repeat(64), null],
  ms: [0, 1.5, -1, Number.POSITIVE_INFINITY, Number.NaN, '1', null],
  usage: [{ tokens: 1 }, { tokens: 'x' }, {}, null],
  session: ['s', '', 'x'.repeat(201), null, 5],
  actor: ['a', '', null],
  other: [1],
};

const fieldsWith = (member: string, value: unknown): LedgerFields =>
  Object.assign({ ...intent }, { [member]: value });

const cases = Object.entries(VALUES).flatMap(([member, values]) =>
  values.flatMap((value) =>
    [{}, { phase: 'outcome' }, { phase: 'outcome', ref: 3 }].map((more) =>
      Object.assign({ ...intent, ...more }, { [member]: value }),
    ),
  ),
);

describe('the quick look at fields', () => {
  test.each(cases)('says yes to nothing that the schema refuses: %o', (fields) => {
    const fits = ledgerFieldsSchema.safeParse(fields).success;
    if (!fits) expect(surelyFits(Object.assign({ ...intent }, fields))).toBe(false);
  });

  test('says yes to what servers write', () => {
    const rows = [
      intent,
      { ...intent, session: 's', actor: 'stdio' },
      fieldsWith('decision', { status: 'ok' }),
      {
        ...intent,
        phase: 'outcome',
        ref: 1,
        resultSha256: digest,
        ms: 2,
        decision: { status: 'ok' },
      } as const,
    ];
    expect(rows.map(surelyFits)).toEqual([true, true, true, true]);
  });
});
