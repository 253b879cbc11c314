import { describe, expect, test } from 'vitest';
import { readFileSync } from 'node:fs';
import { ledgerRowSchema, openLedger, verifyLedgerText, type LedgerRow } from '../src/index.ts';
import { hashedLine } from '../src/hashed-line.ts';
import { origin, temporaryFolder } from './fixture.ts';

function ledgerText(): string {
  const ledger = openLedger({ folder: temporaryFolder(), ...origin });
  ledger.append({ phase: 'intent', name: 'key', decision: { allowed: true } });
  ledger.append({ phase: 'outcome', name: 'key', ref: 1, ms: 2 });
  ledger.append({ phase: 'note', name: 'revoked' });
  ledger.close();
  return readFileSync(ledger.path, 'utf8');
}

const replaceLine = (text: string, line: number, change: (line: string) => string): string =>
  text
    .split('\n')
    .map((content, index) => (index === line - 1 ? change(content) : content))
    .join('\n');

/** The row with its own, correct hash: what a forger who knows the format would write. */
function rehashed(line: string, change: Partial<LedgerRow>): string {
  const row = { ...ledgerRowSchema.parse(JSON.parse(line)), ...change };
  return hashedLine({ ...row, hash: undefined }, row.prev).line;
}

describe('the text of a ledger', () => {
  test('holds as it was written', () => {
    const text = ledgerText();
    const { hash: head } = ledgerRowSchema.parse(JSON.parse(text.split('\n')[2] ?? ''));
    expect(verifyLedgerText(text)).toEqual({ ok: true, rows: 3, head });
    expect(verifyLedgerText('')).toEqual({ ok: true, rows: 0, head: '0'.repeat(64) });
  });

  const changes: readonly [string, number, string, (text: string) => string][] = [
    ['a changed value', 1, 'hash does not match', (text) => text.replace('true', 'false')],
    ['a value that no row may have', 1, '✖', (text) => text.replace('"intent"', '"intend"')],
    ['an added member', 3, '✖', (text) => replaceLine(text, 3, (line) => line.replace('{', '{"a":1,'))],
    ['white space', 2, 'canonical', (text) => replaceLine(text, 2, (line) => line.replace(':', ': '))],
    [
      'a member said twice',
      2,
      'canonical',
      (text) => replaceLine(text, 2, (line) => line.replace('{', '{"ms":9,')),
    ],
    ['a line that is not JSON', 2, 'not JSON', (text) => replaceLine(text, 2, () => 'gone')],
    ['a removed first row', 1, 'seq is 2', (text) => text.slice(text.indexOf('\n') + 1)],
    ['a removed row', 2, 'seq is 3', (text) => text.split('\n').toSpliced(1, 1).join('\n')],
    ['two rows swapped', 1, 'seq is 2', (text) => text.replace(/^(.*)\n(.*)\n/, '$2\n$1\n')],
    [
      'a row hashed anew after a change',
      3,
      'prev is not the hash',
      (text) => replaceLine(text, 2, (line) => rehashed(line, { ms: 3 })),
    ],
    [
      'an outcome of something that was no intent',
      2,
      'ref 7 is not an intent',
      (text) => replaceLine(text, 2, (line) => rehashed(line, { ref: 7 })),
    ],
  ];
  test.each(changes)('is broken by %s, at line %i', (_change, line, problem, change) => {
    const verdict = verifyLedgerText(change(ledgerText()));
    expect(verdict).toMatchObject({ ok: false, rows: line - 1, broken: { line } });
    expect(verdict.broken?.problem).toContain(problem);
  });

  test('is broken by any one changed byte', () => {
    const text = ledgerText();
    const unnoticed: number[] = [];
    for (let at = 0; at < text.length; at++) {
      const changed = text.slice(0, at) + String.fromCharCode(text.charCodeAt(at) ^ 1) + text.slice(at + 1);
      const { ok, tornLine } = verifyLedgerText(changed);
      if (ok && tornLine === undefined) unnoticed.push(at);
    }
    expect(unnoticed).toEqual([]);
  });

  test('may end in a torn line, which is told apart from a broken one', () => {
    const text = ledgerText();
    for (const cut of [1, 2, 100]) {
      expect(verifyLedgerText(text.slice(0, -cut))).toMatchObject({ ok: true, rows: 2, tornLine: 3 });
    }
    const both = verifyLedgerText(text.slice(0, -1).replace('true', 'false'));
    expect(both).toMatchObject({ ok: false, rows: 0, broken: { line: 1 }, tornLine: 3 });
  });
});
