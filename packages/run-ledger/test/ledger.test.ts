import { chmodSync, chownSync, mkdirSync, readdirSync, readFileSync, statSync, symlinkSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, onTestFinished, test } from 'vitest';
import { z } from 'zod';
import { digestJson, ledgerRowSchema, openLedger, verifyLedgerText, type Ledger } from '../src/index.ts';
import { origin, temporaryFolder } from './fixture.ts';

const isRoot = process.geteuid?.() === 0;

function ledgerIn(folder: string): Ledger {
  const ledger = openLedger({ folder, ...origin });
  onTestFinished(() => ledger.close());
  return ledger;
}

const text = (ledger: Ledger): string => readFileSync(ledger.path, 'utf8');

describe('a ledger', () => {
  test('writes each row as one line of canonical JSON, chained to the row before', () => {
    const ledger = ledgerIn(temporaryFolder());
    const args = digestJson({ x: 1, y: 2 });
    const intent = ledger.append({ phase: 'intent', name: 'left_click', argsSha256: args });
    const outcome = ledger.append({
      phase: 'outcome',
      ref: intent.seq,
      name: 'left_click',
      decision: { allowed: false, code: 'not_granted' },
      ms: 1.25,
      usage: { characters: 3 },
    });
    expect(intent).toEqual({
      v: 1,
      seq: 1,
      ts: new Date(intent.ts).toISOString(),
      ...origin,
      phase: 'intent',
      name: 'left_click',
      argsSha256: args,
      prev: '0'.repeat(64),
      hash: intent.hash,
    });
    expect(outcome).toMatchObject({ seq: 2, ref: 1, prev: intent.hash });
    const lines = text(ledger).split('\n');
    expect(lines.pop()).toBe('');
    expect(lines.map((line) => ledgerRowSchema.parse(JSON.parse(line)))).toEqual([intent, outcome]);
    expect(verifyLedgerText(text(ledger))).toEqual({ ok: true, rows: 2, head: outcome.hash });
  });

  test('has a row in the file as soon as append returns', () => {
    const ledger = ledgerIn(temporaryFolder());
    for (let rows = 1; rows <= 3; rows++) {
      ledger.append({ phase: 'note', name: 'tick' });
      expect(verifyLedgerText(text(ledger)).rows).toBe(rows);
    }
  });

  test('files a row under the session that it names, and under that of the ledger otherwise', () => {
    const ledger = ledgerIn(temporaryFolder());
    expect(ledger.append({ phase: 'note', name: 'a', session: 'session-2' }).session).toBe('session-2');
    expect(ledger.append({ phase: 'note', name: 'b', session: undefined }).session).toBe('session-1');
    expect(verifyLedgerText(text(ledger)).ok).toBe(true);
  });

  test('lets a row name another actor than that of the ledger', () => {
    const ledger = ledgerIn(temporaryFolder());
    expect(ledger.append({ phase: 'note', name: 'a', actor: 'laptop' }).actor).toBe('laptop');
    expect(ledger.append({ phase: 'note', name: 'b', actor: undefined }).actor).toBe('agent');
    expect(verifyLedgerText(text(ledger)).ok).toBe(true);
  });

  test('takes any JSON as a decision, even with odd keys', () => {
    const ledger = ledgerIn(temporaryFolder());
    const decisions: readonly string[] = [
      'null',
      '"no"',
      '[1,[]]',
      '{"":{"é\\n":[true]}}',
      '{"__proto__":{"a":1}}',
      '{"b":1,"a":{"d":[{"f":1,"e":2}],"c":null}}',
      '{"10":1,"9":[{"hash":""}],"hash":"a"}',
    ];
    for (const decision of decisions) {
      ledger.append({ phase: 'note', name: 'decision', decision: z.json().parse(JSON.parse(decision)) });
    }
    expect(verifyLedgerText(text(ledger))).toMatchObject({ ok: true, rows: decisions.length });
  });

  test('takes digests and refuses anything else in their place', () => {
    const ledger = ledgerIn(temporaryFolder());
    const intent = { phase: 'intent', name: 'type' } as const;
    expect(() => ledger.append({ ...intent, argsSha256: 'hunter2' })).toThrow('SHA-256');
    const extra = { ...intent, text: 'hunter2' };
    expect(() => ledger.append(extra)).toThrow('text');
    expect(text(ledger)).toBe('');
    expect(ledger.append({ ...intent, argsSha256: digestJson('hunter2') }).seq).toBe(1);
  });

  test('refuses an outcome without its intent', () => {
    const ledger = ledgerIn(temporaryFolder());
    expect(() => ledger.append({ phase: 'outcome', name: 'wait' })).toThrow('seq of its intent');
    const { seq } = ledger.append({ phase: 'intent', name: 'wait' });
    expect(ledger.append({ phase: 'outcome', name: 'wait', ref: seq }).ref).toBe(1);
  });

  test('refuses rows after close, and may be closed twice', () => {
    const ledger = ledgerIn(temporaryFolder());
    ledger.append({ phase: 'note', name: 'last' });
    ledger.close();
    ledger.close();
    expect(() => ledger.append({ phase: 'note', name: 'late' })).toThrow('is closed');
    expect(verifyLedgerText(text(ledger)).rows).toBe(1);
  });
});

describe('the folder', () => {
  test('holds one private file per ledger, named by start time and process', () => {
    const folder = join(temporaryFolder(), 'state', 'ledger');
    const paths = [ledgerIn(folder).path, ledgerIn(folder).path];
    expect(new Set(paths).size).toBe(2);
    expect(
      readdirSync(folder)
        .map((name) => join(folder, name))
        .sort(),
    ).toEqual([...paths, join(folder, 'anchors.jsonl')].sort());
    expect(statSync(join(folder, 'anchors.jsonl')).mode & 0o777).toBe(0o600);
    for (const path of paths) {
      expect(path).toMatch(new RegExp(`/\\d{8}T\\d{9}Z-${process.pid}-[0-9a-f]{8}\\.jsonl$`));
      expect(statSync(path).mode & 0o777).toBe(0o600);
    }
    expect(statSync(folder).mode & 0o777).toBe(0o700);
  });

  test('is made private when others could read it', () => {
    const folder = temporaryFolder();
    chmodSync(folder, 0o755);
    ledgerIn(folder);
    expect(statSync(folder).mode & 0o777).toBe(0o700);
  });

  test('is refused when it is a link', () => {
    const folder = temporaryFolder();
    mkdirSync(join(folder, 'real'));
    symlinkSync(join(folder, 'real'), join(folder, 'link'));
    expect(() => openLedger({ folder: join(folder, 'link'), ...origin })).toThrow('is not a folder');
    expect(ledgerIn(join(folder, 'real')).append({ phase: 'note', name: 'a' }).seq).toBe(1);
  });

  test.runIf(isRoot)('is refused when it belongs to someone else', () => {
    const folder = temporaryFolder();
    chownSync(folder, 65534, 65534);
    expect(() => openLedger({ folder, ...origin })).toThrow('belongs to uid 65534');
    chownSync(folder, 0, 0);
    expect(ledgerIn(folder).append({ phase: 'note', name: 'a' }).seq).toBe(1);
  });
});
